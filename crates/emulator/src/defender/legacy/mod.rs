//! The legacy Microsoft Defender XDR API: `/api/incidents` and `/api/advancedhunting/run`.

mod entities;
mod errors;
mod hunting;
mod list;
mod oddities;
mod render;
mod update;
mod words;

use http::{Method, StatusCode};
use serde_json::Value;

use self::errors::LegacyError;
use self::update::Update;
use super::Defender;
use super::author::Author;
use super::authorize::{Requirement, authenticate, permit};
use super::path;
use super::quota::Route;
use super::world::after;
use super::world::ticks::Ticks;
use crate::caller::{Audience, Caller, TokenFault};
use crate::exchange::{Request, Response};
use jiff::Timestamp;

const READ: Requirement = Requirement {
    roles: &["Incident.Read.All", "Incident.ReadWrite.All"],
    scopes: &["Incident.Read", "Incident.ReadWrite"],
    writes: false,
};
const WRITE: Requirement =
    Requirement { roles: &["Incident.ReadWrite.All"], scopes: &["Incident.ReadWrite"], writes: true };
const HUNT: Requirement =
    Requirement { roles: &["AdvancedHunting.Read.All"], scopes: &["AdvancedHunting.Read"], writes: false };

/// Answers a request below `/api`.
pub(super) fn handle(
    defender: &mut Defender,
    caller: &Result<Caller, TokenFault>,
    request: &Request,
    now: Timestamp,
) -> Response {
    let tracking = defender.next_tracking_id();
    match route(defender, caller, request, now) {
        Ok(response) => response,
        Err(fault) => fault.response(&tracking),
    }
}

fn route(
    defender: &mut Defender,
    caller: &Result<Caller, TokenFault>,
    request: &Request,
    now: Timestamp,
) -> Result<Response, LegacyError> {
    let ok = |body: Value| Response::json(StatusCode::OK, &body);
    if let Some(status) = defender.switches.legacy_retired {
        return Err(LegacyError::retired(status));
    }
    let caller = authenticate(caller, &defender.world.tenant_id, &Audience::Legacy)?;
    let segments = path::segments(&request.path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (&request.method, segments.as_slice()) {
        (&Method::GET, ["api", "incidents"]) => {
            admit(defender, caller, &READ, Route::LegacyList, now)?;
            let page = list::list(&defender.world, &defender.switches, request)?;
            Ok(Response::json(StatusCode::OK, &page))
        }
        (&Method::GET, ["api", "incidents", id]) => {
            admit(defender, caller, &READ, Route::LegacyGet, now)?;
            get(defender, request, id).map(ok)
        }
        (&Method::PATCH, ["api", "incidents", id]) => {
            admit(defender, caller, &WRITE, Route::LegacyUpdate, now)?;
            patch(defender, caller, request, id, now).map(ok)
        }
        (&Method::POST, ["api", "advancedhunting", "run"] | ["api", "advancedhunting", "run", ""]) => {
            admit(defender, caller, &HUNT, Route::LegacyHunting, now)?;
            require_json(request)?;
            if defender.switches.limits {
                let admitted = defender.cpu.admit(defender.switches.hunting_cpu_milliseconds, now);
                let header = defender.switches.legacy_retry_after;
                admitted.map_err(|exhausted| LegacyError::exhausted(exhausted, header))?;
            }
            let answer = hunting::run(&defender.world, &request.body, now)?;
            defender.cpu.charge(&answer);
            Ok(ok(answer))
        }
        (_, ["api", "incidents"] | ["api", "incidents", _] | ["api", "advancedhunting", "run", ..]) => {
            Err(LegacyError::method())
        }
        _ => Err(LegacyError::unknown_path()),
    }
}

fn admit(
    defender: &mut Defender,
    caller: &Caller,
    requirement: &Requirement,
    route: Route,
    now: Timestamp,
) -> Result<(), LegacyError> {
    permit(caller, requirement)?;
    if defender.switches.limits {
        let header = defender.switches.legacy_retry_after;
        defender
            .quota
            .admit(&caller.application_id, route, now)
            .map_err(|exceeded| LegacyError::throttled(exceeded, header))?;
    }
    Ok(())
}

fn get(defender: &Defender, request: &Request, id: &str) -> Result<Value, LegacyError> {
    let record = id
        .parse()
        .ok()
        .and_then(|number| defender.world.shown_record(number))
        .ok_or_else(|| LegacyError::unknown_incident(id))?;
    let mut body = serde_json::Map::new();
    let context = format!("{}/api/$metadata#Incidents/$entity", request.origin);
    body.insert("@odata.context".to_owned(), context.into());
    if let Value::Object(mut members) = render::incident(&defender.world, record).into_value() {
        body.append(&mut members);
    }
    Ok(Value::Object(body))
}

fn patch(
    defender: &mut Defender,
    caller: &Caller,
    request: &Request,
    id: &str,
    now: Timestamp,
) -> Result<Value, LegacyError> {
    let unknown = || LegacyError::unknown_incident(id);
    let number = id.parse().map_err(|_| unknown())?;
    let record = defender.world.record(number).ok_or_else(unknown)?;
    require_json(request)?;
    let update = Update::read(&request.body, record, &defender.switches)?;
    let record = defender.world.record_mut(number).ok_or_else(unknown)?;
    let at = after(record.updated, Ticks::from_timestamp(now));
    update.apply(record, &Author::from(caller), at);
    get(defender, request, id)
}

fn require_json(request: &Request) -> Result<(), LegacyError> {
    if path::says_json(request) { Ok(()) } else { Err(LegacyError::media_type()) }
}
