//! From when until when a certificate is valid (RFC 5280 section 4.1.2.5).
//!
//! The library that checks its signatures keeps the two times to itself, and they are the fifth member of the
//! certificate's first member: a few steps over lengths.

use jiff::Timestamp;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The life of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    from: Timestamp,
    until: Timestamp,
}

impl Validity {
    /// Reads it from a certificate in DER.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = member(der, SEQUENCE)?;
        let (mut rest, _) = member(certificate, SEQUENCE)?;
        for tag in [VERSION, INTEGER, SEQUENCE, SEQUENCE] {
            (_, rest) = member(rest, tag)?;
        }
        let (validity, _) = member(rest, SEQUENCE)?;
        let (from, rest) = time(validity)?;
        let (until, _) = time(rest)?;
        Some(Self { from, until })
    }

    pub(super) fn contains(self, now: Timestamp) -> bool {
        (self.from..=self.until).contains(&now)
    }
}

/// The content of the first member, which has this tag, and what follows it.
fn member(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        let length = digits
            .iter()
            .try_fold(0_usize, |sum, &digit| sum.checked_mul(256).map(|sum| sum | usize::from(digit)))?;
        (length, rest)
    };
    (first == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn time(der: &[u8]) -> Option<(Timestamp, &[u8])> {
    let full_year = *der.first()? == GENERALIZED_TIME;
    let (text, rest) = member(der, if full_year { GENERALIZED_TIME } else { UTC_TIME })?;
    let century = match text.first()? {
        _ if full_year => "",
        b'5'.. => "19",
        _ => "20",
    };
    let text = format!("{century}{}", std::str::from_utf8(text).ok()?);
    let part = |range: std::ops::Range<usize>| text.get(range);
    let time = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(8..10)?,
        part(10..12)?,
        part(12..14)?
    );
    Some((time.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    #[test]
    fn both_ways_to_write_a_year_are_read() {
        for (year, until) in [(2031, "2031-02-03T00:00:00Z"), (2061, "2061-02-03T00:00:00Z")] {
            let mut params = CertificateParams::default();
            params.not_before = date_time_ymd(1999, 5, 6);
            params.not_after = date_time_ymd(year, 2, 3);
            let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
            let validity = Validity::read(certificate.der()).unwrap();
            assert_eq!(validity.from, "1999-05-06T00:00:00Z".parse().unwrap());
            assert_eq!(validity.until, until.parse().unwrap());
        }
    }

    #[test]
    fn what_is_cut_short_has_none() {
        let certificate = CertificateParams::default().self_signed(&KeyPair::generate().unwrap()).unwrap();
        for length in 0..90 {
            assert_eq!(Validity::read(&certificate.der()[..length]), None);
        }
    }
}
