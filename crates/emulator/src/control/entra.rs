//! Levers of the authority, below `/_control/entra`.

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::challenge::Challenge;
use super::endpoint::{Answer, done, nothing, problem, read};
use crate::entra::authorize::script::ScriptedSignIn;
use crate::entra::claims_request::fresh_token;
use crate::entra::scripted::SignInRefusal;
use crate::entra::session::Ending;
use crate::exchange::{Request, Response};
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Death {
    /// The AADSTS number the refresh tokens are refused with.
    code: u32,
    /// Whose they are; everybody's if absent.
    #[serde(default)]
    user: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Demand {
    #[serde(default)]
    path_prefix: String,
    /// A token made after now if absent.
    #[serde(default)]
    claims: Option<Value>,
}

/// Answers a request to `/_control/entra/{path}`; `None` for paths nobody knows.
pub(super) fn answer(world: &mut World, request: &Request, path: &[&str], now: Timestamp) -> Option<Answer> {
    Some(match (path, &request.method) {
        (["authorize"], &Method::POST) => authorize(world, request, now),
        (["refusals"], &Method::GET) => Ok(Response::json(StatusCode::OK, &world.entra.scripted.waiting())),
        (["refusals"], &Method::POST) => read::<SignInRefusal>(request).map(|refusal| {
            world.entra.scripted.add(refusal);
            Response::json(StatusCode::CREATED, &json!({ "refusals": world.entra.scripted.waiting().len() }))
        }),
        (["refusals"], &Method::DELETE) => {
            world.entra.scripted.clear();
            Ok(nothing())
        }
        (["sessions", "end"], &Method::POST) => end_sessions(world, request),
        (["claims-challenge"], &Method::GET) => Ok(Response::json(StatusCode::OK, &world.challenges)),
        (["claims-challenge"], &Method::POST) => read::<Demand>(request).and_then(|demand| {
            let claims = demand.claims.unwrap_or_else(|| fresh_token(now));
            if !claims.get("access_token").is_some_and(Value::is_object) {
                return Err(problem(
                    StatusCode::BAD_REQUEST,
                    "`claims` is an object with `access_token` in it",
                ));
            }
            let challenge = Challenge { path_prefix: demand.path_prefix, claims };
            world.challenges.push(challenge.clone());
            Ok(Response::json(StatusCode::CREATED, &challenge))
        }),
        (["claims-challenge"], &Method::DELETE) => {
            world.challenges.clear();
            Ok(nothing())
        }
        (["applications", id, what], _) => {
            return super::registrations::of_application(world, request, id, what);
        }
        _ => return None,
    })
}

fn authorize(world: &mut World, request: &Request, now: Timestamp) -> Answer {
    let ScriptedSignIn { url, user, decision } = read(request)?;
    match world.entra.authorize_by_script(&url, &user, decision, now) {
        Ok(told) => Ok(done(&told)),
        Err(error) => Err(Box::new(Response::json(StatusCode::BAD_REQUEST, &error.told()))),
    }
}

fn end_sessions(world: &mut World, request: &Request) -> Answer {
    let Death { code, user } = read(request)?;
    let ending = Ending::numbered(code).ok_or_else(|| {
        problem(StatusCode::BAD_REQUEST, "`code` is one of 50173, 700082, 700084 and 70043")
    })?;
    Ok(done(&json!({ "ended": world.entra.end_sessions(user.as_deref(), ending) })))
}
