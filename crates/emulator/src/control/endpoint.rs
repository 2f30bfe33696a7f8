//! The control endpoint: the same levers over HTTP, as JSON below `/_control`.

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::fault::{Fault, FaultRule};
use crate::entra::device_code::{Decision, DecisionError, ScriptedFailure};
use crate::exchange::{Request, Response};
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum ClockChange {
    AdvanceSeconds(i64),
    Set(Timestamp),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    user: String,
}

/// Answers a control request.
pub(crate) fn answer(world: &mut World, request: &Request) -> Response {
    route(world, request).unwrap_or_else(|problem| *problem)
}

/// Boxed, since a response is large beside the success that is usual.
pub(super) type Answer = Result<Response, Box<Response>>;

fn route(world: &mut World, request: &Request) -> Answer {
    let now = world.clock.now();
    let segments: Vec<&str> = request.path.split('/').skip(2).collect();
    let method = &request.method;
    match (segments.as_slice(), method) {
        (["ready"], &Method::GET) => Ok(done(&json!({ "ready": true, "origin": world.origin, "now": now }))),
        (["requests"], &Method::GET) => Ok(Response::json(StatusCode::OK, &world.log.entries())),
        (["requests"], &Method::DELETE) => {
            world.log.clear();
            Ok(nothing())
        }
        (["clock"], &Method::GET) => Ok(done(&json!({ "now": now }))),
        (["clock"], &Method::POST) => {
            let moved = match read(request)? {
                ClockChange::AdvanceSeconds(seconds) => {
                    world.clock.advance(SignedDuration::from_secs(seconds))
                }
                ClockChange::Set(to) => world.clock.set(to),
            };
            moved.map_err(|error| problem(StatusCode::BAD_REQUEST, &error.to_string()))?;
            Ok(done(&json!({ "now": world.clock.now() })))
        }
        (["faults"], &Method::GET) => Ok(Response::json(StatusCode::OK, &world.faults.rules())),
        (["faults"], &Method::POST) => {
            let rule = read::<FaultRule>(request)?;
            if let Fault::Status { status, .. } = rule.fault
                && !(200..600).contains(&status)
            {
                return Err(problem(StatusCode::BAD_REQUEST, "`status` is an HTTP status from 200 to 599"));
            }
            world.faults.add(rule);
            Ok(Response::json(StatusCode::CREATED, &json!({ "faults": world.faults.rules().len() })))
        }
        (["faults"], &Method::DELETE) => {
            world.faults.clear();
            Ok(nothing())
        }
        (["device", user_code, action], &Method::POST) => {
            let decision = match *action {
                "approve" => Decision::Approved { user: read::<Approval>(request)?.user },
                "decline" => Decision::Declined,
                "fail" => Decision::Failed(read::<ScriptedFailure>(request)?),
                _ => return Err(problem(StatusCode::NOT_FOUND, "actions: approve, decline, fail")),
            };
            world.entra.decide(user_code, decision, now).map_err(|error| {
                let status = match error {
                    DecisionError::UnknownCode | DecisionError::UnknownPerson => StatusCode::NOT_FOUND,
                    _ => StatusCode::CONFLICT,
                };
                problem(status, &error.to_string())
            })?;
            Ok(nothing())
        }
        (["device"], &Method::GET) => Ok(done(&json!({ "waiting": world.entra.waiting(now) }))),
        (["sessions", "revoke"], &Method::POST) => {
            Ok(done(&json!({ "revoked": world.entra.revoke_sessions(now) })))
        }
        (["federation", name, "token"], &Method::POST) => {
            super::registrations::subject_token(world, request, name, now)
        }
        (["managed-identity"], _) => super::managed_identity::answer(world, request)
            .unwrap_or_else(|| Err(problem(StatusCode::NOT_FOUND, "no such control path or method"))),
        (["entra", path @ ..], _) => super::entra::answer(world, request, path, now)
            .unwrap_or_else(|| Err(problem(StatusCode::NOT_FOUND, "no such control path or method"))),
        _ => world
            .defender
            .control(request, now)
            .ok_or_else(|| problem(StatusCode::NOT_FOUND, "no such control path or method")),
    }
}

pub(super) fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Box<Response>> {
    serde_json::from_slice(&request.body)
        .map_err(|error| problem(StatusCode::BAD_REQUEST, &format!("the body does not fit: {error}")))
}

pub(super) fn done(body: &Value) -> Response {
    Response::json(StatusCode::OK, body)
}

pub(super) fn nothing() -> Response {
    let mut response = Response::bytes(StatusCode::NO_CONTENT, "text/plain", "");
    response.headers.clear();
    response
}

pub(super) fn problem(status: StatusCode, message: &str) -> Box<Response> {
    Box::new(Response::json(status, &json!({ "error": { "message": message } })))
}
