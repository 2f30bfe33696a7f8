//! Throw-away certificates: an authority that may vouch for this machine only, and one leaf.
//!
//! The authority's private key never leaves memory and is dropped as soon as the leaf is signed, so that a client
//! that trusts the authority's certificate trusts nothing else by it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
    date_time_ymd,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

use crate::error::EmulatorError;

/// Certificates are for a test or a demonstration, not for keeps.
const LIFE: Duration = Duration::from_hours(7 * 24);

/// A client's clock may be a little behind.
const TOLERANCE: Duration = Duration::from_hours(1);

const NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];

/// A listener's identity.
pub(crate) struct ThrowAway {
    pub(crate) acceptor: TlsAcceptor,
    /// The authority's certificate, for clients to trust.
    pub(crate) authority_pem: String,
}

/// Makes an authority and a leaf for localhost, 127.0.0.1 and `::1`, valid seven days from the machine's time.
pub(crate) fn throw_away(wall: Timestamp) -> Result<ThrowAway, EmulatorError> {
    let failed = |error: &dyn std::fmt::Display| EmulatorError::Certificates(error.to_string());
    let validity = Validity::from(wall);
    let (authority, issuer) = authority(validity).map_err(|error| failed(&error))?;
    let (leaf, leaf_key) = leaf(NAMES, validity, &issuer).map_err(|error| failed(&error))?;
    drop(issuer);
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], leaf_key)
        .map_err(|error| failed(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(ThrowAway { acceptor: TlsAcceptor::from(Arc::new(config)), authority_pem: authority.pem() })
}

/// The first and last moment of a certificate's life, in rcgen's time.
#[derive(Clone, Copy)]
struct Validity {
    from: Duration,
    until: Duration,
}

impl Validity {
    fn from(wall: Timestamp) -> Self {
        let now = Duration::from_secs(u64::try_from(wall.as_second()).unwrap_or_default());
        Self { from: now.saturating_sub(TOLERANCE), until: now + LIFE }
    }

    fn apply(self, params: &mut CertificateParams) {
        let epoch = date_time_ymd(1970, 1, 1);
        (params.not_before, params.not_after) = (epoch + self.from, epoch + self.until);
    }
}

/// A certificate authority that may vouch for this machine's own names only, and for no further authority.
fn authority(validity: Validity) -> Result<(Certificate, Issuer<'static, KeyPair>), rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("Defender XDR emulator throw-away authority");
    validity.apply(&mut params);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V4(Ipv4Addr::LOCALHOST), 32)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate, Issuer::new(params, key)))
}

fn leaf(
    names: &[&str],
    validity: Validity,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<(Certificate, PrivateKeyDer<'static>), rcgen::Error> {
    let mut params = CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name = named("localhost");
    validity.apply(&mut params);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, issuer)?;
    Ok((certificate, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))))
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls_pki_types::{ServerName, UnixTime};
    use tokio_rustls::rustls::RootCertStore;
    use tokio_rustls::rustls::client::WebPkiServerVerifier;
    use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;

    /// Whether a client that trusts the authority accepts a leaf it signed for `name`, so many days later.
    fn accepted(name: &'static str, days: u64) -> bool {
        let validity = Validity::from("2026-03-01T10:00:00Z".parse().unwrap());
        let (authority, issuer) = authority(validity).unwrap();
        let (leaf, _) = leaf(&[name], validity, &issuer).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let at = UnixTime::since_unix_epoch(validity.from + TOLERANCE + Duration::from_hours(24 * days));
        let name = ServerName::try_from(name).unwrap();
        verifier.verify_server_cert(leaf.der(), &[], &name, &[], at).is_ok()
    }

    #[test]
    fn the_authority_can_vouch_for_this_machine_and_for_nobody_else() {
        for name in NAMES {
            assert!(accepted(name, 0), "{name}");
        }
        for name in ["login.microsoftonline.com", "localhost.example", "127.0.0.2", "::2"] {
            assert!(!accepted(name, 0), "{name}");
        }
    }

    #[test]
    fn certificates_last_seven_days() {
        assert!(accepted("localhost", 6));
        assert!(!accepted("localhost", 8));
    }
}
