//! Whom TLS trusts: the system's certificates plus an extra file, verified with ring.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_native_certs::CertificateResult;

use super::error::{HttpError, HttpErrorKind};
use crate::settings::told;

/// Builds the TLS configuration. `system` false leaves the system's certificates out (they take a moment to
/// read, and a loopback emulator over plain HTTP needs none).
pub(crate) fn configure(
    system: bool,
    ca_file: Option<&Path>,
    insecure: bool,
) -> Result<ClientConfig, HttpError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::new(HttpErrorKind::Setup, "cannot set up TLS").with_source(error))?;
    if insecure {
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnyone(provider)))
            .with_no_client_auth());
    }
    Ok(builder.with_root_certificates(roots(system, ca_file)?).with_no_client_auth())
}

/// The certificates that are trusted: the system's, if `system`, and those of `ca_file`.
pub(crate) fn roots(system: bool, ca_file: Option<&Path>) -> Result<RootCertStore, HttpError> {
    let mut roots = RootCertStore::empty();
    if system {
        let found = system_certificates();
        for problem in &found.errors {
            tracing::debug!(%problem, "a system certificate cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
    }
    if let Some(path) = ca_file {
        let unreadable = |error: rustls::pki_types::pem::Error| {
            HttpError::new(
                HttpErrorKind::Setup,
                format!("cannot read certificates from ca-file {}: {error}", told(path)),
            )
        };
        let mut count = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
            roots.add(certificate.map_err(unreadable)?).map_err(|error| {
                HttpError::new(
                    HttpErrorKind::Setup,
                    format!("ca-file {} holds a certificate that cannot be used: {error}", told(path)),
                )
            })?;
            count += 1;
        }
        if count == 0 {
            return Err(HttpError::new(
                HttpErrorKind::Setup,
                format!("ca-file {} holds no PEM certificate", told(path)),
            ));
        }
    }
    Ok(roots)
}

/// The system's certificates.
fn system_certificates() -> CertificateResult {
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Some(found) = bundle() {
        return found;
    }
    rustls_native_certs::load_native_certs()
}

/// The file in which a distribution has all of them. The folder beside it has the same once more, one by one, which takes
/// longer to read than everything else at a start. Where `SSL_CERT_FILE` or `SSL_CERT_DIR` say what counts, they do.
#[cfg(all(unix, not(target_os = "macos")))]
#[expect(
    clippy::disallowed_methods,
    reason = "two names of the platform's own, which rustls-native-certs reads, too"
)]
fn bundle() -> Option<CertificateResult> {
    if ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some()) {
        return None;
    }
    let file = openssl_probe::probe().cert_file?;
    let found = rustls_native_certs::load_certs_from_paths(Some(&file), None);
    (!found.certs.is_empty()).then_some(found)
}

/// The `insecure` setting: no certificate is checked, but handshake signatures still are.
#[derive(Debug)]
struct AcceptAnyone(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
