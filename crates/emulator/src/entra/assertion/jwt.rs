//! The parts of a signed assertion (RFC 7515 section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

/// A JWT, taken apart and not yet believed.
#[derive(Debug)]
pub(crate) struct Assertion<'a> {
    pub(crate) whole: &'a str,
    pub(crate) header: Value,
    claims: Value,
    /// What is signed: header and claims as sent.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Assertion<'a> {
    /// Takes a compact JWS apart; `None` when it is none. A signature that is no base64 fits nothing.
    pub(crate) fn read(whole: &'a str) -> Option<Self> {
        let (signed, signature) = whole.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let object = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
        };
        Some(Self {
            whole,
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).unwrap_or_default(),
        })
    }

    /// A claim that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A claim that is a number of seconds since 1970 (RFC 7519 section 2, `NumericDate`): fractions are allowed, and
    /// Microsoft's own library for Python sends them; text is not.
    pub(crate) fn seconds(&self, name: &str) -> Option<i64> {
        let Value::Number(number) = self.claims.get(name)? else { return None };
        number.as_i64().or_else(|| number.to_string().split('.').next()?.parse().ok())
    }

    /// The audiences: one text, or a list with one.
    pub(crate) fn audience(&self) -> Option<&str> {
        match self.claims.get("aud")? {
            Value::String(one) => Some(one),
            Value::Array(list) if list.len() == 1 => list.first().and_then(Value::as_str),
            _ => None,
        }
    }

    /// The window of time, for people.
    pub(crate) fn window(&self) -> String {
        let shown = |name: &str| {
            let time = self.seconds(name).and_then(|second| Timestamp::from_second(second).ok());
            time.map_or_else(|| "none".to_owned(), |time| time.to_string())
        };
        format!("Assertion valid from {}, expiry time of assertion {}", shown("nbf"), shown("exp"))
    }
}
