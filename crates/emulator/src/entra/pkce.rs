//! Proof Key for Code Exchange (RFC 7636): what the start of a sign-in promised, and whether the redemption keeps it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde::{Deserialize, Serialize};

use super::aadsts;
use super::form::Form;
use super::refusal::Refusal;

/// How a challenge was made from its verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Method {
    Plain,
    S256,
}

/// A challenge of an authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    method: Method,
    value: String,
}

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`, which means `plain` when absent.
    pub(crate) fn read(form: &Form) -> Result<Option<Self>, Refusal> {
        let Some(value) = form.get("code_challenge") else {
            return match form.get("code_challenge_method") {
                None => Ok(None),
                Some(_) => Err(aadsts::missing_field("code_challenge")),
            };
        };
        let method = match form.get("code_challenge_method") {
            None | Some("plain") => Method::Plain,
            Some("S256") => Method::S256,
            Some(other) => return Err(aadsts::bad_challenge(&format!("the method '{other}' is unknown"))),
        };
        if !is_verifier(value) {
            return Err(aadsts::bad_challenge("it is not 43 to 128 letters, digits, '-', '.', '_' or '~'"));
        }
        if method == Method::S256 && value.len() != 43 {
            return Err(aadsts::bad_challenge("a SHA-256 hash in base64url has 43 characters"));
        }
        Ok(Some(Self { method, value: value.to_owned() }))
    }

    /// Whether the verifier of a redemption belongs to the challenge.
    pub(crate) fn check(&self, verifier: Option<&str>) -> Result<(), Refusal> {
        let verifier = verifier.ok_or_else(|| aadsts::missing_field("code_verifier"))?;
        if !is_verifier(verifier) {
            return Err(aadsts::bad_verifier());
        }
        let made = match self.method {
            Method::Plain => verifier.to_owned(),
            Method::S256 => URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())),
        };
        if made == self.value { Ok(()) } else { Err(aadsts::verifier_does_not_fit()) }
    }
}

/// RFC 7636 section 4.1.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const HASHED: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_fits_and_nothing_else_does() {
        let challenge = Challenge { method: Method::S256, value: HASHED.to_owned() };
        assert_eq!(challenge.check(Some(VERIFIER)), Ok(()));
        let code = |verifier| challenge.check(verifier).unwrap_err().code;
        assert_eq!(code(Some(HASHED)), Some(501_481));
        assert_eq!(code(Some("short")), Some(501_491));
        assert_eq!(code(None), Some(900_144));
    }

    #[test]
    fn a_plain_challenge_is_its_own_verifier() {
        let challenge = Challenge { method: Method::Plain, value: VERIFIER.to_owned() };
        assert_eq!(challenge.check(Some(VERIFIER)), Ok(()));
        assert_eq!(challenge.check(Some(HASHED)).unwrap_err().code, Some(501_481));
    }
}
