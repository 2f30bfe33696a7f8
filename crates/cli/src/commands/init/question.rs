//! What there is to ask about a flow, from its descriptor, and whether an answer will do. Pure.

use defender_xdr_core::auth::{ProviderEntry, SettingUse};
use defender_xdr_core::entra::{Tenant, is_guid};
use defender_xdr_core::http::check_root;
use defender_xdr_core::settings::{Values, find_key};

/// Asked about wherever a flow reads it, also if it could do without: who leaves it out signs in to any tenant.
const ALWAYS: &str = "tenant-id";

/// Words that stand for a source, where a secret is asked for.
const SOURCES: [&str; 2] = ["workload-identity", "github-actions"];

/// The settings to ask about, those that are needed first.
pub(super) fn asked(entry: &ProviderEntry) -> Vec<&'static SettingUse> {
    let mut needed: Vec<&'static SettingUse> =
        entry.settings.iter().filter(|setting| setting.required || setting.key == ALWAYS).collect();
    needed.sort_by_key(|setting| !setting.required);
    needed
}

/// Those that a flow needs and that are not set.
pub(super) fn missing(entry: &ProviderEntry, values: &Values) -> Vec<&'static SettingUse> {
    entry.settings.iter().filter(|setting| setting.required && values.get(setting.key).is_none()).collect()
}

/// Those that may complete a flow: neither asked about already nor set.
pub(super) fn others(entry: &ProviderEntry, values: &Values) -> Vec<&'static SettingUse> {
    let asked = asked(entry);
    let known = |setting: &&SettingUse| {
        values.get(setting.key).is_some() || asked.iter().any(|other| other.key == setting.key)
    };
    entry.settings.iter().filter(|setting| !known(setting)).collect()
}

/// Whether a key's value is a secret.
pub(super) fn is_secret(key: &str) -> bool {
    find_key(key).is_some_and(|key| key.secret)
}

/// The flag by which a script gives a setting.
pub(super) fn flag(key: &str) -> String {
    match key {
        "authentication-flow" => "--flow FLOW".to_owned(),
        "tenant-id" => "--tenant TENANT".to_owned(),
        "api" => "--api API".to_owned(),
        key if is_secret(key) => format!("--secret {key}=- (standard input) or --secret {key}=env:NAME"),
        key => format!("--set {key}=VALUE"),
    }
}

/// Where the Entra admin centre shows a value: names there are others, and one GUID looks like the other.
pub(super) fn portal_name(key: &str) -> Option<&'static str> {
    match key {
        "application-id" => {
            Some("application-id is \"Application (client) ID\" on the page of the app registration")
        }
        "tenant-id" => {
            Some("tenant-id is \"Directory (tenant) ID\" in the Entra admin centre, or the tenant's domain")
        }
        "client-secret" => {
            Some("client-secret is the \"Value\" of the secret; the \"Secret ID\" beside it is not")
        }
        _ => None,
    }
}

/// What is wrong with an answer; nothing of it is repeated.
pub(super) fn problem(key: &str, text: &str) -> Option<String> {
    let text = text.trim();
    match key {
        "application-id" if !is_guid(text) => {
            Some("it is a GUID: \"Application (client) ID\" on the page of the app registration".to_owned())
        }
        "tenant-id" => Tenant::parse(text).err().map(|problem| format!("it {problem}")),
        "authority-host" | "endpoint" => check_root(text).err().map(|problem| format!("it {problem}")),
        _ if text.is_empty() => Some("it is needed".to_owned()),
        _ => None,
    }
}

/// Whether the text names the place of a secret and is none itself.
pub(super) fn is_reference(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    matches!(scheme, Some("env" | "file" | "stored" | "keyring" | "command")) || SOURCES.contains(&text)
}

/// The name of a sealed secret: the profile and the key.
pub(super) fn stored_name(profile: Option<&str>, key: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let profile = profile.unwrap_or("default").to_ascii_lowercase();
    let profile: String = profile.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    format!("{profile}-{key}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::registry;

    fn entry(id: &str) -> &'static ProviderEntry {
        registry().ok().and_then(|registry| registry.find(id).ok()).expect("a flow")
    }

    fn keys(settings: &[&SettingUse]) -> Vec<&'static str> {
        settings.iter().map(|setting| setting.key).collect()
    }

    #[test]
    fn only_what_a_flow_needs_is_asked_about() {
        assert_eq!(keys(&asked(entry("client-credentials"))), ["tenant-id", "application-id"]);
        assert_eq!(keys(&asked(entry("device-code"))), ["application-id", "tenant-id"]);
        assert!(asked(entry("managed-identity")).is_empty());
        let given = Values::from_iter([("tenant-id", "contoso.example")]);
        assert_eq!(keys(&missing(entry("client-credentials"), &given)), ["application-id"]);
        assert!(keys(&others(entry("client-credentials"), &given)).contains(&"client-secret"));
    }

    #[test]
    fn answers_are_checked_and_not_repeated() {
        assert!(problem("application-id", "planted").is_some_and(|text| !text.contains("planted")));
        assert!(problem("tenant-id", "planted~Q").is_some_and(|text| !text.contains("planted")));
        assert!(problem("endpoint", "http://planted.example").is_some_and(|text| !text.contains("planted")));
        assert_eq!(problem("tenant-id", "contoso.onmicrosoft.com"), None);
        assert_eq!(problem("certificate", "/etc/app.pem"), None);
        assert!(problem("certificate", " ").is_some());
    }

    #[test]
    fn a_secret_is_named_after_profile_and_key() {
        assert_eq!(stored_name(None, "client-secret"), "default-client-secret");
        assert_eq!(stored_name(Some("Contoso EU"), "client-secret"), "contoso-eu-client-secret");
    }

    #[test]
    fn references_are_told_from_secrets() {
        assert!(is_reference("env:X") && is_reference("github-actions") && !is_reference("8Q~abc:def"));
        assert!(flag("client-secret").contains("--secret") && flag("scope").contains("--set scope="));
    }
}
