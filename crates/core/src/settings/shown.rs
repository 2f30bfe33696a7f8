//! What people may see of a setting's text. Secrets get pasted into the wrong line: what does not look like what
//! it should be is described, not repeated.

use super::keys::find_key;
use crate::entra::{Tenant, is_guid};
use crate::http::{check_root, without_userinfo};

/// Longer words than any choice has are no slips of the finger.
const LONGEST_WORD: usize = 24;

/// The value of a setting, without any secret that it is or holds.
pub fn shown(key: &str, text: &str) -> String {
    let hidden = || "(hidden)".to_owned();
    if find_key(key).is_none_or(|key| key.secret) {
        return match text.split_once(':') {
            Some(("env" | "file" | "stored" | "keyring", _)) => text.to_owned(),
            Some(("command", rest)) => {
                format!("command:{} (arguments hidden)", rest.split_whitespace().next().unwrap_or_default())
            }
            _ => hidden(),
        };
    }
    let plausible = match key {
        "application-id" => is_guid(text),
        "tenant-id" => Tenant::parse(text).is_ok(),
        // The key itself may stand where its source should.
        "sealing-key-source" | "token-store" => quoted_word(text).starts_with('`'),
        "authority-host" | "endpoint" => check_root(text).is_ok(),
        "proxy" => return if text.contains('@') { without_userinfo(text) } else { text.to_owned() },
        _ => !holds_private_key(text),
    };
    if plausible { text.to_owned() } else { format!("(hidden: {})", described(text)) }
}

/// How a text looks, for messages that must not repeat it: "40 characters".
pub(crate) fn described(text: &str) -> String {
    match text.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}

/// A mistyped word or number in quotes; anything else is described.
pub fn quoted_word(text: &str) -> String {
    let word = text.len() <= LONGEST_WORD
        && (text.chars().all(|c| c.is_ascii_alphabetic() || " -_".contains(c))
            || text.chars().all(|c| c.is_ascii_digit() || "-.".contains(c)));
    if word { format!("`{text}`") } else { format!("a text of {}", described(text)) }
}

/// Whether a text is PEM, or part of it.
pub(crate) fn holds_private_key(text: &str) -> bool {
    text.contains("-----BEGIN") || text.contains("PRIVATE KEY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_look_like_its_key_is_not_repeated() {
        for (key, text) in [
            ("tenant-id", "planted~Q7.very-secret"),
            ("application-id", "planted"),
            ("endpoint", "https://graph.example/?sig=planted"),
            ("authority-host", "https://planted:planted@login.example"),
            ("proxy", "http://user:planted@proxy.example:3128"),
            ("certificate", "-----BEGIN PRIVATE KEY-----planted"),
            ("sealing-key-source", "planted+base64/planted+base64="),
            ("sealing-passphrase", "planted"),
            ("client-secret", "planted"),
            ("client-secret", "command:pass planted"),
        ] {
            let shown = shown(key, text);
            assert!(!shown.contains("planted"), "{key}: {shown}");
        }
    }

    #[test]
    fn what_does_is() {
        for (key, text) in [
            ("tenant-id", "contoso.onmicrosoft.com"),
            ("application-id", "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60"),
            ("endpoint", "https://graph.microsoft.com"),
            ("proxy", "http://proxy.example:3128"),
            ("certificate", "/etc/app.pem"),
            ("client-secret", "env:SECRET"),
            ("sealing-key-source", "systemd"),
        ] {
            assert_eq!(shown(key, text), text);
        }
    }

    #[test]
    fn words_are_quoted_and_other_texts_counted() {
        assert_eq!(quoted_word("geo-us"), "`geo-us`");
        assert_eq!(quoted_word("-5"), "`-5`");
        assert_eq!(quoted_word("hush8Q~"), "a text of 7 characters");
        assert_eq!(quoted_word(&"a".repeat(25)), "a text of 25 characters");
    }
}
