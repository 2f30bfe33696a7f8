//! A setting that cannot be used: what is wrong, where it came from, what to do.

use std::fmt;

use super::origin::Origin;

/// A setting that cannot be used. Never holds a secret value.
#[derive(Debug, Clone, thiserror::Error)]
pub struct SettingsError {
    message: String,
    origin: Option<Origin>,
    hint: Option<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl SettingsError {
    /// An error; `message` is a fragment without a full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), origin: None, hint: None }
    }

    /// A flow needs a key that is not set.
    pub fn missing(key: &str, flow: &str) -> Self {
        let variable = key.to_ascii_uppercase().replace('-', "_");
        Self::new(format!("`{key}` is not set, and the {flow} flow needs it")).with_hint(format!(
            "set `{key}` in the settings file or DEFENDER_XDR_{variable} in the environment"
        ))
    }

    /// The same error with where the value came from.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// The same error with what to do.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Where the value came from.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// What to do.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
