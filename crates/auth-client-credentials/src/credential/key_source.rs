//! Where a certificate or a private key is read from: a path, a secret reference, or the setting itself.

use std::path::{Path, PathBuf};

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::settings::{Origin, SecretReference, SecretResolver, SettingsError, Values};
use zeroize::Zeroizing;

use super::pem;

/// The largest key file read, in bytes: a chain with its key has a tenth of that.
const LARGEST: u64 = 256 * 1024;

/// Where a value came from, in words.
pub(super) fn origin(values: &Values, key: &str) -> String {
    values.get(key).map_or_else(|| "not set".to_owned(), |value| value.origin.to_string())
}

/// Where to read from. Nothing is opened yet.
#[derive(Debug)]
pub(super) struct KeySource {
    pub(super) key: &'static str,
    origin: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Path(PathBuf),
    Reference(SecretReference),
}

impl KeySource {
    /// Reads a setting: text with a PEM header is the thing itself, `env:` and the like refer to it, all else is a
    /// path.
    pub(super) fn from_values(values: &Values, key: &'static str) -> Result<Option<Self>, SettingsError> {
        let Some(value) = values.get(key) else { return Ok(None) };
        let text = value.text.expose();
        let refers = text.split_once(':').is_some_and(|(scheme, _)| {
            ["env", "file", "stored", "command", "keyring"].contains(&scheme.to_ascii_lowercase().as_str())
        });
        let place =
            if pem::holds_private_key(text) || (refers && !matches!(value.origin, Origin::Parameter(_))) {
                match values.secret(key)? {
                    Some(SecretReference::File(path)) => Place::Path(path),
                    Some(reference) => Place::Reference(reference),
                    None => return Ok(None),
                }
            } else if pem::looks_like_pem(text) {
                // A certificate is no secret: it may stand in a file that others read.
                Place::Reference(SecretReference::Literal(value.text.clone()))
            } else if matches!(value.origin, Origin::Parameter(_)) {
                return Err(unusable(
                    values,
                    key,
                    "is no PEM text; a value given by a calling program is taken literally",
                ));
            } else if is_path_like(text) {
                Place::Path(PathBuf::from(text))
            } else {
                return Err(unusable(values, key, "is neither PEM text nor a path nor a secret reference"));
            };
        Ok(Some(Self { key, origin: value.origin.to_string(), place }))
    }

    /// The content.
    pub(super) async fn read(&self, resolver: &SecretResolver) -> Result<Zeroizing<Vec<u8>>, AuthError> {
        let failed = |message: String| {
            AuthError::new(AuthErrorKind::Setup, format!("cannot open `{}`: {message}", self.key))
                .with_hint(format!("check what `{}` refers to", self.key))
                .with_setting(self.key)
        };
        match &self.place {
            Place::Path(path) => from_file(path, &told(path)).await.map_err(failed),
            Place::Reference(reference) => {
                let secret: Secret =
                    resolver.resolve(reference).await.map_err(|error| failed(error.to_string()))?;
                Ok(Zeroizing::new(secret.expose().as_bytes().to_vec()))
            }
        }
    }

    /// Key and origin, for messages.
    pub(super) fn named(&self) -> String {
        format!("`{}` ({})", self.key, self.origin)
    }

    /// The file for messages, when it is one.
    pub(super) fn file(&self) -> Option<String> {
        match &self.place {
            Place::Path(path) => Some(told(path)),
            Place::Reference(_) => None,
        }
    }
}

fn unusable(values: &Values, key: &str, why: &str) -> SettingsError {
    // The text is not repeated: it may be a key whose header was lost.
    values.blame(
        key,
        SettingsError::new(format!("`{key}` {why}")).with_hint(
            "give the path of a PEM file, `env:NAME`, or the PEM text with its BEGIN and END lines",
        ),
    )
}

/// A path for messages. What looks like none may be a secret in the wrong line.
fn told(path: &Path) -> String {
    const USUAL: [&str; 8] = ["pem", "crt", "cer", "der", "key", "pfx", "p12", "txt"];
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if path.is_absolute() || USUAL.contains(&extension.to_ascii_lowercase().as_str()) {
        path.display().to_string()
    } else {
        "the file it names".to_owned()
    }
}

/// A key without its header is longer than any sensible path, and has no dot and no file of its name.
fn is_path_like(text: &str) -> bool {
    text.len() < 512 && !text.contains(['\n', '\r', '\0']) && text.contains(['.', '/', '\\'])
}

async fn from_file(path: &Path, told: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let owned = path.to_owned();
    // A pipe or a network file may block: never on the thread that serves everybody.
    let read = tokio::task::spawn_blocking(move || {
        use std::io::Read;
        let mut content = Zeroizing::new(Vec::new());
        std::fs::File::open(owned)?.take(LARGEST + 1).read_to_end(&mut content)?;
        Ok::<_, std::io::Error>(content)
    });
    let content = read
        .await
        .map_err(|_| "reading the file failed".to_owned())?
        .map_err(|error| format!("cannot read {told}: {error}"))?;
    if content.len() as u64 > LARGEST {
        return Err(format!("{told} is larger than {} KiB", LARGEST / 1024));
    }
    Ok(content)
}
