//! The settings of one profile for the API that it does not name.

use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::http::Url;
use defender_xdr_core::settings::{SettingsError, Values};

/// The same settings for another API. What was set for the other one is left out: a scope, and an endpoint that is known
/// to speak it. A host that nobody knows may speak both.
pub(crate) fn settings_for(values: &Values, backend: Backend) -> Result<Values, SettingsError> {
    let mut values = values.clone();
    values.remove("scope");
    let root = values.root("endpoint")?.and_then(|root| Url::parse(root).ok());
    let speaks = root.as_ref().and_then(Url::host_str).and_then(Cloud::dialect_of);
    if speaks.is_some_and(|speaks| speaks != backend) {
        values.remove("endpoint");
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::Secret;
    use defender_xdr_core::settings::Origin;

    use super::*;

    fn left(endpoint: &str, backend: Backend) -> (Option<String>, Option<String>, Option<String>) {
        let mut values = Values::default();
        for (key, text) in [("endpoint", endpoint), ("scope", "some/.default"), ("tenant-id", "t.example")] {
            values.set(key, Secret::new(text.to_owned()), Origin::Default);
        }
        let left = settings_for(&values, backend).expect("settings");
        let text = |key: &str| left.text(key).map(str::to_owned);
        (text("endpoint"), text("scope"), text("tenant-id"))
    }

    #[test]
    fn a_scope_and_a_host_of_the_one_api_are_not_used_for_the_other() {
        let tenant = Some("t.example".to_owned());
        for (host, backend) in [
            ("https://graph.microsoft.com", Backend::Legacy),
            ("https://eu.api.security.microsoft.com", Backend::Graph),
        ] {
            assert_eq!(left(host, backend), (None, None, tenant.clone()), "{host}");
        }
        let host = "https://security.example";
        assert_eq!(left(host, Backend::Legacy), (Some(host.to_owned()), None, tenant));
    }
}
