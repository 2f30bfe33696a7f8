//! What Entra sends, read tolerantly: numbers may be strings, every member may be missing.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::Secret;

/// A successful token answer (RFC 6749 section 5.1; "Successful response" of each Entra flow).
#[derive(Deserialize)]
pub(super) struct TokenBody {
    #[serde(deserialize_with = "secret")]
    pub(super) access_token: Secret,
    pub(super) token_type: Option<String>,
    #[serde(default, deserialize_with = "lenient_seconds")]
    pub(super) expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "optional_secret")]
    pub(super) refresh_token: Option<Secret>,
    /// Sent for refresh tokens of a fixed life, such as a single-page application's.
    #[serde(default, deserialize_with = "lenient_seconds")]
    pub(super) refresh_token_expires_in: Option<Duration>,
    pub(super) scope: Option<String>,
    /// Who signed in (`OpenID` Connect Core section 3.1.3.3), if `openid` was asked for.
    #[serde(default, deserialize_with = "optional_secret")]
    pub(super) id_token: Option<Secret>,
}

/// A device authorization answer (RFC 8628 section 3.2). No `Debug`: `device_code` is a secret.
#[derive(Deserialize)]
pub struct DeviceAuthorization {
    /// The code the client redeems.
    #[serde(deserialize_with = "secret")]
    pub device_code: Secret,
    /// The code the person types.
    pub user_code: String,
    /// Where the person types it. Some identity providers spell it `verification_url`.
    #[serde(alias = "verification_url")]
    pub verification_uri: String,
    /// The same page with the code filled in (RFC 8628 section 3.3.1). Entra sends none.
    pub verification_uri_complete: Option<String>,
    /// How long both codes live.
    #[serde(default, deserialize_with = "lenient_seconds")]
    pub expires_in: Option<Duration>,
    /// The pause between polls; five seconds when absent.
    #[serde(default, deserialize_with = "lenient_seconds")]
    pub interval: Option<Duration>,
    /// A localised text for the person. Shown, never parsed.
    pub message: Option<String>,
}

/// An error answer of Entra (RFC 6749 section 5.2 with Entra's members).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ErrorBody {
    /// The OAuth error code: the stable part.
    pub error: String,
    /// Text with an `AADSTS` number; never a contract.
    pub error_description: String,
    /// AADSTS numbers.
    pub error_codes: Vec<u32>,
    /// A finer class, such as `consent_required` or `message_only`.
    pub suberror: Option<String>,
    /// Quote to Microsoft support.
    pub trace_id: Option<String>,
    /// Quote to Microsoft support.
    pub correlation_id: Option<String>,
    /// A claims challenge as JSON text, to be repeated in the next interactive request.
    pub claims: Option<String>,
}

impl ErrorBody {
    /// The first AADSTS number: from `error_codes`, else from the description.
    pub fn code(&self) -> Option<u32> {
        self.error_codes.first().copied().or_else(|| {
            let start = self.error_description.find("AADSTS")? + "AADSTS".len();
            let digits: String =
                self.error_description[start..].chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
    }

    /// The description without its tail of trace id, correlation id and timestamp, on one line. Both the old
    /// tail (after line breaks) and the new one (after a blank) are cut.
    pub fn summary(&self) -> String {
        let end = self.error_description.find("Trace ID:").unwrap_or(self.error_description.len());
        on_one_line(&self.error_description[..end])
    }

    /// The OAuth code on one line: a server may put anything into it.
    pub(crate) fn word(&self) -> String {
        on_one_line(&self.error)
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Seconds as a number or as text; a fraction is cut off.
pub fn lenient_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Integer(u64),
        Fraction(f64),
        Text(String),
    }
    let seconds = match Option::<Number>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Number::Integer(seconds)) => seconds,
        Some(Number::Fraction(seconds)) => return Ok(whole_seconds(seconds)),
        Some(Number::Text(text)) if text.trim().is_empty() => return Ok(None),
        Some(Number::Text(text)) => match text.trim().parse() {
            Ok(seconds) => seconds,
            Err(_) => return text.trim().parse().map(whole_seconds).map_err(serde::de::Error::custom),
        },
    };
    Ok(Some(Duration::from_secs(seconds)))
}

/// `None` for what no duration can be: negative, infinite, no number.
fn whole_seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().map(|duration| Duration::from_secs(duration.as_secs()))
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()).map(Secret::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_line_breaks_is_told_on_one_line() {
        let body: ErrorBody = serde_json::from_str(r#"{"error":"in\r\nvalid\tgrant"}"#).expect("a body");
        assert_eq!(body.word(), "in valid grant");
        let error = crate::auth::AuthError::from_entra(body);
        assert_eq!(
            (error.to_string().as_str(), error.code().as_deref()),
            ("in valid grant", Some("in valid grant"))
        );
    }

    #[test]
    fn numbers_may_be_text() {
        let body: TokenBody =
            serde_json::from_str(r#"{"access_token":"a","expires_in":"3599","refresh_token":""}"#)
                .expect("a body");
        assert_eq!(body.expires_in, Some(Duration::from_secs(3599)));
        assert!(body.refresh_token.is_none());
    }

    #[test]
    fn the_code_is_found_in_either_place_and_both_tails_are_cut() {
        let body = ErrorBody {
            error_description: "AADSTS7000215: Invalid client secret.\r\nTrace ID: 1\r\nCorrelation ID: 2"
                .into(),
            ..ErrorBody::default()
        };
        assert_eq!(body.code(), Some(7_000_215));
        assert_eq!(body.summary(), "AADSTS7000215: Invalid client secret.");
        let newer = ErrorBody {
            error_description: "AADSTS53003: Blocked. Trace ID: 1 Correlation ID: 2".into(),
            error_codes: vec![53003],
            ..ErrorBody::default()
        };
        assert_eq!((newer.code(), newer.summary().as_str()), (Some(53003), "AADSTS53003: Blocked."));
    }

    #[test]
    fn escaped_characters_in_the_description_do_not_hide_the_error() {
        let body: ErrorBody =
            serde_json::from_str(r#"{"error":"invalid_grant","error_description":"a \"quoted\" \u00e9"}"#)
                .expect("a body");
        assert_eq!(body.error, "invalid_grant");
    }
}
