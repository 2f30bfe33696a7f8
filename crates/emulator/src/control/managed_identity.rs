//! Levers of the hosts of managed identities, at `/_control/managed-identity`.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::endpoint::{Answer, done, problem, read};
use crate::exchange::Request;
use crate::managed_identity::variables;
use crate::world::World;

/// Variables to set, identities and switches; a POST changes the switches it names. `None` for other methods.
pub(super) fn answer(world: &mut World, request: &Request) -> Option<Answer> {
    Some(match request.method {
        Method::GET => Ok(done(&told(world))),
        Method::POST => change(world, request).map(|()| done(&told(world))),
        _ => return None,
    })
}

/// What a program needs to know.
pub(super) fn told(world: &World) -> Value {
    json!({
        "hosts": variables::of_hosts(&world.managed_identity_origin),
        "identities": variables::of_identities(),
        "switches": world.hosts.switches,
    })
}

fn change(world: &mut World, request: &Request) -> Result<(), Box<crate::exchange::Response>> {
    let changes: Map<String, Value> = read(request)?;
    let mut all = json!(world.hosts.switches);
    for (name, value) in changes {
        all[name] = value;
    }
    world.hosts.switches = serde_json::from_value(all)
        .map_err(|error| problem(StatusCode::BAD_REQUEST, &format!("the body does not fit: {error}")))?;
    Ok(())
}
