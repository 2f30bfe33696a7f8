//! Takes from a command every variable that could change what the product does on this machine.

use std::process::Command;

/// Trust roots, proxies and our own or Azure's settings: tests must not depend on the machine's.
const NAMES: [&str; 5] =
    ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
const PREFIXES: [&str; 4] = ["DEFENDER_XDR_", "AZURE_", "MSI_", "IDENTITY_"];
/// Both `https_proxy` and `HTTPS_PROXY` are read, depending on the program.
const PROXY_SUFFIX: &str = "_proxy";

fn is_removed(name: &str) -> bool {
    NAMES.contains(&name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.to_ascii_lowercase().ends_with(PROXY_SUFFIX)
}

/// Removes them from what `command` would inherit. Variables set on the command afterwards stay.
pub(crate) fn apply(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_removed) {
            command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::is_removed;

    #[test]
    fn settings_trust_roots_and_proxies_of_the_machine_are_removed() {
        for name in [
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "HTTPS_PROXY",
            "no_proxy",
            "DEFENDER_XDR_TENANT_ID",
            "AZURE_CLIENT_ID",
            "MSI_ENDPOINT",
            "IDENTITY_HEADER",
        ] {
            assert!(is_removed(name), "{name}");
        }
    }

    #[test]
    fn what_a_build_needs_stays() {
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR", "TERM", "PROXY_LESS"] {
            assert!(!is_removed(name), "{name}");
        }
    }
}
