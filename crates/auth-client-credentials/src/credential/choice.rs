//! Which credential the settings choose: exactly one, never guessed.

use std::sync::Arc;

use defender_xdr_core::auth::FlowContext;
use defender_xdr_core::settings::{SettingsError, Values};

use super::Credential;
use super::certificate::{self, CertificateCredential};
use super::federated::{self, FederatedCredential};
use super::key_source::origin;
use super::secret::{self, ClientSecret};
use crate::ENTRY;

/// The keys of each kind that choose it, the telling one first.
const KINDS: [&[&str]; 3] = [
    &[secret::KEY],
    &[certificate::CERTIFICATE, certificate::PRIVATE_KEY, certificate::THUMBPRINT],
    &[federated::KEY],
];

impl Credential {
    /// Reads the choice from settings. Opens nothing.
    pub(crate) fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let values = &context.values;
        let set: Vec<&str> = KINDS
            .iter()
            .filter_map(|keys| keys.iter().copied().find(|key| values.get(key).is_some()))
            .collect();
        match set[..] {
            [] => Err(none()),
            [secret::KEY] => {
                let reference = values.secret(secret::KEY)?.ok_or_else(none)?;
                let resolver = Arc::clone(&context.secrets);
                Ok(Self::Secret(ClientSecret { reference, resolver }))
            }
            [federated::KEY] => FederatedCredential::from_context(context).map(Self::Federated),
            [_] => CertificateCredential::from_context(context).map(Self::Certificate),
            [first, second, ..] => Err(several(values, first, second)),
        }
    }
}

fn none() -> SettingsError {
    SettingsError::new(format!(
        "the {} flow needs one credential: `client-secret`, `certificate` with its private key, or `federated-token`",
        ENTRY.id
    ))
    .with_hint(
        "set one of them in the settings file, or DEFENDER_XDR_CLIENT_SECRET, DEFENDER_XDR_CERTIFICATE or \
         DEFENDER_XDR_FEDERATED_TOKEN in the environment",
    )
}

fn several(values: &Values, first: &str, second: &str) -> SettingsError {
    let error = SettingsError::new(format!(
        "`{first}` ({}) and `{second}` ({}) are both set, and one credential signs in",
        origin(values, first),
        origin(values, second)
    ))
    .with_hint("remove one of them: which to use is never guessed");
    values.blame(second, error)
}
