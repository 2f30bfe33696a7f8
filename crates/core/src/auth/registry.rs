//! The flows of this program: collected at link time, sorted, checked for names used twice.

use std::collections::BTreeMap;

use super::entry::{ProviderEntry, Registered};
use crate::settings::{KNOWN_FLOWS, KnownFlow};

/// The flows of this program.
#[derive(Debug, Clone)]
pub struct Registry {
    entries: Vec<&'static ProviderEntry>,
}

/// Two entries claim one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two sign-in flows claim the name `{name}`: {first} and {second}")]
pub struct RegistryError {
    name: String,
    first: &'static str,
    second: &'static str,
}

/// No such flow, or not in this program.
#[derive(Debug, Clone)]
pub struct UnknownFlow {
    /// What was asked for.
    pub text: String,
    /// The ids this program has.
    pub available: Vec<&'static str>,
    /// The id that looks most like it.
    pub nearest: Option<&'static str>,
    /// A flow of the product that this program does not have.
    pub absent: Option<&'static KnownFlow>,
}

impl Registry {
    /// The flows linked into this program.
    ///
    /// # Errors
    /// When two of them claim one id or alias.
    pub fn linked() -> Result<Self, RegistryError> {
        Self::of(inventory::iter::<Registered>.into_iter().map(|registered| registered.0))
    }

    /// A registry of chosen entries, for programs that do not rely on the linker.
    ///
    /// # Errors
    /// When two of them claim one id or alias.
    pub fn of(entries: impl IntoIterator<Item = &'static ProviderEntry>) -> Result<Self, RegistryError> {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|entry| entry.id);
        let mut names = BTreeMap::new();
        for entry in &entries {
            let mut own: Vec<_> =
                entry.aliases.iter().chain([&entry.id, &entry.name]).map(|name| fold(name)).collect();
            own.sort();
            own.dedup();
            for name in own {
                if let Some(first) = names.insert(name.clone(), entry.id) {
                    return Err(RegistryError { name, first, second: entry.id });
                }
            }
        }
        Ok(Self { entries })
    }

    /// All entries, sorted by id.
    pub fn entries(&self) -> &[&'static ProviderEntry] {
        &self.entries
    }

    /// Finds a flow by id, name or alias, in any case, with or without "Flow".
    ///
    /// # Errors
    /// [`UnknownFlow`], with what would have worked.
    pub fn find(&self, text: &str) -> Result<&'static ProviderEntry, UnknownFlow> {
        let wanted = fold(text);
        let matches = |names: &[&str]| names.iter().any(|name| fold(name) == wanted);
        if let Some(entry) =
            self.entries.iter().find(|entry| matches(&[entry.id, entry.name]) || matches(entry.aliases))
        {
            return Ok(entry);
        }
        let known = KNOWN_FLOWS.iter().find(|flow| matches(&[flow.id]) || matches(flow.aliases));
        Err(UnknownFlow {
            text: text.to_owned(),
            available: self.entries.iter().map(|entry| entry.id).collect(),
            nearest: self.nearest(&wanted),
            absent: known,
        })
    }

    fn nearest(&self, wanted: &str) -> Option<&'static str> {
        self.entries
            .iter()
            .map(|entry| (strsim::jaro_winkler(&fold(entry.id), wanted), entry.id))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }
}

/// Letters and digits only, lower case, without a final "flow": `Device Code Flow` is `device-code`.
fn fold(name: &str) -> String {
    let mut folded: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if let Some(stem) = folded.strip_suffix("flow")
        && !stem.is_empty()
    {
        folded.truncate(stem.len());
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Capabilities, Identity};
    use crate::settings::SettingsError;

    const CAPABILITIES: Capabilities =
        Capabilities { interactive: false, identity: Identity::Application, renewable: false };

    const fn entry(id: &'static str, aliases: &'static [&'static str]) -> ProviderEntry {
        ProviderEntry {
            id,
            name: id,
            aliases,
            summary: "",
            capabilities: CAPABILITIES,
            settings: &[],
            default_application_id: None,
            build: |_| Err(SettingsError::new("not built in this test")),
        }
    }

    static SECRET: ProviderEntry = entry("client-credentials", &["Client Credentials"]);
    static DEVICE: ProviderEntry = entry("device-code", &["Device Code", "Phone"]);
    static CLASH: ProviderEntry = entry("telephone", &["phone flow"]);

    #[test]
    fn entries_are_sorted_whatever_the_link_order() {
        let registry = Registry::of([&DEVICE, &SECRET]).expect("no clash");
        let ids: Vec<_> = registry.entries().iter().map(|entry| entry.id).collect();
        assert_eq!(ids, ["client-credentials", "device-code"]);
    }

    #[test]
    fn a_name_used_twice_is_an_error() {
        let error = Registry::of([&DEVICE, &CLASH]).expect_err("both claim `phone`");
        assert_eq!(error.to_string(), "two sign-in flows claim the name `phone`: device-code and telephone");
    }

    #[test]
    fn case_blanks_and_the_word_flow_do_not_matter() {
        let registry = Registry::of([&DEVICE, &SECRET]).expect("no clash");
        for text in ["device-code", "Device Code", "DEVICE CODE FLOW", "deviceCode"] {
            assert_eq!(registry.find(text).expect("known").id, "device-code", "{text}");
        }
    }

    #[test]
    fn an_unknown_flow_names_what_would_work() {
        let registry = Registry::of([&SECRET]).expect("no clash");
        let typo = registry.find("client-credential").expect_err("a typo");
        assert_eq!(typo.nearest, Some("client-credentials"));
        assert!(typo.absent.is_none());
        let absent = registry.find("Cortex XSOAR App").expect_err("not linked");
        assert_eq!(absent.absent.and_then(|flow| flow.feature), Some("device-code"));
        assert_eq!(absent.available, ["client-credentials"]);
    }
}
