//! Throw-away certificates: an authority that may vouch for this machine only, and one leaf.
//!
//! The authority's private key never leaves memory and is dropped as soon as the leaf is signed, so that a client
//! that trusts the authority's certificate trusts nothing else by it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

use crate::error::EmulatorError;

/// Certificates are for a test or a demonstration, not for keeps.
const DAYS: u64 = 7;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A listener's identity.
pub(crate) struct ThrowAway {
    pub(crate) acceptor: TlsAcceptor,
    /// The authority's certificate, for clients to trust.
    pub(crate) authority_pem: String,
}

/// Makes an authority and a leaf for localhost, 127.0.0.1 and ::1, valid seven days from the machine's time.
pub(crate) fn throw_away(wall: Timestamp) -> Result<ThrowAway, EmulatorError> {
    let failed = |error: &dyn std::fmt::Display| EmulatorError::Certificates(error.to_string());
    let (authority_pem, leaf, leaf_key) = sign(wall).map_err(|error| failed(&error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], leaf_key)
        .map_err(|error| failed(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(ThrowAway { acceptor: TlsAcceptor::from(Arc::new(config)), authority_pem })
}

fn sign(wall: Timestamp) -> Result<(String, rcgen::Certificate, PrivateKeyDer<'static>), rcgen::Error> {
    let today = Duration::from_secs(u64::try_from(wall.as_second()).unwrap_or_default());
    let now = date_time_ymd(1970, 1, 1) + today;
    // A client's clock may be a little behind.
    let (from, until) = (now - DAY / 24, now + DAY * u32::try_from(DAYS).unwrap_or(1));

    let mut authority = CertificateParams::default();
    authority.distinguished_name = named("Defender XDR emulator throw-away authority");
    (authority.not_before, authority.not_after) = (from, until);
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V4(Ipv4Addr::LOCALHOST), 32)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name = named("localhost");
    (leaf.not_before, leaf.not_after) = (from, until);
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let leaf_key = KeyPair::generate()?;
    let leaf_certificate = leaf.signed_by(&leaf_key, &issuer)?;
    let leaf_key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    Ok((authority_certificate.pem(), leaf_certificate, leaf_key))
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}
