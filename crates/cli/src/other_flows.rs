//! The way out when one flow is refused: commands of other flows that this program has.

use defender_xdr_core::auth::{ProviderEntry, Registry};

/// Names the flows of `wanted` that the registry has, but for those that sign in as `current` does.
pub(crate) fn name(wanted: &[&str], current: &ProviderEntry, registry: &Registry) -> Option<String> {
    let known: Vec<_> = wanted
        .iter()
        .filter(|id| **id != current.id)
        .filter_map(|id| registry.entries().iter().find(|entry| entry.id == *id))
        .map(|entry| command(entry))
        .collect();
    let text = known.join(", or ");
    // The application that this flow brings has neither a secret nor a page to come back to.
    let own = if current.default_application_id.is_some() { ", with an application of your own" } else { "" };
    (!known.is_empty()).then(|| format!("{text}{own}"))
}

fn command(entry: &ProviderEntry) -> String {
    if entry.capabilities.interactive {
        format!("`defender-xdr auth login --flow {}` ({})", entry.id, entry.summary)
    } else {
        let required: Vec<_> =
            entry.settings.iter().filter(|setting| setting.required).map(|setting| setting.key).collect();
        let needs = if required.is_empty() {
            String::new()
        } else {
            format!("; it needs `{}`", required.join("`, `"))
        };
        format!("`defender-xdr auth test --flow {}`, which signs in without a person{needs}", entry.id)
    }
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::auth::{Capabilities, Identity, SettingUse};
    use defender_xdr_core::settings::SettingsError;

    use super::*;

    const fn entry(id: &'static str, interactive: bool, settings: &'static [SettingUse]) -> ProviderEntry {
        ProviderEntry {
            id,
            name: id,
            aliases: &[],
            summary: "in some way",
            capabilities: Capabilities { interactive, identity: Identity::Delegated, renewable: false },
            settings,
            default_application_id: None,
            build: |_| Err(SettingsError::new("never built")),
        }
    }

    static ASKING: ProviderEntry = entry("asking", true, &[]);
    static BROWSER: ProviderEntry = entry("browser", true, &[]);
    static ALONE: ProviderEntry =
        entry("alone", false, &[SettingUse { key: "application-id", required: true, help: "" }]);

    #[test]
    fn only_flows_of_this_program_are_named_and_never_the_one_that_was_refused() {
        let registry = Registry::of([&ASKING, &BROWSER, &ALONE]).expect("no clash");
        let named = name(&["browser", "absent", "alone", "asking"], &ASKING, &registry).expect("two");
        assert!(named.contains("`defender-xdr auth login --flow browser` (in some way), or "), "{named}");
        assert!(named.contains("`defender-xdr auth test --flow alone`"), "{named}");
        assert!(named.contains("`application-id`") && !named.contains("absent"), "{named}");
        assert!(!named.contains("asking") && !named.contains("your own"), "{named}");
        assert_eq!(name(&["absent"], &ASKING, &registry), None);
    }
}
