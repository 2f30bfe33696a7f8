//! Azure Machine Learning, which speaks like App Service with API version 2017-09-01. No public page describes it.

use http::StatusCode;
use serde_json::json;

use super::Host;
use super::app_service::{OLDER_IDS, issue};
use super::variables;
use crate::exchange::{Request, Response};

pub(super) fn token(host: &mut Host<'_>, request: &Request) -> Response {
    let style = host.switches.machine_learning_date;
    let secret = ("secret", variables::MACHINE_LEARNING_SECRET);
    match issue(host, request, ("2017-09-01", secret, OLDER_IDS)) {
        Ok((issued, identity, resource)) => Response::json(
            StatusCode::OK,
            &json!({
                "access_token": issued.access_token,
                "expires_on": issued.expires_on(style),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": identity.application.id,
            }),
        ),
        Err((status, message)) => {
            let body = json!({ "error": { "code": status.canonical_reason(), "message": message } });
            Response::json(status, &body)
        }
    }
}
