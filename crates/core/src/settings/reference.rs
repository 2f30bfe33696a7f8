//! How a setting names a secret: the secret itself, or where to find it.

use std::path::{Path, PathBuf};

use super::error::SettingsError;
use super::origin::Origin;
use super::value::Value;
use crate::Secret;

/// A secret, or where to find it.
#[derive(Debug, Clone)]
pub enum SecretReference {
    /// The secret itself.
    Literal(Secret),
    /// `env:NAME`, a variable.
    Environment(String),
    /// `file:PATH`; one trailing newline is cut.
    File(PathBuf),
    /// `stored:NAME`, a record of the sealed store.
    Stored(String),
    /// `keyring:NAME`, an entry of the operating system's keyring, with the service `defender-xdr`.
    #[cfg(feature = "keyring")]
    Keyring(String),
    /// `command:ARGV`, the output of a program; no shell is involved.
    Command(Vec<String>),
}

/// The words before the colon.
const SCHEMES: [&str; 5] = ["env", "file", "stored", "keyring", "command"];

/// A path for messages: a relative one says what it is relative to.
pub(crate) fn told(path: &Path) -> String {
    match std::path::absolute(path) {
        Ok(absolute) if path.is_relative() => {
            format!("{} (`{}` from the current directory)", absolute.display(), path.display())
        }
        _ => path.display().to_string(),
    }
}

impl SecretReference {
    /// Reads a setting's text by the rules of the place it came from.
    pub(super) fn parse(key: &str, value: &Value) -> Result<Self, SettingsError> {
        let text = value.text.expose();
        let fail = |message: String, hint: &str| {
            Err(SettingsError::new(message).with_origin(value.origin.clone()).with_hint(hint))
        };
        if matches!(value.origin, Origin::Parameter(_)) {
            return Ok(Self::Literal(value.text.clone()));
        }
        let Some((scheme, rest)) = text.split_once(':') else {
            return Self::literal(key, value);
        };
        let rest = rest.trim();
        match scheme {
            "env" | "file" | "stored" | "keyring" | "command" if rest.is_empty() => fail(
                format!("`{key}` names nothing after `{scheme}:`"),
                "name a variable, a path, a record, an entry or a program",
            ),
            "env" => Ok(Self::Environment(rest.to_owned())),
            "file" => Ok(Self::File(PathBuf::from(rest))),
            "stored" => Ok(Self::Stored(rest.to_owned())),
            #[cfg(feature = "keyring")]
            "keyring" => Ok(Self::Keyring(rest.to_owned())),
            #[cfg(not(feature = "keyring"))]
            "keyring" => fail(
                format!(
                    "`{key}` names a keyring entry, and this program was built without the feature `keyring`"
                ),
                "build it with that feature (cargo build --features keyring), or use `file:PATH` or `env:NAME`",
            ),
            "command" => match &value.origin {
                Origin::File { trusted: true, .. } => match shlex::split(rest) {
                    Some(words) if !words.is_empty() => Ok(Self::Command(words)),
                    _ => fail(format!("`{key}` names a command with an open quote"), "close the quote"),
                },
                Origin::File { .. } => fail(
                    format!("`{key}` names a command in a file that another user owns or can change"),
                    "make the file yours and writable by you alone: chmod go-w FILE",
                ),
                _ => fail(
                    format!("`{key}` names a command outside a settings file"),
                    "put `command:` into a settings file of yours, or use `env:` or `file:`",
                ),
            },
            other if SCHEMES.contains(&other.to_ascii_lowercase().as_str()) => fail(
                format!("`{key}` begins with `{other}:`, which is no reference in this spelling"),
                &format!("write `{}:` in lower case", other.to_ascii_lowercase()),
            ),
            _ => Self::literal(key, value),
        }
    }

    fn literal(key: &str, value: &Value) -> Result<Self, SettingsError> {
        if let Origin::File { private: false, .. } = value.origin {
            return Err(SettingsError::new(format!(
                "`{key}` holds a secret in a file that other users can read"
            ))
            .with_origin(value.origin.clone())
            .with_hint(
                "chmod 600 the file, or refer to the secret: `file:PATH`, `env:NAME`, `stored:NAME`",
            ));
        }
        Ok(Self::Literal(value.text.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(trusted: bool, private: bool) -> Origin {
        Origin::File { path: "settings".into(), line: 1, trusted, private }
    }

    fn parse(text: &str, origin: Origin) -> Result<SecretReference, SettingsError> {
        SecretReference::parse("client-secret", &Value { text: Secret::new(text), origin })
    }

    #[test]
    fn references_are_told_from_literals() {
        let env = Origin::Environment("X".into());
        assert!(matches!(parse("env:A", env.clone()), Ok(SecretReference::Environment(name)) if name == "A"));
        assert!(
            matches!(parse("file:/a b", env.clone()), Ok(SecretReference::File(path)) if path.as_os_str() == "/a b")
        );
        assert!(matches!(parse("stored:a", env.clone()), Ok(SecretReference::Stored(_))));
        assert!(matches!(parse("a:b", env.clone()), Ok(SecretReference::Literal(_))));
        assert!(matches!(parse("plain", env), Ok(SecretReference::Literal(_))));
    }

    #[test]
    fn a_command_may_stand_only_in_a_file_that_nobody_else_can_change() {
        assert!(
            matches!(parse("command:pass 'a b'", file(true, true)), Ok(SecretReference::Command(words)) if words == ["pass", "a b"])
        );
        assert!(parse("command:pass", file(false, true)).is_err());
        assert!(parse("command:pass", Origin::Environment("X".into())).is_err());
    }

    #[test]
    fn a_literal_in_a_file_that_others_can_read_is_refused_without_showing_it() {
        let error = parse("planted", file(true, false)).expect_err("exposed");
        assert!(!error.to_string().contains("planted"));
        assert!(parse("planted", file(true, true)).is_ok());
        assert!(parse("env:A", file(true, false)).is_ok());
    }

    #[test]
    fn a_reference_in_capitals_is_no_secret() {
        for text in ["ENV:HOME", "Env:HOME", "FILE:/x", "Command:pass"] {
            let error = parse(text, file(true, true)).expect_err("a slip");
            assert!(error.hint().is_some_and(|hint| hint.contains("lower case")), "{error:?}");
        }
    }

    #[cfg(not(feature = "keyring"))]
    #[test]
    fn without_the_feature_a_keyring_entry_is_refused_and_the_feature_named() {
        let error = parse("keyring:a", file(true, true)).expect_err("not in this build");
        assert!(error.to_string().contains("feature `keyring`"), "{error}");
    }

    #[cfg(feature = "keyring")]
    #[test]
    fn with_the_feature_a_keyring_entry_is_a_reference() {
        let parsed = parse("keyring:a b", file(true, true));
        assert!(matches!(parsed, Ok(SecretReference::Keyring(name)) if name == "a b"));
        assert!(parse("keyring:", file(true, true)).is_err());
    }

    #[test]
    fn values_of_a_calling_program_are_literal() {
        let literal = parse("env:A", Origin::Parameter("client-secret".into()));
        assert!(matches!(literal, Ok(SecretReference::Literal(_))));
    }
}
