//! A certificate, or its thumbprint, with the private key: signs an assertion for each token request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext};
use defender_xdr_core::settings::{SecretReference, SecretResolver, SettingsError};
use defender_xdr_core::{Clock, Secret, Timestamp};
use ring::digest;
use ring::signature::{KeyPair, RsaKeyPair};

use super::Question;
use super::assertion::{self, Naming};
use super::key;
use super::key_source::{KeySource, origin};
use super::material::{Material, MaterialError};
use super::presented::Presented;
use super::thumbprint::Thumbprint;
use super::x509::Certificate;

pub(super) const CERTIFICATE: &str = "certificate";
pub(super) const PRIVATE_KEY: &str = "private-key";
pub(super) const THUMBPRINT: &str = "certificate-thumbprint";
const PASSPHRASE: &str = "private-key-passphrase";

/// A certificate that ends within this many days is told.
const SOON: i64 = 30;
const DAY: i64 = 24 * 60 * 60;

/// A certificate credential. Files are read when a token is asked for, so that a renewed certificate is used at once.
#[derive(Debug)]
pub(crate) struct CertificateCredential {
    certificate: Option<KeySource>,
    private_key: Option<KeySource>,
    passphrase: Option<SecretReference>,
    /// With its origin.
    thumbprint: Option<(Thumbprint, String)>,
    resolver: Arc<SecretResolver>,
    clock: Arc<dyn Clock>,
    warned: AtomicBool,
}

/// Everything a signature needs.
struct Signer {
    key: RsaKeyPair,
    naming: Naming,
}

impl CertificateCredential {
    /// Reads the settings. Opens nothing.
    pub(super) fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let values = &context.values;
        let thumbprint = match values.text(THUMBPRINT) {
            None => None,
            Some(text) => Some((
                Thumbprint::parse(text).ok_or_else(|| {
                    values.blame(
                        THUMBPRINT,
                        SettingsError::new(format!(
                            "`{THUMBPRINT}` has {} characters and is neither 40 nor 64 hex digits",
                            text.chars().count()
                        ))
                        .with_hint(
                            "copy it from Certificates & secrets of the app registration, or leave it out",
                        ),
                    )
                })?,
                origin(values, THUMBPRINT),
            )),
        };
        let certificate = KeySource::from_values(values, CERTIFICATE)?;
        let private_key = KeySource::from_values(values, PRIVATE_KEY)?;
        if certificate.is_none() && private_key.is_none() {
            let error = SettingsError::new(format!("`{THUMBPRINT}` is set without `{PRIVATE_KEY}`"))
                .with_hint(format!("set `{PRIVATE_KEY}` to the path of the key that belongs to it"));
            return Err(values.blame(THUMBPRINT, error));
        }
        Ok(Self {
            certificate,
            private_key,
            passphrase: values.secret(PASSPHRASE)?,
            thumbprint,
            resolver: Arc::clone(&context.secrets),
            clock: Arc::clone(&context.clock),
            warned: AtomicBool::new(false),
        })
    }

    /// A new assertion.
    pub(super) async fn assertion(&self, question: &Question<'_>) -> Result<(Secret, Presented), AuthError> {
        let now = self.clock.now();
        let Signer { key, naming } = self.open(now).await?;
        let assertion = assertion::sign(&key, &naming, question, now).map_err(|_| {
            setup(PRIVATE_KEY, "signing with the private key failed", "check that the key is whole")
        })?;
        let thumbprint = match &naming {
            Naming::Chain(chain) => chain.first().map(|own| Thumbprint::sha1(&own.der)),
            Naming::Thumbprint(thumbprint) => Some(*thumbprint),
        };
        let key = if self.certificate.is_some() { CERTIFICATE } else { PRIVATE_KEY };
        Ok((assertion, Presented::Certificate { key, thumbprint }))
    }

    pub(super) async fn fingerprint(&self) -> Result<String, AuthError> {
        let mut digest = digest::Context::new(&digest::SHA256);
        if let Some((thumbprint, _)) = &self.thumbprint {
            digest.update(thumbprint.base64url().as_bytes());
        }
        for source in [&self.certificate, &self.private_key].into_iter().flatten() {
            let content = source.read(&self.resolver).await?;
            digest.update(&(content.len() as u64).to_be_bytes());
            digest.update(&content);
        }
        Ok(URL_SAFE_NO_PAD.encode(digest.finish()))
    }

    async fn open(&self, now: Timestamp) -> Result<Signer, AuthError> {
        let passphrase = self.passphrase().await?;
        let mut certificates = Vec::new();
        let mut keys = Vec::new();
        // A key named on its own wins over one that lies beside the certificate.
        for source in [&self.certificate, &self.private_key].into_iter().flatten() {
            let content = source.read(&self.resolver).await?;
            let found =
                Material::read(&content, passphrase.as_ref()).map_err(|error| refuse(source, &error))?;
            if certificates.is_empty() {
                certificates = found.certificates;
            }
            if !found.keys.is_empty() || source.key == PRIVATE_KEY {
                keys = found.keys;
            }
        }
        let holder = self.private_key.as_ref().or(self.certificate.as_ref());
        let (Some(holder), Some(section)) = (holder, keys.first()) else {
            return Err(match &self.private_key {
                Some(source) => setup(
                    PRIVATE_KEY,
                    format!("{} holds no private key", source.named()),
                    "give a PEM file with a PRIVATE KEY section",
                ),
                None => setup(
                    CERTIFICATE,
                    "the certificate's file holds no private key, and `private-key` is not set",
                    "set `private-key`, or put the key into the same file",
                ),
            });
        };
        if keys.len() > 1 {
            return Err(setup(
                holder.key,
                format!("{} holds {} private keys", holder.named(), keys.len()),
                "keep the one that belongs to the certificate",
            ));
        }
        let key = key::open(section, passphrase.as_ref())
            .map_err(|error| refuse(holder, &MaterialError::Key(error)))?;
        let naming = self.naming(certificates, &key, holder, now)?;
        Ok(Signer { key, naming })
    }

    fn naming(
        &self,
        mut certificates: Vec<Certificate>,
        key: &RsaKeyPair,
        holder: &KeySource,
        now: Timestamp,
    ) -> Result<Naming, AuthError> {
        let source = self.certificate.as_ref().unwrap_or(holder);
        if certificates.is_empty() {
            return match (&self.thumbprint, &self.certificate) {
                (Some((thumbprint, _)), None) => Ok(Naming::Thumbprint(*thumbprint)),
                (_, Some(source)) => Err(setup(
                    CERTIFICATE,
                    format!("{} holds no certificate", source.named()),
                    "give a PEM file with a CERTIFICATE section",
                )),
                (None, None) => Err(setup(
                    PRIVATE_KEY,
                    format!("{} holds no certificate", source.named()),
                    format!("set `{CERTIFICATE}`, or `{THUMBPRINT}` when only the thumbprint is known"),
                )),
            };
        }
        let public_key = key.public_key().as_ref();
        let Some(own) = certificates.iter().position(|certificate| certificate.public_key == public_key)
        else {
            return Err(setup(
                holder.key,
                format!(
                    "the private key of {} does not belong to the certificate of {}",
                    holder.named(),
                    source.named()
                ),
                "give the key that the certificate was made with",
            ));
        };
        // Whatever the order in the file: the application's own first, its issuers after it (RFC 7515 section 4.1.6).
        let own = certificates.remove(own);
        self.check_thumbprint(&own, source)?;
        self.check_validity(&own, source, now)?;
        certificates.insert(0, own);
        Ok(Naming::Chain(certificates))
    }

    fn check_thumbprint(&self, own: &Certificate, source: &KeySource) -> Result<(), AuthError> {
        match &self.thumbprint {
            Some((thumbprint, origin)) if !thumbprint.fits(&own.der) => Err(setup(
                THUMBPRINT,
                format!(
                    "`{THUMBPRINT}` ({origin}) is {thumbprint}, and the certificate of {} has {}",
                    source.named(),
                    match thumbprint {
                        Thumbprint::Sha1(_) => Thumbprint::sha1(&own.der),
                        Thumbprint::Sha256(_) => Thumbprint::sha256(&own.der),
                    }
                ),
                format!("correct one of them; with a certificate, `{THUMBPRINT}` can be left out"),
            )),
            _ => Ok(()),
        }
    }

    fn check_validity(&self, own: &Certificate, source: &KeySource, now: Timestamp) -> Result<(), AuthError> {
        let named = source.named();
        if now > own.not_after {
            return Err(setup(
                source.key,
                format!("the certificate of {named} expired on {}", own.not_after),
                "make a new certificate and upload it to the app registration: docs/certificates.md",
            ));
        }
        if now < own.not_before {
            return Err(setup(
                source.key,
                format!(
                    "the certificate of {named} is valid only from {}, and it is {now} now",
                    own.not_before
                ),
                "check this machine's clock",
            ));
        }
        let left = own.not_after.as_second() - now.as_second();
        if left < SOON * DAY && !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the certificate of {named} expires in {} days, on {}: make and upload a new one",
                left / DAY,
                own.not_after
            );
        }
        Ok(())
    }

    async fn passphrase(&self) -> Result<Option<Secret>, AuthError> {
        let Some(reference) = &self.passphrase else { return Ok(None) };
        let opened = self.resolver.resolve(reference).await;
        opened.map(Some).map_err(|error| {
            setup(
                PASSPHRASE,
                format!("cannot open `{PASSPHRASE}`: {error}"),
                format!("check what `{PASSPHRASE}` refers to"),
            )
        })
    }
}

fn refuse(source: &KeySource, error: &MaterialError) -> AuthError {
    let file = source.file().map(|file| format!(": {file}")).unwrap_or_default();
    setup(source.key, format!("{}{file} {error}", source.named()), error.hint())
}

fn setup(key: &'static str, message: impl Into<String>, hint: impl Into<String>) -> AuthError {
    AuthError::new(AuthErrorKind::Setup, message).with_hint(hint).with_setting(key)
}
