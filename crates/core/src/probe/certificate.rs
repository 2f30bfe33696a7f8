//! What a certificate says about itself (RFC 5280 section 4.1), for people.

use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::name::Name;

/// What a certificate says about itself. None of it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whom it names: the common name, else the whole name.
    pub subject: String,
    /// Who issued it, likewise.
    pub issuer: String,
    /// The issuer's whole name (RFC 4514).
    pub issuer_in_full: String,
    /// When it ends.
    pub not_after: Timestamp,
    /// When it begins.
    pub not_before: Timestamp,
    /// It names itself as its issuer.
    pub is_self_issued: bool,
}

impl Shown {
    /// Reads a certificate; `None` when it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let signed = certificate.tbs_certificate();
        let moment = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
            Timestamp::from_second(seconds).ok()
        };
        Some(Self {
            subject: common_name(signed.subject()),
            issuer: common_name(signed.issuer()),
            issuer_in_full: signed.issuer().to_string(),
            not_after: moment(signed.validity().not_after)?,
            not_before: moment(signed.validity().not_before)?,
            is_self_issued: signed.issuer() == signed.subject(),
        })
    }
}

/// The common name, else all of it.
fn common_name(name: &Name) -> String {
    let text = name.to_string();
    let common = text.split(',').find_map(|part| part.trim().strip_prefix("CN="));
    match common {
        Some(common) => common.replace('\\', ""),
        None if text.is_empty() => "nobody".to_owned(),
        None => text,
    }
}
