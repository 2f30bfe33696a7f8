//! The flat map of settings.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::error::SettingsError;
use super::origin::Origin;
use super::reference::SecretReference;
use super::shown::quoted_word;
use super::value::Value;
use crate::Secret;
use crate::backend::Backend;
use crate::entra::Cloud;
use crate::http::{HttpSettings, Proxy, check_proxy, check_root};

/// Settings by key. An empty text counts as unset.
#[derive(Clone, Default)]
pub struct Values(BTreeMap<String, Value>);

impl fmt::Debug for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.0.iter().map(|(key, value)| (key, &value.origin))).finish()
    }
}

impl<K: Into<String>, T: Into<String>> FromIterator<(K, T)> for Values {
    /// Values given by the calling program: always literal.
    fn from_iter<I: IntoIterator<Item = (K, T)>>(pairs: I) -> Self {
        let mut values = Self::default();
        for (key, text) in pairs {
            let key = key.into();
            let origin = Origin::Parameter(key.clone());
            values.set(key, Secret::new(text), origin);
        }
        values
    }
}

impl Values {
    /// Sets a value; an empty text unsets nothing and is ignored.
    pub fn set(&mut self, key: impl Into<String>, text: Secret, origin: Origin) {
        if !text.is_empty() {
            self.0.insert(key.into(), Value { text, origin });
        }
    }

    /// Removes a value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// A value with its origin.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// An error about the value of `key`, with where that came from.
    pub fn blame(&self, key: &str, error: SettingsError) -> SettingsError {
        match self.get(key) {
            Some(value) => error.with_origin(value.origin.clone()),
            None => error,
        }
    }

    /// The text of a value that is no secret.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|value| value.text.expose())
    }

    /// All keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A secret or a reference to one. Nothing is opened yet.
    ///
    /// # Errors
    /// When the reference is malformed or not allowed where it stands.
    pub fn secret(&self, key: &str) -> Result<Option<SecretReference>, SettingsError> {
        self.get(key).map(|value| SecretReference::parse(key, value)).transpose()
    }

    /// A yes or no; `false` when unset.
    pub fn flag(&self, key: &str) -> Result<bool, SettingsError> {
        match self.text(key) {
            None | Some("false" | "no" | "0") => Ok(false),
            Some("true" | "yes" | "1") => Ok(true),
            Some(_) => Err(self.unusable(key, "true or false")),
        }
    }

    /// One of a few words; `None` when unset.
    pub fn choice(&self, key: &str, words: &[&'static str]) -> Result<Option<&'static str>, SettingsError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        let chosen = words.iter().copied().find(|word| *word == text);
        chosen.map(Some).ok_or_else(|| self.unusable(key, &format!("one of {}", words.join(", "))))
    }

    /// Seconds; `default` when unset.
    pub fn seconds(&self, key: &str, default: u64) -> Result<Duration, SettingsError> {
        match self.text(key) {
            None => Ok(Duration::from_secs(default)),
            Some(text) => text
                .parse()
                .ok()
                .filter(|seconds| (1..=86_400).contains(seconds))
                .map(Duration::from_secs)
                .ok_or_else(|| self.unusable(key, "a number of seconds from 1 to 86400")),
        }
    }

    /// The cloud; public when unset.
    pub fn cloud(&self) -> Result<Cloud, SettingsError> {
        match self.text("cloud") {
            None => Ok(Cloud::Public),
            Some(text) => Cloud::parse(text).ok_or_else(|| {
                let words: Vec<_> = Cloud::ALL.into_iter().map(Cloud::id).collect();
                self.unusable("cloud", &format!("one of {}", words.join(", ")))
            }),
        }
    }

    /// The API, when the settings choose one.
    pub fn backend(&self) -> Result<Option<Backend>, SettingsError> {
        match self.text("api") {
            None => Ok(None),
            Some(text) => {
                Backend::parse(text).map(Some).ok_or_else(|| self.unusable("api", "graph or legacy"))
            }
        }
    }

    /// The root of a service, when the settings name one: scheme and host only.
    pub fn root(&self, key: &str) -> Result<Option<&str>, SettingsError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        check_root(text).map(|_| Some(text)).map_err(|problem| {
            let error = SettingsError::new(format!("`{key}` {problem}"))
                .with_hint(format!("set `{key}` to scheme and host only, such as https://api.example"));
            self.blame(key, error)
        })
    }

    /// How to reach the world.
    pub fn http(&self) -> Result<HttpSettings, SettingsError> {
        let proxy = match self.text("proxy") {
            None | Some("system") => Proxy::System,
            Some("none") => Proxy::None,
            // The text is not repeated: a proxy address may hold a password.
            Some(address) => match check_proxy(address) {
                Ok(url) => Proxy::Address(url.to_string()),
                Err(problem) => {
                    let error = SettingsError::new(format!("`proxy` {problem}")).with_hint(
                        "set `proxy` to `system`, `none` or an address such as http://proxy.example:3128",
                    );
                    return Err(self.blame("proxy", error));
                }
            },
        };
        Ok(HttpSettings {
            proxy,
            ca_file: self.text("ca-file").map(PathBuf::from),
            insecure: self.flag("insecure")?,
            timeout: self.seconds("timeout", 30)?,
            ..HttpSettings::default()
        })
    }

    fn unusable(&self, key: &str, expected: &str) -> SettingsError {
        let is = self.text(key).map(quoted_word).unwrap_or_default();
        let error = SettingsError::new(format!("`{key}` is {is}, not {expected}"))
            .with_hint(format!("set `{key}` to {expected}, or remove it"));
        self.blame(key, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_keys_and_origins_only() {
        let values = Values::from_iter([("client-secret", "planted")]);
        let shown = format!("{values:?}");
        assert!(shown.contains("client-secret") && !shown.contains("planted"));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_what_could() {
        let values = Values::from_iter([("timeout", "soon"), ("cloud", "mars"), ("insecure", "maybe")]);
        assert!(
            values.choice("cloud", &["a", "b"]).is_err_and(|error| error.to_string().contains("one of a, b"))
        );
        assert_eq!(values.choice("cloud", &["venus", "mars"]).expect("a word"), Some("mars"));
        assert_eq!(values.choice("absent", &["a"]).expect("unset is fine"), None);
        assert!(values.seconds("timeout", 1).is_err_and(|error| error.to_string().contains("`soon`")));
        assert!(values.cloud().is_err_and(|error| error.to_string().contains("gcc-high")));
        assert!(values.flag("insecure").is_err());
        assert!(!values.flag("absent").expect("unset is false"));
    }

    #[test]
    fn a_bad_proxy_is_not_repeated() {
        let values = Values::from_iter([("proxy", "user:planted@")]);
        assert!(values.http().is_err_and(|error| !error.to_string().contains("planted")));
    }
}
