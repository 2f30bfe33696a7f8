//! A successful answer of the token endpoint, in the layout of version 1 or 2.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::exchange::Response;

/// Which token endpoint was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `/oauth2/token`: takes `resource`, answers numbers as strings.
    V1,
    /// `/oauth2/v2.0/token`: takes `scope`.
    V2,
}

/// Tokens to hand out.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) resource: String,
    /// Granted scopes; absent for app-only tokens.
    pub(crate) scope: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
    pub(crate) client_info: Option<String>,
}

impl Tokens {
    pub(crate) fn into_response(
        self,
        version: Version,
        now: Timestamp,
        lifetime: SignedDuration,
    ) -> Response {
        let seconds = lifetime.as_secs();
        let mut body = Map::new();
        body.insert("token_type".to_owned(), json!("Bearer"));
        if let Some(scope) = self.scope {
            body.insert("scope".to_owned(), Value::String(scope));
        }
        match version {
            Version::V2 => {
                body.insert("expires_in".to_owned(), json!(seconds));
                body.insert("ext_expires_in".to_owned(), json!(seconds));
            }
            Version::V1 => {
                let issued = now.as_second();
                body.insert("expires_in".to_owned(), json!(seconds.to_string()));
                body.insert("ext_expires_in".to_owned(), json!(seconds.to_string()));
                body.insert("expires_on".to_owned(), json!(issued.saturating_add(seconds).to_string()));
                body.insert("not_before".to_owned(), json!(issued.to_string()));
                body.insert("resource".to_owned(), Value::String(self.resource));
            }
        }
        body.insert("access_token".to_owned(), Value::String(self.access_token));
        let rest = [
            ("refresh_token", self.refresh_token),
            ("id_token", self.id_token),
            ("client_info", self.client_info),
        ];
        for (name, value) in rest {
            if let Some(value) = value {
                body.insert(name.to_owned(), Value::String(value));
            }
        }
        Response::json(StatusCode::OK, &Value::Object(body))
    }
}
