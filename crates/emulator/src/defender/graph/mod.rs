//! The security part of Microsoft Graph v1.0: incidents, alerts and hunting.

mod alerts;
mod body;
mod errors;
mod evidence;
mod hunting;
mod incidents;
mod oddities;
mod page;
mod render;
mod update;
mod words;
mod write;

use http::{HeaderName, Method, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use self::errors::GraphError;
use self::words::LaterMembers;
use super::Defender;
use super::authorize::{Requirement, authenticate, permit};
use super::json::Page;
use super::path;
use super::quota::Route;
use super::world::record::Record;
use crate::caller::{Audience, Caller, TokenFault};
use crate::exchange::{Request, Response};

/// Ids by which one exchange is found again in the service's logs.
#[derive(Debug, Clone)]
pub(crate) struct Correlation {
    pub(crate) request_id: String,
    /// What the client sent, else the same as the request id.
    pub(crate) client_request_id: String,
    /// UTC without a zone, whole seconds.
    pub(crate) date: String,
    pub(crate) origin: String,
}

const READ_INCIDENTS: Requirement =
    requirement(&["SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All"]);
const WRITE_INCIDENTS: Requirement =
    Requirement { writes: true, ..requirement(&["SecurityIncident.ReadWrite.All"]) };
const READ_ALERTS: Requirement = requirement(&[
    "SecurityAlert.Read.All",
    "SecurityAlert.ReadWrite.All",
    "SecurityIncident.Read.All",
    "SecurityIncident.ReadWrite.All",
]);
const WRITE_ALERTS: Requirement =
    Requirement { writes: true, ..requirement(&["SecurityAlert.ReadWrite.All"]) };
const HUNT: Requirement = requirement(&["ThreatHunting.Read.All"]);

/// Graph names permissions alike for applications and people.
const fn requirement(permissions: &'static [&'static str]) -> Requirement {
    Requirement { roles: permissions, scopes: permissions, writes: false }
}

/// Answers a request below `/v1.0`.
pub(super) fn handle(
    defender: &mut Defender,
    caller: &Result<Caller, TokenFault>,
    request: &Request,
    now: Timestamp,
) -> Response {
    let request_id = defender.next_tracking_id();
    let sent = request.header("client-request-id").filter(|id| !id.is_empty());
    let correlation = Correlation {
        client_request_id: sent.unwrap_or(&request_id).to_owned(),
        request_id,
        date: now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        origin: request.origin.clone(),
    };
    let later = LaterMembers(prefers_later_members(request));
    let answer = match route(defender, caller, request, now, later) {
        Ok(response) => response,
        Err(fault) => fault.response(&correlation),
    };
    let answer = answer
        .with_header(HeaderName::from_static("request-id"), &correlation.request_id)
        .with_header(HeaderName::from_static("client-request-id"), &correlation.client_request_id);
    if later.0 {
        answer.with_header(HeaderName::from_static("preference-applied"), "include-unknown-enum-members")
    } else {
        answer
    }
}

fn prefers_later_members(request: &Request) -> bool {
    request
        .headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case("include-unknown-enum-members"))
}

fn route(
    defender: &mut Defender,
    caller: &Result<Caller, TokenFault>,
    request: &Request,
    now: Timestamp,
    later: LaterMembers,
) -> Result<Response, GraphError> {
    let ok = |body: Value| Response::json(StatusCode::OK, &body);
    let page = |page: Page<'_>| Response::json(StatusCode::OK, &page);
    let caller = authenticate(caller, &defender.world.tenant_id, &Audience::Graph)?;
    let segments = path::segments(&request.path);
    let segments: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    let ["security", rest @ ..] = segments.as_slice() else {
        return Err(GraphError::segment(segments.first().copied().unwrap_or_default()));
    };
    let quota = |defender: &mut Defender, requirement: &Requirement| {
        admit(defender, caller, requirement, Route::GraphSecurity, now)
    };
    match (&request.method, rest) {
        (&Method::GET, ["incidents"]) => {
            quota(defender, &READ_INCIDENTS)?;
            incidents::list(&defender.world, &defender.switches, request, later).map(page)
        }
        (&Method::GET, ["incidents", id]) => {
            quota(defender, &READ_INCIDENTS)?;
            incidents::get(&defender.world, request, incident(defender, id)?, later).map(ok)
        }
        (&Method::PATCH, ["incidents", id]) => {
            quota(defender, &WRITE_INCIDENTS)?;
            write::incident(defender, caller, request, id, now, later).map(ok)
        }
        (&Method::GET, ["incidents", id, "alerts"]) => {
            quota(defender, &READ_ALERTS)?;
            let of = incident(defender, id)?;
            alerts::list(&defender.world, &defender.switches, request, Some(of), later).map(page)
        }
        (&Method::POST, ["incidents", id, "comments"]) => {
            quota(defender, &WRITE_INCIDENTS)?;
            write::incident_comment(defender, caller, request, id, now).map(ok)
        }
        (&Method::GET, ["alerts_v2"]) => {
            quota(defender, &READ_ALERTS)?;
            alerts::list(&defender.world, &defender.switches, request, None, later).map(page)
        }
        (&Method::GET, ["alerts_v2", id]) => {
            quota(defender, &READ_ALERTS)?;
            let (_, alert) = defender.world.find_alert(id).ok_or_else(|| GraphError::unknown("alert", id))?;
            let rendered = render::single_alert(&defender.world, alert, later).into_value();
            Ok(ok(incidents::entity(request, "security/alerts_v2", rendered)))
        }
        (&Method::PATCH, ["alerts_v2", id]) => {
            quota(defender, &WRITE_ALERTS)?;
            write::alert(defender, request, id, now, later).map(ok)
        }
        (&Method::POST, ["alerts_v2", id, "comments"]) => {
            quota(defender, &WRITE_ALERTS)?;
            write::alert_comment(defender, caller, request, id, now).map(ok)
        }
        (&Method::POST, ["runHuntingQuery" | "microsoft.graph.security.runHuntingQuery"]) => {
            admit(defender, caller, &HUNT, Route::GraphHunting, now)?;
            if defender.switches.limits {
                let admitted = defender.cpu.admit(defender.switches.hunting_cpu_milliseconds, now);
                let header = defender.switches.graph_retry_after;
                admitted.map_err(|exhausted| GraphError::exhausted(exhausted, header))?;
            }
            let answer = hunting::run(&defender.world, request, now)?;
            defender.cpu.charge(&answer);
            Ok(ok(answer))
        }
        (_, rest) => Err(unknown_route(rest)),
    }
}

/// 405 for a known path, 400 naming the first unknown segment otherwise.
fn unknown_route(rest: &[&str]) -> GraphError {
    let unknown = match rest {
        ["incidents", _, "alerts" | "comments", beyond @ ..]
        | ["alerts_v2", _, "comments", beyond @ ..]
        | ["incidents" | "alerts_v2", _, beyond @ ..]
        | [
            "incidents" | "alerts_v2" | "runHuntingQuery" | "microsoft.graph.security.runHuntingQuery",
            beyond @ ..,
        ]
        | beyond => beyond.first(),
    };
    unknown.map_or_else(GraphError::method, |segment| GraphError::segment(segment))
}

fn admit(
    defender: &mut Defender,
    caller: &Caller,
    requirement: &Requirement,
    route: Route,
    now: Timestamp,
) -> Result<(), GraphError> {
    permit(caller, requirement)?;
    if defender.switches.limits {
        let header = defender.switches.graph_retry_after;
        defender
            .quota
            .admit(&caller.application_id, route, now)
            .map_err(|exceeded| GraphError::throttled(exceeded, header))?;
    }
    Ok(())
}

fn incident<'d>(defender: &'d Defender, id: &str) -> Result<&'d Record, GraphError> {
    id.parse()
        .ok()
        .and_then(|number| defender.world.shown_record(number))
        .ok_or_else(|| GraphError::unknown("incident", id))
}
