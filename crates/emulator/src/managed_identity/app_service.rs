//! App Service, Functions and Container Apps: API version 2019-08-01, and 2017-09-01 before it.
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity>

use http::{HeaderName, Method, StatusCode};
use serde_json::{Value, json};

use super::Host;
use super::query::repeated;
use super::selection::{By, NotChosen, choose};
use super::tokens::Issued;
use super::variables;
use crate::directory::managed_identities::ManagedIdentity;
use crate::directory::resources;
use crate::exchange::{Request, Response};

const IDS: &[(&str, By)] = &[
    ("client_id", By::Client),
    ("principal_id", By::Object),
    ("object_id", By::Object),
    ("mi_res_id", By::Resource),
];

pub(super) const OLDER_IDS: &[(&str, By)] = &[("clientid", By::Client)];

/// A refusal: status and text. Wrong resources are answered vaguely.
pub(super) type Refusal = (StatusCode, &'static str);

/// API version 2019-08-01.
pub(super) fn token(host: &mut Host<'_>, request: &Request) -> Response {
    let secret = ("x-identity-header", variables::APP_SERVICE_SECRET);
    let issued = issue(host, request, ("2019-08-01", secret, IDS));
    finish(
        host,
        issued.map(|(issued, identity, resource)| {
            json!({
                "access_token": issued.access_token,
                "expires_on": issued.expires_on.to_string(),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": identity.application.id,
            })
        }),
    )
}

/// API version 2017-09-01.
pub(super) fn older_token(host: &mut Host<'_>, request: &Request) -> Response {
    let style = host.switches.app_service_2017_date;
    let secret = ("secret", variables::APP_SERVICE_2017_SECRET);
    let issued = issue(host, request, ("2017-09-01", secret, OLDER_IDS));
    finish(
        host,
        issued.map(|(issued, _, resource)| {
            json!({
                "access_token": issued.access_token,
                "expires_on": issued.expires_on(style),
                "resource": resource,
                "token_type": "Bearer",
            })
        }),
    )
}

/// The checks these hosts have in common: `rules` are the API version, the secret header, and the names of ids.
pub(super) fn issue<'a>(
    host: &mut Host<'_>,
    request: &'a Request,
    (version, (header, secret), ids): (&str, (&str, &str), &[(&'static str, By)]),
) -> Result<(Issued, &'static ManagedIdentity, &'a str), Refusal> {
    if request.method != Method::GET {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "The request method is not supported."));
    }
    if request.header(header) != Some(secret) {
        return Err((StatusCode::UNAUTHORIZED, "The secret header is missing or wrong."));
    }
    if repeated(request).is_some() {
        return Err((StatusCode::BAD_REQUEST, "A query parameter comes more than once."));
    }
    if request.option("api-version") != Some(version) {
        return Err((StatusCode::BAD_REQUEST, "The api-version is missing or not supported."));
    }
    let resource = request
        .option("resource")
        .filter(|resource| !resource.is_empty())
        .ok_or((StatusCode::BAD_REQUEST, "The parameter 'resource' is missing."))?;
    let chosen = choose(request, ids, host.switches).map_err(|reason| {
        (
            StatusCode::BAD_REQUEST,
            match reason {
                NotChosen::TwoIds => "Only one of ClientId, PrincipalId and ResourceId may be given.",
                NotChosen::NotFound | NotChosen::Ambiguous => {
                    "No User Assigned or Delegated Managed Identity found for specified \
                     ClientId/ResourceId/PrincipalId."
                }
            },
        )
    })?;
    if resources::audience(resource).is_none() {
        return Err((StatusCode::INTERNAL_SERVER_ERROR, "An unexpected error occurred."));
    }
    let issued = host
        .tokens
        .of(host.entra, chosen.identity, resource, host.now)
        .map_err(|_| (StatusCode::INTERNAL_SERVER_ERROR, "An unexpected error occurred."))?;
    Ok((issued, chosen.identity, resource))
}

/// The answer, or the refusal in the layout of App Service.
fn finish(host: &mut Host<'_>, answer: Result<Value, Refusal>) -> Response {
    match answer {
        Ok(body) => Response::json(StatusCode::OK, &body),
        Err((status, message)) => {
            let id = host.entra.fresh_guid();
            let body = json!({ "statusCode": status.as_u16(), "message": message, "correlationId": id });
            Response::json(status, &body).with_header(HeaderName::from_static("x-correlation-id"), &id)
        }
    }
}
