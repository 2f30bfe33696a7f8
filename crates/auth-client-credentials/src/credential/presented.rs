//! What was shown to Entra, so that a refusal can be explained in its terms.

use defender_xdr_core::auth::AuthError;

use super::certificate::CERTIFICATE;
use super::federated::{self, SubjectToken};
use super::thumbprint::Thumbprint;

/// What was shown. Holds nothing secret.
#[derive(Debug)]
pub(crate) enum Presented {
    /// A client secret.
    Secret,
    /// An assertion of our own.
    Certificate {
        /// The settings key it came from.
        key: &'static str,
        /// Of the certificate whose key signed.
        thumbprint: Option<Thumbprint>,
    },
    /// Somebody else's token.
    Federated(SubjectToken),
}

impl Presented {
    /// The refusal with the setting at fault and what to do about it.
    pub(crate) fn explain(&self, error: AuthError) -> AuthError {
        let Some(code) = error.body().map(|body| body.code().unwrap_or_default()) else { return error };
        let (key, hint) = match self {
            Self::Secret => return error,
            Self::Certificate { key, thumbprint } => (*key, certificate_hint(code, *thumbprint)),
            Self::Federated(token) => (federated::KEY, token.hint(code)),
        };
        let Some(hint) = hint else {
            return if is_about_client(&error) { error.with_setting(key) } else { error };
        };
        error.with_setting(key).with_hint(hint)
    }
}

fn is_about_client(error: &AuthError) -> bool {
    error.body().is_some_and(|body| body.error == "invalid_client")
}

fn certificate_hint(code: u32, thumbprint: Option<Thumbprint>) -> Option<String> {
    let thumbprint = thumbprint.map(|thumbprint| format!(" (thumbprint {thumbprint})")).unwrap_or_default();
    Some(match code {
        700_027 => format!(
            "upload the certificate{thumbprint} under Certificates & secrets of this very application, and check \
             `application-id` and `tenant-id`"
        ),
        7_000_222 => format!("the certificate{thumbprint} has expired: make a new one and upload it"),
        700_025 => format!(
            "the application is public and takes no certificate: remove `{CERTIFICATE}`, or use a flow without one"
        ),
        _ => return None,
    })
}
