//! Claims challenges: an API refuses tokens until they carry what it demands.
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exchange::{Request, Response};

/// A demand in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// What the path starts with; every API if empty.
    pub(crate) path_prefix: String,
    /// `{"access_token": {…}}`.
    pub(crate) claims: Value,
}

impl Challenge {
    pub(crate) fn concerns(&self, request: &Request) -> bool {
        request.path.starts_with(&self.path_prefix)
    }

    /// The refusal of a token that lacks the claims.
    pub(crate) fn response(&self, request: &Request) -> Response {
        let header = format!(
            "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", error=\"insufficient_claims\", \
             claims=\"{}\"",
            request.origin,
            STANDARD.encode(self.claims.to_string())
        );
        let body = json!({ "error": {
            "code": "InvalidAuthenticationToken",
            "message": "Continuous access evaluation resulted in a challenge: the token lacks claims.",
        } });
        Response::json(StatusCode::UNAUTHORIZED, &body).with_header(WWW_AUTHENTICATE, &header)
    }
}
