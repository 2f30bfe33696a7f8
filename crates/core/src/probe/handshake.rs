//! The TLS handshake with a host, gone through to its end whatever certificate is shown, and what the check of that
//! certificate would have said.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::certificate::Shown;
use super::connection::Connection;
use crate::http::{HttpError, HttpSettings, Url, trust};

/// Whom TLS trusts, read once.
#[derive(Debug, Clone)]
pub struct Trust {
    roots: Arc<RootCertStore>,
}

/// Why a certificate would be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody who is trusted vouches for it.
    UnknownIssuer,
    /// It is over.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// It is for another host.
    OtherName,
    /// Something else, in words.
    Other(String),
}

/// What a host showed.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// Its certificate and those it sent along, as far as they can be read.
    pub chain: Vec<Shown>,
    /// Why the certificate would be refused.
    pub fault: Option<Fault>,
}

impl Trust {
    /// Reads the certificates that the settings trust. Takes a moment: read it on a thread that may block.
    ///
    /// # Errors
    /// When `ca-file` cannot be used.
    pub fn load(settings: &HttpSettings) -> Result<Self, HttpError> {
        let roots = trust::roots(settings.system_roots, settings.ca_file.as_deref())?;
        Ok(Self { roots: Arc::new(roots) })
    }

    /// How many authorities are trusted.
    pub fn len(&self) -> usize {
        self.roots.len()
    }

    /// Whether nobody is trusted: then every certificate is refused.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// Goes through the handshake with the host of `url`. Nothing is sent afterwards.
    ///
    /// # Errors
    /// When there is no handshake: the host speaks no TLS, or none in common.
    pub async fn shake_hands(&self, connection: Connection, url: &Url) -> io::Result<Handshake> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let check = (!self.is_empty()).then(|| {
            WebPkiServerVerifier::builder_with_provider(Arc::clone(&self.roots), Arc::clone(&provider))
        });
        let check = check.map(|builder| builder.build().map_err(io::Error::other)).transpose()?;
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Onlooker { provider, check, seen: Arc::clone(&seen) }))
            .with_no_client_auth();
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(io::Error::other)?;
        let shaken = TlsConnector::from(Arc::new(config)).connect(name, connection.0).await;
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        // Who shows no certificate has not spoken TLS to its end.
        if seen.chain.is_empty() {
            shaken?;
        }
        let chain = seen.chain.iter().filter_map(|der| Shown::read(der)).collect();
        Ok(Handshake { chain, fault: seen.fault })
    }
}

#[derive(Debug, Default)]
struct Seen {
    chain: Vec<Vec<u8>>,
    fault: Option<Fault>,
}

/// Notes what the check says, and lets everybody pass: nothing is sent on this connection.
#[derive(Debug)]
struct Onlooker {
    provider: Arc<CryptoProvider>,
    /// Absent where nobody is trusted.
    check: Option<Arc<WebPkiServerVerifier>>,
    seen: Arc<Mutex<Seen>>,
}

impl ServerCertVerifier for Onlooker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let fault = match &self.check {
            None => Some(Fault::UnknownIssuer),
            Some(check) => check
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .err()
                .map(fault),
        };
        let chain = [end_entity].into_iter().chain(intermediates).map(|shown| shown.to_vec()).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen { chain, fault };
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn fault(error: rustls::Error) -> Fault {
    match error {
        rustls::Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer => Fault::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Fault::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Fault::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Fault::OtherName
            }
            other => Fault::Other(other.to_string()),
        },
        other => Fault::Other(other.to_string()),
    }
}
