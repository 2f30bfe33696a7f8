//! Both generations of the form, every alias in its order.

use serde_json::json;

use super::*;

const OWN: &str = "11111111-2222-4333-8444-555555555555";
const URL: &str = "https://api.security.microsoft.com";

fn read_with(params: &Value, variables: &[(&str, &str)]) -> Result<Configured, String> {
    let ids = ["client-credentials", "cortex-xsoar-app", "device-code", "managed-identity"];
    let id = |name: &str| {
        let folded = name.to_ascii_lowercase().replace(' ', "-");
        let known = ids.into_iter().find(|id| folded.starts_with(id));
        known
            .or_else(|| folded.starts_with("azure").then_some("managed-identity"))
            .or_else(|| folded.starts_with("authorization-code").then_some("auth-code"))
            .ok_or_else(|| name.to_owned())
    };
    let mut params = params.as_object().expect("an object").clone();
    params.entry("base_url").or_insert_with(|| URL.into());
    let environment = variables.iter().copied().collect();
    read(&params, &environment, "2026-11-23T10:00:00Z".parse().expect("a time"), id)
}

fn values(params: &Value) -> Values {
    read_with(params, &[]).expect("readable").values
}

#[test]
fn an_application_is_needed() {
    assert_eq!(read_with(&json!({}), &[]).map(drop), Err("Application ID must be provided.".to_owned()));
    assert_eq!(
        read_with(&json!({ "creds_client_id": { "password": "" }, "app_id": null }), &[]).map(drop),
        Err("Application ID must be provided.".to_owned())
    );
    assert!(read_with(&json!({ "use_managed_identities": true }), &[]).is_ok());
}

#[test]
fn aliases_count_in_the_originals_order() {
    let all = json!({
        "creds_client_id": { "identifier": "x", "password": "first" }, "app_id": "second", "_app_id": "third",
        "creds_tenant_id": { "password": "t1" }, "tenant_id": "t2", "_tenant_id": "t3",
        "credentials": { "password": "s1" }, "enc_key": "s2", "client_credentials": true
    });
    let values_of = |params: &Value| {
        let values = values(params);
        ["application-id", "tenant-id", "client-secret"]
            .map(|key| values.text(key).unwrap_or_default().to_owned())
    };
    assert_eq!(values_of(&all), ["first", "t1", "s1"]);
    let mut older = all.clone();
    for key in ["creds_client_id", "creds_tenant_id", "credentials"] {
        older[key] = json!({ "identifier": "", "password": "" });
    }
    assert_eq!(values_of(&older), ["second", "t2", "s2"]);
    for key in ["app_id", "tenant_id", "enc_key"] {
        older[key] = Value::Null;
    }
    assert_eq!(values_of(&older), ["third", "t3", ""]);
}

#[test]
fn the_list_or_the_check_boxes_choose_the_flow() {
    for (params, flow) in [
        (json!({ "_app_id": CORTEX_APPLICATION }), "cortex-xsoar-app"),
        (json!({ "app_id": OWN }), "device-code"),
        (json!({ "app_id": OWN, "client_credentials": "yes" }), "client-credentials"),
        (
            json!({ "app_id": OWN, "client_credentials": true, "use_managed_identities": "true" }),
            "managed-identity",
        ),
        (json!({ "app_id": OWN, "auth_type": "Azure Managed Identities" }), "managed-identity"),
        (json!({ "app_id": OWN, "authentication_type": "Client Credentials Flow" }), "client-credentials"),
        (
            json!({ "app_id": OWN, "authentication_flow": "Device Code Flow", "client_credentials": true }),
            "device-code",
        ),
        (
            json!({ "app_id": OWN, "authentication_type": "Cortex App (Using Device Code Flow)" }),
            "cortex-xsoar-app",
        ),
        (
            json!({ "app_id": OWN, "authentication_type": "Cortex XSOAR App (Using Device Code Flow)" }),
            "cortex-xsoar-app",
        ),
    ] {
        assert_eq!(values(&params).text("authentication-flow"), Some(flow), "{params}");
    }
    let cortex = values(&json!({ "app_id": OWN, "authentication_type": "Cortex XSOAR App" }));
    assert_eq!(cortex.text("application-id"), None);
    assert!(read_with(&json!({ "app_id": OWN, "authentication_type": "Telepathy" }), &[]).is_err());
}

#[test]
fn a_refresh_token_behind_the_application_is_split_off() {
    let values =
        values(&json!({ "creds_client_id": { "password": format!("{CORTEX_APPLICATION}@1.Abc@d") } }));
    assert_eq!(values.text("application-id"), Some(CORTEX_APPLICATION));
    assert_eq!(values.text("refresh-token"), Some("1.Abc@d"));
    assert_eq!(values.text("authentication-flow"), Some("cortex-xsoar-app"));
}

#[test]
fn a_code_and_its_address_count_for_their_flow_alone() {
    for code in [
        json!({ "auth_code": { "identifier": "", "password": "1.Code" } }),
        json!({ "auth_code": "1.Code" }),
        json!({ "creds_auth_code": { "password": "1.Code" } }),
        json!({ "auth_code_creds": { "password": "1.Code" } }),
    ] {
        let mut form = code.clone();
        form["app_id"] = OWN.into();
        form["redirect_uri"] = "https://soc.example/back".into();
        let other = values(&form);
        assert_eq!((other.text("authorization-code"), other.text("redirect-uri")), (None, None));
        form["authentication_type"] = "Authorization Code Flow".into();
        let own = read_with(&form, &[("DEFENDER_XDR_REDIRECT_URI", "https://elsewhere.example")]);
        let own = own.expect("readable").values;
        assert_eq!(own.text("authentication-flow"), Some("auth-code"));
        assert_eq!(own.text("authorization-code"), Some("1.Code"), "{code}");
        assert_eq!(own.text("redirect-uri"), Some("https://soc.example/back"));
        form["redirect_uri"] = "".into();
        let own = read_with(&form, &[("DEFENDER_XDR_REDIRECT_URI", "https://elsewhere.example")]);
        assert_eq!(own.expect("readable").values.text("redirect-uri"), Some("https://elsewhere.example"));
    }
}

#[test]
fn a_certificate_counts_when_both_parts_are_there() {
    let key = "-----BEGIN PRIVATE KEY----- MIIE abc= -----END PRIVATE KEY-----";
    let both = values(&json!({ "app_id": OWN, "client_credentials": true, "enc_key": "s",
        "creds_certificate": { "identifier": "AB", "password": key } }));
    assert_eq!(
        both.text("private-key"),
        Some("-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----")
    );
    assert_eq!((both.text("certificate-thumbprint"), both.text("client-secret")), (Some("AB"), None));
    let old = values(&json!({ "app_id": OWN, "certificate_thumbprint": "CD", "private_key": "k" }));
    assert_eq!((old.text("certificate-thumbprint"), old.text("private-key")), (Some("CD"), Some("k")));
    let half =
        values(&json!({ "app_id": OWN, "certificate_thumbprint": "CD", "credentials": { "password": "s" } }));
    assert_eq!((half.text("certificate-thumbprint"), half.text("client-secret")), (None, Some("s")));
}

#[test]
fn the_environment_says_what_the_form_cannot_and_no_more() {
    let params = json!({ "app_id": OWN, "insecure": true, "proxy": false });
    let variables = [
        ("DEFENDER_XDR_AUTHORITY_HOST", "https://login.example"),
        ("DEFENDER_XDR_CA_FILE", "/ca.pem"),
        ("DEFENDER_XDR_APPLICATION_ID", "other"),
        ("DEFENDER_XDR_CLIENT_SECRET", "other"),
    ];
    let values = read_with(&params, &variables).expect("readable").values;
    assert_eq!(values.text("authority-host"), Some("https://login.example"));
    assert_eq!(values.text("ca-file"), Some("/ca.pem"));
    assert_eq!((values.text("application-id"), values.text("client-secret")), (Some(OWN), None));
    assert_eq!((values.text("insecure"), values.text("proxy")), (Some("true"), Some("none")));
}

#[test]
fn a_value_that_looks_like_a_reference_is_literal() {
    let values = values(&json!({ "app_id": OWN, "enc_key": "env:HOME" }));
    let secret = values.secret("client-secret").expect("readable").expect("set");
    assert!(matches!(secret, defender_xdr_core::settings::SecretReference::Literal(_)));
}

#[test]
fn check_boxes_are_read_as_the_platform_reads_them() {
    let problem = read_with(&json!({ "app_id": OWN, "insecure": "perhaps" }), &[]).map(drop);
    assert_eq!(problem, Err("insecure: Argument does not contain a valid boolean-like value".to_owned()));
    let managed = values(
        &json!({ "use_managed_identities": true, "managed_identities_client_id": { "password": OWN } }),
    );
    assert_eq!(managed.text("managed-identity-client-id"), Some(OWN));
}
