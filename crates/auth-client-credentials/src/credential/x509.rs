//! The few facts of a certificate that matter here (RFC 5280 section 4.1): its validity and its public key.

use std::time::Duration;

use defender_xdr_core::Timestamp;
use pkcs8::der::asn1::{GeneralizedTime, UtcTime};
use pkcs8::der::{self, Decode, Reader, SliceReader, Tag, TagMode, TagNumber};
use pkcs8::spki::SubjectPublicKeyInfoRef;

/// A certificate. Its signature is not checked: it is our own, and Entra knows it by its bytes.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    /// The public key: for RSA the DER of RFC 8017 appendix A.1.1.
    pub(super) public_key: Vec<u8>,
}

/// It is none.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("holds a certificate that cannot be read")]
pub(super) struct NotACertificate;

impl Certificate {
    pub(super) fn parse(der: &[u8]) -> Result<Self, NotACertificate> {
        let (not_before, not_after, public_key) = read(der).map_err(|_| NotACertificate)?;
        let moment = |since_1970: Duration| {
            i64::try_from(since_1970.as_secs())
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or(NotACertificate)
        };
        Ok(Self {
            der: der.to_vec(),
            not_before: moment(not_before)?,
            not_after: moment(not_after)?,
            public_key,
        })
    }
}

fn read(der: &[u8]) -> der::Result<(Duration, Duration, Vec<u8>)> {
    let mut reader = SliceReader::new(der)?;
    let facts = reader.sequence(|certificate| {
        let facts = certificate.sequence(|signed| {
            let _version = signed.context_specific::<u8>(TagNumber(0), TagMode::Explicit)?;
            let _serial_number = signed.tlv_bytes()?;
            let _signature_algorithm = signed.tlv_bytes()?;
            let _issuer = signed.tlv_bytes()?;
            let (from, to) =
                signed.sequence(|validity| Ok::<_, der::Error>((time(validity)?, time(validity)?)))?;
            let _subject = signed.tlv_bytes()?;
            let key = SubjectPublicKeyInfoRef::decode(signed)?;
            signed.drain(signed.remaining_len())?;
            Ok::<_, der::Error>((from, to, key.subject_public_key.raw_bytes().to_vec()))
        })?;
        let _signature_algorithm = certificate.tlv_bytes()?;
        let _signature = certificate.tlv_bytes()?;
        Ok::<_, der::Error>(facts)
    })?;
    reader.finish()?;
    Ok(facts)
}

/// Since 1970. Certificates write years up to 2049 in one form and later ones in another (section 4.1.2.5).
fn time<'r>(reader: &mut impl Reader<'r>) -> der::Result<Duration> {
    if Tag::peek(reader)? == Tag::UtcTime {
        UtcTime::decode(reader).map(|time| time.to_unix_duration())
    } else {
        GeneralizedTime::decode(reader).map(|time| time.to_unix_duration())
    }
}
