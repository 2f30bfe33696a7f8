//! How the application proves who it is: a secret, a certificate, or a token of somebody Entra was told to trust.
//!
//! One type per kind. The settings choose one and only one ([`choice`]); nothing is opened before a token is asked for.

mod assertion;
mod certificate;
mod choice;
mod federated;
mod key;
mod key_source;
mod material;
mod pem;
#[cfg(feature = "pfx")]
mod pkcs12;
mod presented;
mod secret;
mod thumbprint;
mod x509;

use defender_xdr_core::auth::AuthError;
use defender_xdr_core::entra::client_assertion_fields;
use defender_xdr_core::http::Url;

pub(crate) use federated::workload_identity;
use presented::Presented;

/// A way to prove who the application is.
#[derive(Debug)]
pub(crate) enum Credential {
    /// `client_secret` in the form.
    Secret(secret::ClientSecret),
    /// An assertion signed with a private key.
    Certificate(certificate::CertificateCredential),
    /// Somebody else's token, passed on unchanged.
    Federated(federated::FederatedCredential),
}

/// Who asks whom.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) application_id: &'a str,
    pub(crate) token_endpoint: &'a Url,
}

/// What goes into the form, and what to say if Entra does not take it. No `Debug`: it carries a secret.
pub(crate) struct Proof {
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) presented: Presented,
}

impl Credential {
    /// The form fields that prove it, made afresh.
    pub(crate) async fn prove(&self, question: &Question<'_>) -> Result<Proof, AuthError> {
        let (fields, presented) = match self {
            Self::Secret(secret) => {
                (vec![("client_secret", secret.open().await?.expose().to_owned())], Presented::Secret)
            }
            Self::Certificate(certificate) => {
                let (assertion, presented) = certificate.assertion(question).await?;
                (client_assertion_fields(&assertion).into(), presented)
            }
            Self::Federated(federated) => {
                let (token, presented) = federated.token().await?;
                (client_assertion_fields(&token).into(), presented)
            }
        };
        Ok(Proof { fields, presented })
    }

    /// Tells one credential from another without keeping it.
    pub(crate) async fn fingerprint(&self) -> Result<String, AuthError> {
        match self {
            Self::Secret(secret) => Ok(secret.open().await?.fingerprint()),
            Self::Certificate(certificate) => certificate.fingerprint().await,
            Self::Federated(federated) => federated.fingerprint().await,
        }
    }
}

/// Reads content as certificates and keys, and opens every key in it.
#[cfg(fuzzing)]
pub(crate) fn fuzz_key_file(content: &[u8]) {
    let passphrase = defender_xdr_core::Secret::new("fuzz");
    if let Ok(material) = material::Material::read(content, Some(&passphrase)) {
        for section in &material.keys {
            drop(key::open(section, Some(&passphrase)));
        }
    }
}
