//! Every settings key, in one table: help, validation, documentation and variable names come from it.

/// A settings key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Kebab-case name.
    pub name: &'static str,
    /// Whether its value is a secret: refused on the command line, never shown.
    pub secret: bool,
    /// What it is, as one sentence without a full stop.
    pub help: &'static str,
}

const fn plain(name: &'static str, help: &'static str) -> Key {
    Key { name, secret: false, help }
}

const fn secret(name: &'static str, help: &'static str) -> Key {
    Key { name, secret: true, help }
}

/// All keys, sorted by name. Keys of flows that a build lacks are known too, so that one file serves every build.
pub const KEYS: &[Key] = &[
    plain(
        "account",
        "Account to sign in, such as name@example.org: keeps the sign-ins of several people apart",
    ),
    plain("api", "Which API to speak: graph or legacy"),
    plain("application-id", "Application (client) ID of the app registration, a GUID"),
    plain("authentication-flow", "How to sign in; `auth flows` lists the choices"),
    plain("authority-host", "Sign-in host of a custom cloud, such as https://login.example"),
    secret("authorization-code", "Authorization code for the auth-code flow"),
    plain("ca-file", "PEM certificates to trust beside the system's"),
    plain("certificate", "Certificate of the application: a path to a PEM file or a secret reference"),
    plain("certificate-thumbprint", "Thumbprint of the certificate: 40 hex digits (SHA-1) or 64 (SHA-256)"),
    secret("client-secret", "Client secret of the application, or a reference to it"),
    plain("cloud", "public, geo-us, geo-eu, geo-uk, gcc, gcc-high, dod, china or custom"),
    plain("endpoint", "Root of the API, without version; set it for a custom cloud"),
    secret(
        "federated-token",
        "Token of an issuer the application trusts: a reference, workload-identity or github-actions",
    ),
    plain("insecure", "true accepts any TLS certificate: for a broken test set-up only"),
    plain(
        "managed-identity-client-id",
        "Client ID of a user-assigned managed identity; none or SYSTEM_ASSIGNED for the host's own",
    ),
    plain("managed-identity-object-id", "Object (principal) ID of a user-assigned managed identity"),
    plain("managed-identity-resource-id", "Azure resource ID of a user-assigned managed identity"),
    plain(
        "managed-identity-source",
        "auto, imds, app-service, machine-learning, arc, cloud-shell or workload-identity",
    ),
    plain(
        "on-retirement",
        "warn (default), or fail: from 14 days before the end of the API in use, commands end with exit code 3",
    ),
    secret(
        "previous-sealing-passphrase",
        "The sealing passphrase before the present one, for `auth rotate-key --from passphrase`",
    ),
    secret("private-key", "Private key of the certificate: a path to a PEM file or a secret reference"),
    secret("private-key-passphrase", "Passphrase of an encrypted private key, or a reference to it"),
    plain("proxy", "system, none, or the address of a proxy"),
    plain(
        "quota",
        "documented (default) keeps the documented limits of calls before the service refuses; observed waits only when it does",
    ),
    plain("redirect-uri", "Redirect URI registered for the auth-code flow"),
    plain(
        "retirements-file",
        "A calendar of retirements in place of the one that comes with the program, should a date move",
    ),
    plain(
        "retry-budget",
        "Seconds one command may spend on tries that failed and the pauses after them (default 120)",
    ),
    plain("scope", "Scope to ask for instead of the one that API and cloud imply"),
    plain(
        "sealing-key-source",
        "Where the key that seals tokens comes from: file (default), environment, systemd, passphrase or keyring",
    ),
    secret("sealing-passphrase", "Passphrase that the sealing key is made from, or a reference to it"),
    plain("tenant-id", "Tenant GUID or domain"),
    plain("timeout", "Seconds one request may take (default 30)"),
    plain("token-store", "Where tokens rest: sealed (default) in files, or memory, which nothing outlives"),
    plain("use-managed-identities", "true selects the managed-identity flow"),
];

inventory::collect!(Key);

/// Adds a settings key that a flow outside this workspace brings along: from then on it is read from files, the
/// environment and flags, checked and listed like every other.
///
/// Give it a name of its own: one of [`KEYS`] wins over it.
#[macro_export]
macro_rules! register_setting {
    ($key:expr) => {
        $crate::__private::inventory::submit! { $key }
    };
}

/// All keys that this program knows: the table, then what flows of others brought along.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().chain(inventory::iter::<Key>)
}

/// Looks a key up.
pub fn find_key(name: &str) -> Option<&'static Key> {
    keys().find(|key| key.name == name)
}

/// The key that looks most like `name`, when one does.
pub fn nearest_key(name: &str) -> Option<&'static str> {
    keys()
        .map(|key| (strsim::jaro_winkler(key.name, name), key.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_kebab_case_and_explained() {
        assert!(KEYS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for key in KEYS {
            assert!(key.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", key.name);
            assert!(!key.help.is_empty() && !key.help.ends_with('.'), "{}", key.name);
        }
    }

    #[test]
    fn a_typo_finds_its_key() {
        assert_eq!(nearest_key("client-secrt"), Some("client-secret"));
        assert_eq!(nearest_key("tenant"), Some("tenant-id"));
        assert_eq!(nearest_key("zzz"), None);
    }
}
