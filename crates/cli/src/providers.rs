//! The sign-in flows of this build: the one file that names them. A crate that nobody names is silently not
//! linked (rust-lang/rust 47384), so its flows would be missing without a word; a test compares the registry with the features.

#[cfg(feature = "auth-code")]
use defender_xdr_auth_auth_code as _;
#[cfg(feature = "client-credentials")]
use defender_xdr_auth_client_credentials as _;
#[cfg(feature = "device-code")]
use defender_xdr_auth_device_code as _;
#[cfg(feature = "managed-identity")]
use defender_xdr_auth_managed_identity as _;

#[cfg(test)]
mod tests {
    use defender_xdr_core::auth::Registry;
    use defender_xdr_core::settings::KNOWN_FLOWS;

    #[test]
    fn each_feature_registers_its_flows() {
        let linked: Vec<_> =
            Registry::linked().expect("no clash").entries().iter().map(|entry| entry.id).collect();
        let expected: Vec<_> = KNOWN_FLOWS
            .iter()
            .filter(|flow| match flow.feature {
                Some("auth-code") => cfg!(feature = "auth-code"),
                Some("client-credentials") => cfg!(feature = "client-credentials"),
                Some("device-code") => cfg!(feature = "device-code"),
                Some("managed-identity") => cfg!(feature = "managed-identity"),
                Some(other) => panic!("the feature `{other}` is not in this test"),
                None => false,
            })
            .map(|flow| flow.id)
            .collect();
        assert_eq!(linked, expected);
    }

    #[test]
    fn every_key_a_flow_reads_is_known() {
        for entry in Registry::linked().expect("no clash").entries() {
            for setting in entry.settings {
                assert!(defender_xdr_core::settings::find_key(setting.key).is_some(), "{}", setting.key);
            }
        }
    }
}
