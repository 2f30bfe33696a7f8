//! The Instance Metadata Service of virtual machines, API version 2018-02-01.
//! <https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Host;
use super::query::{has_metadata_header, repeated};
use super::selection::{By, NotChosen, choose};
use crate::directory::resources;
use crate::directory::tenants::AURORA;
use crate::exchange::{Request, Response};

const VERSIONS: &[&str] = &["2018-02-01", "2019-08-01", "2019-11-01", "2020-06-01", "2021-02-01"];

/// The documented names, and the one of App Service, which virtual machines take as well.
pub(super) const IDS: &[(&str, By)] = &[
    ("client_id", By::Client),
    ("object_id", By::Object),
    ("msi_res_id", By::Resource),
    ("mi_res_id", By::Resource),
];

pub(super) fn refuse(status: StatusCode, error: &str, text: &str) -> Response {
    Response::json(status, &json!({ "error": error, "error_description": text }))
}

fn bad_request(text: &str) -> Response {
    refuse(StatusCode::BAD_REQUEST, "invalid_request", text)
}

/// `/metadata/identity/oauth2/token`.
pub(super) fn token(host: &mut Host<'_>, request: &Request) -> Response {
    if let Some(refusal) = not_from_the_machine(request, VERSIONS) {
        return refusal;
    }
    match answer(host, request) {
        Ok(body) => Response::json(StatusCode::OK, &body),
        Err(refusal) => *refusal,
    }
}

/// `/metadata/identity/info`: the tenant of the machine.
pub(super) fn info(request: &Request) -> Response {
    not_from_the_machine(request, VERSIONS)
        .unwrap_or_else(|| Response::json(StatusCode::OK, &json!({ "tenantId": AURORA.id })))
}

pub(super) fn unknown_source() -> Response {
    refuse(StatusCode::UNAUTHORIZED, "unknown_source", "Unknown Source: the request URI is wrong.")
}

/// Refuses what did not come straight from a program on the machine.
pub(super) fn not_from_the_machine(request: &Request, versions: &[&str]) -> Option<Response> {
    if request.method != Method::GET {
        return Some(refuse(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "Only GET is allowed."));
    }
    if request.headers.contains_key("x-forwarded-for") {
        return Some(bad_request("Requests with the header X-Forwarded-For are refused"));
    }
    if !has_metadata_header(request) {
        let text = "Required metadata header not specified";
        return Some(refuse(StatusCode::BAD_REQUEST, "bad_request_102", text));
    }
    if let Some(name) = repeated(request) {
        return Some(bad_request(&format!("The parameter '{name}' comes more than once")));
    }
    if !request.option("api-version").is_some_and(|version| versions.contains(&version)) {
        return Some(Response::json(
            StatusCode::BAD_REQUEST,
            &json!({
                "error": "Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds",
                "newest-versions": versions.iter().rev().take(3).collect::<Vec<_>>(),
            }),
        ));
    }
    None
}

fn answer(host: &mut Host<'_>, request: &Request) -> Result<Value, Box<Response>> {
    let resource = resource(request)?;
    let chosen = choose(request, IDS, host.switches).map_err(|reason| Box::new(refused(reason)))?;
    let issued = host
        .tokens
        .of(host.entra, chosen.identity, resource, host.now)
        .map_err(|error| Box::new(failed(&error.to_string())))?;
    let mut body = issued.in_texts(resource, host.now);
    body.insert("client_id".to_owned(), json!(chosen.identity.application.id));
    Ok(Value::Object(body))
}

/// The resource asked for, as it was written.
pub(super) fn resource(request: &Request) -> Result<&str, Box<Response>> {
    let resource = request
        .option("resource")
        .filter(|resource| !resource.is_empty())
        .ok_or_else(|| Box::new(bad_request("Required query variable 'resource' is missing")))?;
    if resources::audience(resource).is_none() {
        let text = format!(
            "AADSTS500011: The resource principal named {resource} was not found in the tenant named {}.",
            AURORA.display_name
        );
        return Err(Box::new(refuse(StatusCode::BAD_REQUEST, "invalid_resource", &text)));
    }
    Ok(resource)
}

pub(super) fn refused(reason: NotChosen) -> Response {
    bad_request(match reason {
        NotChosen::TwoIds => "Only one of client_id, object_id and msi_res_id may be given",
        NotChosen::NotFound => "Identity not found",
        NotChosen::Ambiguous => {
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in \
             the token request"
        }
    })
}

pub(super) fn failed(text: &str) -> Response {
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "unknown", text)
}
