//! The sealing key in an environment variable: for containers and CI whose secrets arrive that way.

use super::bytes::SealingKey;
use super::encoded::decode;
use super::source::{KeySource, Replacement};
use crate::Environment;
use crate::store::error::{StoreError, StoreErrorKind};

/// A key that a variable holds: base64 of 32 bytes.
#[derive(Debug)]
pub struct EnvironmentKey {
    variable: String,
    key: SealingKey,
}

impl EnvironmentKey {
    /// The variable the key in use stands in.
    pub const VARIABLE: &str = "DEFENDER_XDR_SEALING_KEY";
    /// The variable the key before it stands in, while records are resealed.
    pub const PREVIOUS_VARIABLE: &str = "DEFENDER_XDR_PREVIOUS_SEALING_KEY";

    /// The key in `variable`.
    ///
    /// # Errors
    /// When the variable is not set or holds no key.
    pub fn new(environment: &Environment, variable: &str) -> Result<Self, StoreError> {
        let Some(text) = environment.get(variable) else {
            return Err(StoreError::new(
                StoreErrorKind::KeyUnavailable,
                format!("environment variable {variable} is not set, and the sealing key should be in it"),
            )
            .with_hint(format!("set {variable} to base64 of 32 random bytes: `openssl rand -base64 32`")));
        };
        let key = decode(text, &format!("environment variable {variable}"))?;
        Ok(Self { variable: variable.to_owned(), key })
    }
}

impl KeySource for EnvironmentKey {
    fn id(&self) -> &'static str {
        "environment"
    }

    fn place(&self) -> String {
        format!("the key in environment variable {}", self.variable)
    }

    fn read(&self) -> Result<Option<SealingKey>, StoreError> {
        Ok(Some(self.key.clone()))
    }

    fn read_or_create(&self) -> Result<SealingKey, StoreError> {
        Ok(self.key.clone())
    }

    fn draw(&self) -> Result<Option<Replacement>, StoreError> {
        Ok(None)
    }

    fn guards_against(&self) -> &'static [&'static str] {
        &[
            "other users of this machine",
            "whoever gets a copy or backup of the disk: the key is not on it, unless whatever sets the variable is",
        ]
    }

    fn no_guard_against(&self) -> &'static [&'static str] {
        &[
            "programs that run as you: they can read the environment of your processes",
            "programs that this one starts: they inherit it",
            "root",
            "whoever can read where the variable is set",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unset_or_wrong_variable_is_named() {
        let unset = EnvironmentKey::new(&Environment::default(), EnvironmentKey::VARIABLE);
        assert!(unset.expect_err("unset").to_string().contains("DEFENDER_XDR_SEALING_KEY is not set"));
        let environment = Environment::from_iter([("K", "planted")]);
        let error = EnvironmentKey::new(&environment, "K").expect_err("no key");
        assert!(
            error.to_string().contains("variable K") && !error.to_string().contains("planted"),
            "{error}"
        );
    }
}
