//! What hosts answer, read tolerantly: numbers are mostly text, and one protocol writes dates.

use defender_xdr_core::{Secret, Timestamp};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A token, whichever host gave it. No `Debug`: it holds the token.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    #[serde(deserialize_with = "secret")]
    pub(crate) access_token: Secret,
    pub(crate) token_type: Option<String>,
    expires_in: Option<Value>,
    expires_on: Option<Value>,
    pub(crate) client_id: Option<String>,
    pub(crate) object_id: Option<String>,
    pub(crate) principal_id: Option<String>,
    pub(crate) msi_res_id: Option<String>,
    pub(crate) mi_res_id: Option<String>,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(serde::de::Error::custom("an empty token")) } else { Ok(Secret::new(text)) }
}

impl TokenAnswer {
    /// When the token ends: `expires_in` counted from the moment of the request, else `expires_on`.
    pub(crate) fn ends(&self, asked: Timestamp) -> Option<Timestamp> {
        let life = self.expires_in.as_ref().and_then(whole).filter(|seconds| *seconds > 0);
        match life {
            Some(seconds) => asked.saturating_add(SignedDuration::from_secs(seconds)).ok(),
            None => self.expires_on.as_ref().and_then(moment),
        }
    }
}

/// A whole number, written as a number or as text; a fraction is cut off.
fn whole(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let integer = text.split_once('.').map_or(text.as_str(), |(integer, _)| integer);
    integer.parse().ok()
}

/// How the protocol of 2017-09-01 writes a moment: on Linux, and on Windows.
const DATES: [&str; 2] = ["%m/%d/%Y %H:%M:%S %:z", "%m/%d/%Y %I:%M:%S %p %:z"];

/// Seconds since 1970, or a date.
fn moment(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = whole(value) {
        return Timestamp::from_second(seconds).ok();
    }
    let text = value.as_str()?.trim();
    DATES
        .iter()
        .find_map(|format| jiff::fmt::strtime::parse(format, text).ok()?.to_timestamp().ok())
        .or_else(|| text.parse().ok())
}

/// What a host says in an error, in whichever of four shapes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// A word for programs.
    pub(crate) code: String,
    /// A sentence for people.
    pub(crate) text: String,
    /// Quote to Microsoft support.
    pub(crate) correlation_id: Option<String>,
}

impl Complaint {
    /// `{"error", "error_description"}` (IMDS, Arc), `{"error": {"code", "message"}}` (Cloud Shell),
    /// `{"statusCode", "message", "correlationId"}` (App Service), `{"error": "a sentence"}` (IMDS). `None` for what
    /// is none of them.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let member = |value: &Value, names: &[&str]| {
            names.iter().find_map(|name| value.get(*name)?.as_str()).map(str::to_owned)
        };
        let correlation_id = member(&body, &["correlationId", "correlation_id"])
            .or_else(|| member(body.get("error")?, &["correlationId"]));
        let (code, text) = match body.get("error") {
            Some(Value::String(code)) => (code.clone(), member(&body, &["error_description", "message"])),
            Some(error @ Value::Object(_)) => {
                (member(error, &["code"]).unwrap_or_default(), member(error, &["message"]))
            }
            _ => (String::new(), member(&body, &["message", "Message"])),
        };
        let complaint = Self { code, text: text.unwrap_or_default(), correlation_id };
        (!complaint.code.is_empty() || !complaint.text.is_empty()).then_some(complaint)
    }

    /// Whether code or text holds these words, in any case.
    pub(crate) fn says(&self, words: &str) -> bool {
        format!("{} {}", self.code, self.text).to_ascii_lowercase().contains(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ends(members: Value) -> Option<String> {
        let mut body = members;
        body["access_token"] = json!("t");
        let answer: TokenAnswer = serde_json::from_value(body).expect("an answer");
        let asked = "2026-11-22T10:00:00Z".parse().expect("a time");
        answer.ends(asked).map(|moment| moment.to_string())
    }

    #[test]
    fn the_end_may_be_written_in_every_form_a_host_uses() {
        for (members, end) in [
            (json!({"expires_in": "3600"}), "2026-11-22T11:00:00Z"),
            (json!({"expires_in": 3600, "expires_on": "1"}), "2026-11-22T11:00:00Z"),
            (json!({"expires_in": "", "expires_on": "1795435200"}), "2026-11-23T12:00:00Z"),
            (json!({"expires_on": 1_795_435_200}), "2026-11-23T12:00:00Z"),
            (json!({"expires_on": "06/20/2019 02:57:58 +00:00"}), "2019-06-20T02:57:58Z"),
            (json!({"expires_on": "1/16/2020 5:24:12 AM +00:00"}), "2020-01-16T05:24:12Z"),
            (json!({"expires_on": "11/6/2026 12:04:05 PM +00:00"}), "2026-11-06T12:04:05Z"),
            (json!({"expires_on": "11/6/2026 12:04:05 AM +02:00"}), "2026-11-05T22:04:05Z"),
            (json!({"expires_on": "2026-11-23T12:00:00+00:00"}), "2026-11-23T12:00:00Z"),
        ] {
            assert_eq!(ends(members.clone()).as_deref(), Some(end), "{members}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for members in [
            json!({}),
            json!({"expires_on": "soon"}),
            json!({"expires_on": null}),
            json!({"expires_in": -5}),
            json!({"expires_on": "13/45/2026 00:00:00 +00:00"}),
            json!({"expires_on": "99999999999999999999"}),
        ] {
            assert_eq!(ends(members.clone()), None, "{members}");
        }
    }

    #[test]
    fn every_shape_of_an_error_is_read() {
        let read = |value: Value| {
            Complaint::read(value.to_string().as_bytes()).map(|complaint| (complaint.code, complaint.text))
        };
        let is = |code: &str, text: &str| Some((code.to_owned(), text.to_owned()));
        assert_eq!(read(json!({"error": "a", "error_description": "b"})), is("a", "b"));
        assert_eq!(read(json!({"error": {"code": "a", "message": "b"}})), is("a", "b"));
        assert_eq!(read(json!({"statusCode": 400, "message": "b"})), is("", "b"));
        assert_eq!(read(json!({"error": "A sentence.", "newest-versions": []})), is("A sentence.", ""));
        assert_eq!(read(json!({"other": 1})), None);
        assert_eq!(read(json!([])), None);
        assert_eq!(Complaint::read(b"<html>"), None);
    }
}
