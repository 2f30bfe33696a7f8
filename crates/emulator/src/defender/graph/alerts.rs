//! `GET /v1.0/security/alerts_v2`, `/{id}` and `/incidents/{id}/alerts`.
//!
//! Source: Microsoft Graph v1.0, "List `alerts_v2`" and "Get alert".

use std::cmp::Reverse;

use super::errors::GraphError;
use super::page::{self, Limits};
use super::render;
use super::words::{self, LaterMembers};
use crate::defender::filter::{Grammar, Kind, Operand, matches, parse};
use crate::defender::json::{Page, Rendered};
use crate::defender::switches::Switches;
use crate::defender::world::World;
use crate::defender::world::alert::Alert;
use crate::defender::world::record::Record;
use crate::defender::world::ticks::{SECOND, Ticks};
use crate::exchange::Request;

const GRAMMAR: Grammar = Grammar { exact_words: false, plain: false };
const PROPERTIES: &[(&str, Kind)] = &[
    ("assignedTo", Kind::Text),
    ("classification", Kind::Enum(words::CLASSIFICATIONS)),
    ("determination", Kind::Enum(words::DETERMINATIONS)),
    ("createdDateTime", Kind::Time),
    ("lastUpdateDateTime", Kind::Time),
    ("severity", Kind::Enum(words::SEVERITIES)),
    ("serviceSource", Kind::Enum(words::SOURCES)),
    ("status", Kind::Enum(words::ALERT_STATUSES)),
];
const LIMITS: Limits = Limits {
    default_top: 100,
    largest_top: 1000,
    clamp: true,
    largest_skip: Some(500),
    order_by: &["createdDateTime", "lastUpdateDateTime"],
    expand_alerts: false,
};

/// One page of alerts: of one incident, or of the whole tenant.
pub(crate) fn list<'w>(
    world: &'w World,
    switches: &Switches,
    request: &Request,
    of: Option<&'w Record>,
    later: LaterMembers,
) -> Result<Page<'w>, GraphError> {
    let options = page::options(request, &LIMITS)?;
    if options.select.is_some() {
        return Err(GraphError::query("The query parameter '$select' is not supported."));
    }
    let predicate = options.filter.as_deref().map(|text| parse(text, PROPERTIES, GRAMMAR)).transpose()?;
    let records = of.map_or(world.records(), std::slice::from_ref);
    let mut found: Vec<Alert<'_>> = records
        .iter()
        .flat_map(|record| world.alerts_of(record))
        .map(|alert| Alert { updated: coarse(alert.updated, switches), ..alert })
        .filter(|alert| {
            predicate.as_ref().is_none_or(|predicate| matches(predicate, &|name| value_of(alert, name)))
        })
        .collect();
    let (property, descending) = options.order.unwrap_or(("createdDateTime", true));
    let key = |alert: &Alert<'_>| {
        let time = if property == "createdDateTime" { alert.created } else { alert.updated };
        (time, alert.origin, alert.index)
    };
    if switches.ignore_order_by {
        found.sort_unstable_by_key(|alert| (alert.index, alert.origin));
    } else if descending {
        found.sort_unstable_by_key(|alert| Reverse(key(alert)));
    } else {
        found.sort_unstable_by_key(key);
    }
    let total = found.len();
    let value: Vec<Rendered<'w>> = found
        .into_iter()
        .skip(options.start)
        .take(options.top)
        .map(|alert| render::single_alert(world, alert, later))
        .collect();
    let set = of.map_or_else(
        || "security/alerts_v2".to_owned(),
        |record| format!("security/incidents('{}')/alerts", record.id),
    );
    Ok(Page {
        context: format!("{}/v1.0/$metadata#{set}", request.origin),
        count: options.count.then_some(total),
        next_link: page::next_link(request, &options, switches, value.len(), total),
        value,
    })
}

fn coarse(at: Ticks, switches: &Switches) -> Ticks {
    match switches.alert_update_grain {
        Some(seconds) if seconds > 0 => {
            let grain = i64::from(seconds) * SECOND;
            Ticks(at.0.div_euclid(grain) * grain)
        }
        _ => at,
    }
}

fn value_of<'a>(alert: &'a Alert<'_>, property: &str) -> Operand<'a> {
    match property {
        "createdDateTime" => Operand::Time(alert.created),
        "lastUpdateDateTime" => Operand::Time(alert.updated),
        "severity" => Operand::Text(words::severity(alert.severity)),
        "status" => Operand::Text(words::alert_status(alert.status)),
        "serviceSource" => Operand::Text(words::source(alert.source)),
        "classification" => {
            alert.classification.map_or(Operand::Null, |value| Operand::Text(words::classification(value)))
        }
        "determination" => {
            alert.determination.map_or(Operand::Null, |value| Operand::Text(words::determination(value)))
        }
        _ => alert.assigned_to.map_or(Operand::Null, Operand::Text),
    }
}
