//! Settings that are missing or cannot mean anything are refused before anything is sent.

use defender_xdr_auth_client_credentials::ENTRY;
use defender_xdr_core::settings::{SettingsError, find_key};

use crate::authority::{APPLICATION, Authority};

async fn refused(replaced: &[(&str, &str)]) -> SettingsError {
    let authority = Authority::start().await;
    authority.provider(authority.values_with(replaced)).expect_err("these settings cannot be used")
}

#[tokio::test]
async fn every_required_setting_is_named_when_it_alone_is_missing() {
    let required: Vec<_> = ENTRY.settings.iter().filter(|setting| setting.required).collect();
    assert_eq!(required.len(), 3);
    for setting in required {
        let error = refused(&[(setting.key, "")]).await;
        assert!(error.to_string().contains(&format!("`{}`", setting.key)), "{error}");
        assert!(error.to_string().contains(ENTRY.id), "{error}");
        let variable = format!("DEFENDER_XDR_{}", setting.key.to_uppercase().replace('-', "_"));
        assert!(error.hint().is_some_and(|hint| hint.contains(&variable)), "{:?}", error.hint());
    }
}

#[test]
fn every_setting_of_the_entry_is_a_known_key_with_help() {
    for setting in ENTRY.settings {
        assert!(find_key(setting.key).is_some(), "{}", setting.key);
        assert!(!setting.help.is_empty() && !setting.help.ends_with('.'), "{}", setting.key);
    }
    assert!(!ENTRY.capabilities.interactive && !ENTRY.capabilities.renewable);
    assert!(ENTRY.default_application_id.is_none());
}

#[tokio::test]
async fn a_name_for_many_tenants_is_refused() {
    for alias in ["organizations", "common", "consumers"] {
        let error = refused(&[("tenant-id", alias)]).await;
        assert!(error.to_string().contains("`tenant-id`") && error.to_string().contains(alias), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("GUID or domain")));
        assert_eq!(error.origin().map(ToString::to_string).as_deref(), Some("parameter tenant-id"));
    }
}

#[tokio::test]
async fn malformed_tenants_and_applications_are_described_with_their_key_and_not_repeated() {
    for tenant in ["contoso", "6f2c9a10-4b7d-4e3a-9c58", "a/../b.c", "a b.example", "?.example"] {
        let error = refused(&[("tenant-id", tenant)]).await;
        let told = error.to_string();
        let length = format!("{} characters", tenant.len());
        assert!(told.contains("`tenant-id`") && told.contains(&length), "{told}");
        assert!(tenant == "contoso" || !told.contains(tenant), "{told}");
    }
    for application in [
        "Aurora Automation",
        "a3c1e5d7",
        "a3c1e5d70b424f689e1a5d7c3b9f2e60",
        "{a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60}",
    ] {
        let error = refused(&[("application-id", application)]).await;
        let told = error.to_string();
        assert!(told.contains("`application-id`") && told.contains("no GUID"), "{told}");
        assert!(!told.contains(application), "{told}");
        assert!(error.hint().is_some_and(|hint| hint.contains("Application (client) ID")));
    }
}

#[tokio::test]
async fn letter_case_of_the_application_does_not_make_another_sign_in() {
    let authority = Authority::start().await;
    let lower = authority.provider(authority.values()).expect("good settings").cache_key();
    let upper = authority.values_with(&[("application-id", &APPLICATION.to_uppercase())]);
    assert_eq!(authority.provider(upper).expect("good settings").cache_key(), lower);
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused() {
    for host in
        ["http://login.example", "http://10.1.2.3:8080", "http://localhost.example", "ftp://127.0.0.1"]
    {
        let error = refused(&[("authority-host", host)]).await;
        assert!(error.to_string().contains("`authority-host`"), "{error}");
        assert!(error.to_string().contains("https"), "{error}");
    }
}

#[tokio::test]
async fn an_authority_is_scheme_and_host_only() {
    for host in ["https://login.example/tenant", "https://login.example/?a=b", "login.example", ""] {
        let authority = Authority::start().await;
        let values = authority.values_with(&[("authority-host", host), ("cloud", "custom")]);
        let error = authority.provider(values).expect_err("no authority");
        assert!(error.to_string().contains("`authority-host`"), "{host}: {error}");
    }
}

#[tokio::test]
async fn an_unknown_cloud_lists_those_there_are() {
    let error = refused(&[("cloud", "mars")]).await;
    for word in ["`mars`", "public", "gcc-high", "china", "custom"] {
        assert!(error.to_string().contains(word), "{error}");
    }
}
