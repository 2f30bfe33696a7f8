//! Levers of registrations, below `/_control/entra/applications/{id}`, and of the issuers outside, below
//! `/_control/federation`.

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::endpoint::{Answer, done, nothing, problem, read};
use crate::directory::applications;
use crate::entra::assertion::federation::{FederatedCredential, SubjectToken, issuer_url};
use crate::exchange::{Request, Response};
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    pem: String,
}

/// Answers a request to `/_control/entra/applications/{id}/{what}`; `None` for paths nobody knows.
pub(super) fn of_application(world: &mut World, request: &Request, id: &str, what: &str) -> Option<Answer> {
    let Some(application) = applications::find(id) else {
        return Some(Err(problem(StatusCode::NOT_FOUND, "no application has this id")));
    };
    let trust = &mut world.entra.records.trust;
    Some(match (what, &request.method) {
        ("certificates", &Method::POST) => read::<Certificate>(request).and_then(|Certificate { pem }| {
            match world.entra.register_certificate(id, &pem) {
                Ok(told) => Ok(Response::json(StatusCode::CREATED, &told)),
                Err(error) => Err(problem(StatusCode::BAD_REQUEST, &error.to_string())),
            }
        }),
        ("certificates", &Method::DELETE) => {
            trust.forget_certificates(application);
            Ok(nothing())
        }
        ("federated-credentials", &Method::POST) => read::<FederatedCredential>(request).map(|credential| {
            Response::json(StatusCode::CREATED, &world.entra.federate(application, credential))
        }),
        ("federated-credentials", &Method::DELETE) => {
            trust.forget_federations(application);
            Ok(nothing())
        }
        _ => return None,
    })
}

/// `POST /_control/federation/{name}/token`: a token of one of the emulator's own issuers.
pub(super) fn subject_token(world: &World, request: &Request, name: &str, now: Timestamp) -> Answer {
    let asked = if request.body.is_empty() { SubjectToken::default() } else { read(request)? };
    let token = world
        .entra
        .subject_token(name, &asked, now)
        .ok_or_else(|| problem(StatusCode::INTERNAL_SERVER_ERROR, "no random numbers to sign with"))?;
    Ok(done(&json!({ "token": token, "issuer": issuer_url(&world.entra.origin, name) })))
}
