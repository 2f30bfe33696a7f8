//! A service that repeats in its error what it was sent must not bring a secret into a message or a log.

use reqwest::header::{AUTHORIZATION, HeaderMap};

use super::exchange::Body;

/// Form fields that are secrets (RFC 6749, 7521, 7636, 8628).
const SECRET_FIELDS: &[&str] = &[
    "client_secret",
    "client_assertion",
    "refresh_token",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "assertion",
];

/// Shorter texts occur by chance, and hiding them would spoil messages.
const SHORTEST: usize = 8;

/// The secrets of a request, as they may come back: plain, form-encoded, or escaped in JSON. No `Debug`.
#[derive(Default)]
pub(super) struct Sent(Vec<String>);

impl Sent {
    pub(super) fn of(headers: &HeaderMap, body: &Body) -> Self {
        let mut secrets = Vec::new();
        if let Some(value) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            secrets.extend(value.split_whitespace().last().map(str::to_owned));
        }
        if let Body::Form(fields) = body {
            let secret = fields.iter().filter(|(name, _)| SECRET_FIELDS.contains(name));
            secrets.extend(secret.map(|(_, value)| value.clone()));
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
        let mut forms = Vec::new();
        for secret in secrets {
            let encoded = serde_urlencoded::to_string([("", &secret)]).unwrap_or_default();
            forms.push(encoded.trim_start_matches('=').to_owned());
            // A JSON text in its quotes.
            let quoted = serde_json::to_string(&secret).unwrap_or_default();
            forms.push(quoted.trim_matches('"').to_owned());
            forms.push(secret);
        }
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self(forms)
    }

    /// The body of a refusal without them.
    pub(super) fn hidden_in(&self, body: Vec<u8>) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(&body) else { return body };
        if !self.0.iter().any(|secret| text.contains(secret.as_str())) {
            return body;
        }
        let hidden =
            self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "(hidden)"));
        hidden.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(secret: &str) -> Sent {
        let fields = vec![("client_id", "an-application".to_owned()), ("client_secret", secret.to_owned())];
        Sent::of(&HeaderMap::new(), &Body::Form(fields))
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_and_nothing_else_is() {
        let sent = sent("plan/ted~\"secret");
        for echoed in ["plan/ted~\"secret", r#"plan/ted~\"secret"#, "plan%2Fted%7E%22secret"] {
            let body = format!("an-application sent {echoed}!");
            let hidden = String::from_utf8(sent.hidden_in(body.into_bytes())).expect("text");
            assert_eq!(hidden, "an-application sent (hidden)!");
        }
    }

    #[test]
    fn a_bearer_token_is_hidden_and_short_words_stay() {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "Bearer planted.token".parse().expect("a value"));
        let bearer = Sent::of(&headers, &Body::Empty);
        assert_eq!(bearer.hidden_in(b"no planted.token".to_vec()), b"no (hidden)");
        assert_eq!(sent("short").hidden_in(b"a short one".to_vec()), b"a short one");
    }
}
