//! Cloud Shell: the token of whoever has it open.
//! <https://learn.microsoft.com/azure/cloud-shell/msi-authorization>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Host;
use super::query::has_metadata_header;
use super::tokens::Issued;
use crate::directory::people::DANA;
use crate::directory::resources;
use crate::exchange::{Request, Response};

pub(super) fn token(host: &mut Host<'_>, request: &Request) -> Response {
    let refuse = |status: StatusCode, code: &str, message: &str| {
        Response::json(status, &json!({ "error": { "code": code, "message": message } }))
    };
    if request.method != Method::POST {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "Only POST is supported.");
    }
    if !has_metadata_header(request) {
        return refuse(StatusCode::BAD_REQUEST, "MissingHeader", "The header Metadata: true is required.");
    }
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&request.body).unwrap_or_default();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if ["client_id", "object_id", "msi_res_id", "mi_res_id"].into_iter().any(|name| field(name).is_some()) {
        return refuse(StatusCode::BAD_REQUEST, "BadRequest", "User-assigned identities are not supported.");
    }
    let Some(resource) = field("resource") else {
        return refuse(StatusCode::BAD_REQUEST, "MissingAudience", "The field 'resource' is required.");
    };
    if resources::audience(resource).is_none() {
        let message = format!("Audience {resource} is not a supported MSI token audience.");
        return refuse(StatusCode::BAD_REQUEST, "AudienceNotSupported", &message);
    }
    let lifetime = host.tokens.lifetime();
    match host.entra.mint_for_shell(&DANA, resource, lifetime, host.now) {
        Ok(token) => {
            let body = Issued::new(token, lifetime, host.now).in_texts(resource, host.now);
            Response::json(StatusCode::OK, &Value::Object(body))
        }
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string()),
    }
}
