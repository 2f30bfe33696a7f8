//! Control actions below `/_control/defender/`: switches, and moving the world.
//!
//! `GET|POST options` (the switches as JSON; a POST changes those it names), `POST incidents` (a new incident now),
//! `POST incidents/{id}/touch` (optional body `{"alerts": n}`: so many more alerts), `POST merge` or
//! `POST incidents/merge` (`{"source": n, "target": n}`), and `POST incidents/{id}/redirect` (`{"target": n}`, unchecked:
//! also to itself, in a circle, or to an incident that is not there).

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Defender;
use super::path;
use super::switches::Switches;
use super::world::ticks::Ticks;
use crate::exchange::{Request, Response};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    source: u64,
    target: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redirect {
    target: u64,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Touch {
    alerts: u32,
}

/// Answers a control request; `None` when the path is not below `/_control/defender/`.
pub(super) fn handle(defender: &mut Defender, request: &Request, now: Timestamp) -> Option<Response> {
    let segments = path::segments(&request.path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["_control", "defender", action @ ..] = segments.as_slice() else { return None };
    Some(match run(defender, request, action, Ticks::from_timestamp(now)) {
        Ok(body) => Response::json(StatusCode::OK, &body),
        Err((status, text)) => Response::json(status, &json!({ "error": { "message": text } })),
    })
}

/// An incident has no more.
const MOST_ALERTS: u32 = 255;

type Fault = (StatusCode, String);

fn run(defender: &mut Defender, request: &Request, action: &[&str], now: Ticks) -> Result<Value, Fault> {
    let wrong = |text: String| (StatusCode::BAD_REQUEST, text);
    match (&request.method, action) {
        (&Method::GET, ["options"]) => {}
        (&Method::POST, ["options"]) => {
            let changes: Map<String, Value> =
                serde_json::from_slice(&request.body).map_err(|fault| wrong(fault.to_string()))?;
            let mut all = json!(defender.switches);
            for (name, value) in changes {
                all[name] = value;
            }
            let switches: Switches = serde_json::from_value(all).map_err(|fault| wrong(fault.to_string()))?;
            if let Some(status) = switches.legacy_retired.filter(|status| !(300..600).contains(status)) {
                return Err(wrong(format!("'legacy_retired': {status} is no status of a refusal")));
            }
            if let Some(why) = switches.divergences.iter().find_map(|planted| planted.fault(&defender.world))
            {
                return Err(wrong(format!("'divergences': {why}")));
            }
            defender.switches = switches;
        }
        (&Method::POST, ["incidents"]) => return Ok(json!({ "id": defender.world.add(now) })),
        (&Method::POST, ["incidents", "merge"] | ["merge"]) => {
            let Merge { source, target } =
                serde_json::from_slice(&request.body).map_err(|fault| wrong(fault.to_string()))?;
            defender.world.merge(source, target, now).map_err(|text| wrong(text.to_owned()))?;
            return Ok(json!({ "source": source, "target": target }));
        }
        (&Method::POST, ["incidents", id, "touch"]) => {
            let Touch { alerts } = if request.body.is_empty() {
                Touch::default()
            } else {
                serde_json::from_slice(&request.body).map_err(|fault| wrong(fault.to_string()))?
            };
            if alerts > MOST_ALERTS {
                return Err(wrong(format!("'alerts': at most {MOST_ALERTS}")));
            }
            let number = id.parse().map_err(|_| wrong(format!("'{id}' is no incident number")))?;
            return if defender.world.touch(number, alerts, now) {
                Ok(json!({ "id": number }))
            } else {
                Err((StatusCode::NOT_FOUND, format!("incident {number} is unknown")))
            };
        }
        (&Method::POST, ["incidents", id, "redirect"]) => {
            let Redirect { target } =
                serde_json::from_slice(&request.body).map_err(|fault| wrong(fault.to_string()))?;
            let number = id.parse().map_err(|_| wrong(format!("'{id}' is no incident number")))?;
            return if defender.world.redirect(number, target, now) {
                Ok(json!({ "source": number, "target": target }))
            } else {
                Err((StatusCode::NOT_FOUND, format!("incident {number} is unknown")))
            };
        }
        _ => return Err((StatusCode::NOT_FOUND, "no such control action".to_owned())),
    }
    Ok(json!(defender.switches))
}
