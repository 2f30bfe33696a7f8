//! The `claims` parameter: what a client can handle, and what an API demanded of it.
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::aadsts;
use super::form::Form;
use super::refusal::Refusal;

/// A demand this many seconds ahead still means now.
const SAME_MOMENT: i64 = 5;

/// Claims asked for in an access token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AskedClaims {
    /// The client understands claims challenges (`xms_cc` with `cp1`).
    handles_challenges: bool,
    /// Authentication contexts (`acrs`).
    contexts: Vec<String>,
    /// The token has to be newer than this second.
    not_before: Option<i64>,
}

impl AskedClaims {
    /// Reads the parameter.
    pub(crate) fn read(form: &Form) -> Result<Self, Refusal> {
        let Some(text) = form.get("claims") else { return Ok(Self::default()) };
        let claims: Value =
            serde_json::from_str(text).map_err(|_| aadsts::malformed("the 'claims' parameter is no JSON"))?;
        let values = |name: &str| {
            let request = claims.get("access_token").and_then(|token| token.get(name));
            request.map(wanted).unwrap_or_default()
        };
        Ok(Self {
            handles_challenges: values("xms_cc").iter().any(|value| value == "cp1"),
            contexts: values("acrs"),
            not_before: values("nbf").first().and_then(|second| second.parse().ok()),
        })
    }

    /// What the start of a sign-in and its redemption asked for together.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.handles_challenges |= other.handles_challenges;
        self.not_before = self.not_before.max(other.not_before);
        for context in &other.contexts {
            if !self.contexts.contains(context) {
                self.contexts.push(context.clone());
            }
        }
        self
    }

    /// Puts the claims into a token.
    pub(crate) fn put(&self, claims: &mut Map<String, Value>) {
        if self.handles_challenges {
            claims.insert("xms_cc".to_owned(), json!(["cp1"]));
        }
        if let (Some(since), Some(made)) = (self.not_before, claims.get("nbf").and_then(Value::as_i64))
            && (made..made.saturating_add(SAME_MOMENT)).contains(&since)
        {
            claims.insert("nbf".to_owned(), json!(since));
        }
        if !self.contexts.is_empty() {
            claims.insert("acrs".to_owned(), json!(self.contexts));
        }
    }
}

/// The values a claim request names: `value` or `values`.
fn wanted(request: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = request.get("value").map(text);
    let many = request.get("values").and_then(Value::as_array).into_iter().flatten().map(text);
    one.into_iter().chain(many).collect()
}

/// Whether a token has everything a challenge (`{"access_token": …}`) demands. `nbf` demands a token no older than
/// that; any other claim has to be, or to contain, one of the values.
pub(crate) fn fulfils(token: &Value, challenge: &Value) -> bool {
    let demanded = challenge.get("access_token").and_then(Value::as_object);
    demanded.into_iter().flatten().all(|(name, request)| {
        let wanted = wanted(request);
        let Some(claim) = token.get(name) else { return false };
        if name == "nbf" {
            let since = wanted.first().and_then(|value| value.parse::<i64>().ok());
            return since.is_some_and(|since| claim.as_i64().is_some_and(|made| made >= since));
        }
        let has = |value: &String| match claim {
            Value::Array(values) => values.iter().any(|entry| entry == value.as_str()),
            Value::String(text) => text == value,
            _ => false,
        };
        wanted.is_empty() || wanted.iter().any(has)
    })
}

/// The challenge that refuses every token made until now, those of this very second included.
pub(crate) fn fresh_token(now: Timestamp) -> Value {
    let next = now.as_second().saturating_add(1);
    json!({ "access_token": { "nbf": { "essential": true, "value": next.to_string() } } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fulfils_a_challenge_or_not() {
        let token = json!({ "nbf": 1000, "acrs": ["c1"], "xms_cc": ["cp1"] });
        let demand =
            |name: &str, request: Value| fulfils(&token, &json!({ "access_token": { name: request } }));
        assert!(demand("nbf", json!({ "essential": true, "value": "1000" })));
        assert!(!demand("nbf", json!({ "essential": true, "value": "1001" })));
        assert!(demand("acrs", json!({ "essential": true, "value": "c1" })));
        assert!(demand("acrs", json!({ "values": ["c2", "c1"] })));
        assert!(!demand("acrs", json!({ "value": "c2" })));
        assert!(!demand("amr", json!({ "essential": true })));
        assert!(fulfils(&token, &json!({})));
    }
}
