//! The page a person opens.

use crate::tenant::*;

#[tokio::test]
async fn a_person_enters_the_code_sees_who_asks_and_approves() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    let first = tenant.get("/device").await;
    assert!(first.text.contains("<label for=\"user_code\">") && !first.text.contains("<script"));
    assert!(first.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    // Typed as people do: lower case, with a hyphen.
    let typed = format!("{}-{}", &user_code[..4], &user_code[4..]).to_lowercase();
    let asked = tenant.post("/device", &[("user_code", &typed)]).await;
    assert!(asked.text.contains("Cortex XSOAR") && asked.text.contains("Aurora Lab"), "{}", asked.text);
    assert!(asked.text.contains("Noor Vale"));
    let form =
        [("user_code", user_code.as_str()), ("person", "mika@aurora-lab.example"), ("decision", "approve")];
    assert!(tenant.post("/device", &form).await.text.contains("You are signed in"));
    let answer = tenant.poll(CORTEX_APP, &device_code).await;
    assert_eq!(claims(&answer.member("access_token"))["upn"], "mika@aurora-lab.example");
    let again = tenant.post("/device", &form).await;
    assert!(again.status == 400 && again.text.contains("AADSTS90120"));
}

#[tokio::test]
async fn a_person_declines() {
    let tenant = Tenant::start().await;
    let (user_code, device_code) = tenant.start_device_code(CORTEX_APP, LEGACY).await;
    tenant.post("/device", &[("user_code", &user_code), ("decision", "decline")]).await;
    assert_eq!(tenant.poll(CORTEX_APP, &device_code).await.refusal().1, "authorization_declined");
}

#[tokio::test]
async fn a_wrong_code_is_said_aloud_and_never_becomes_markup() {
    let tenant = Tenant::start().await;
    let answer = tenant.post("/device", &[("user_code", "\"><script>alert(1)</script>")]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("role=\"alert\"") && answer.text.contains("AADSTS90119"));
    assert!(!answer.text.contains("<script") && answer.text.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn an_account_of_another_tenant_is_turned_away() {
    let tenant = Tenant::start().await;
    let path = "/borealis-lab.example/oauth2/v2.0/devicecode";
    let user_code =
        tenant.post(path, &[("client_id", CORTEX_APP), ("scope", LEGACY)]).await.member("user_code");
    let form =
        [("user_code", user_code.as_str()), ("person", "dana@aurora-lab.example"), ("decision", "approve")];
    let answer = tenant.post("/device", &form).await;
    assert!(answer.text.contains("AADSTS50020") && answer.text.contains("Borealis Lab"));
}
