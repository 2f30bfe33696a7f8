//! `GET /v1.0/security/incidents` and `/{id}`.
//!
//! Source: Microsoft Graph v1.0, "List incidents" and "Get incident".

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::errors::GraphError;
use super::page::{self, Limits, Options};
use super::render;
use super::words::{self, LaterMembers};
use crate::defender::filter::{Grammar, Kind, Operand, Predicate, matches, parse};
use crate::defender::json::{Page, Rendered};
use crate::defender::switches::Switches;
use crate::defender::world::World;
use crate::defender::world::record::Record;
use crate::exchange::Request;

const GRAMMAR: Grammar = Grammar { exact_words: false, plain: false };
const PROPERTIES: &[(&str, Kind)] = &[
    ("assignedTo", Kind::Text),
    ("classification", Kind::Enum(words::CLASSIFICATIONS)),
    ("createdDateTime", Kind::Time),
    ("determination", Kind::Enum(words::DETERMINATIONS)),
    ("lastUpdateDateTime", Kind::Time),
    ("severity", Kind::Enum(words::SEVERITIES)),
    ("status", Kind::Enum(words::STATUSES)),
];
/// Members of the type, for `$select`.
const MEMBERS: &[&str] = &[
    "id",
    "tenantId",
    "status",
    "severity",
    "incidentWebUrl",
    "redirectIncidentId",
    "displayName",
    "createdDateTime",
    "lastUpdateDateTime",
    "assignedTo",
    "classification",
    "determination",
    "customTags",
    "systemTags",
    "description",
    "summary",
    "resolvingComment",
    "lastModifiedBy",
    "priorityScore",
    "comments",
    "alerts",
];
const LIMITS: Limits = Limits {
    default_top: 50,
    largest_top: 50,
    clamp: false,
    largest_skip: None,
    order_by: &["createdDateTime", "lastUpdateDateTime"],
    expand_alerts: true,
};

/// One page of incidents.
pub(crate) fn list<'w>(
    world: &'w World,
    switches: &Switches,
    request: &Request,
    later: LaterMembers,
) -> Result<Page<'w>, GraphError> {
    let options = page::options(request, &LIMITS)?;
    check_select(&options)?;
    let predicate = options.filter.as_deref().map(|text| parse(text, PROPERTIES, GRAMMAR)).transpose()?;
    let found = select(world, predicate.as_ref(), &options);
    let expansion = if options.expand { "(alerts())" } else { "" };
    let context = format!("{}/v1.0/$metadata#security/incidents{expansion}", request.origin);
    let count = options.count.then_some(found.len());
    if let Some(link) = page::link_after_empty_page(request, &options, switches) {
        return Ok(Page { context, count, next_link: Some(link), value: Vec::new() });
    }
    let page: Vec<&Record> = found.iter().skip(options.start).take(options.top).copied().collect();
    if options.expand
        && let Some(limit) = switches.expand_fault_above
        && page.iter().any(|record| world.alerts_of(record).nth(limit).is_some())
    {
        return Err(GraphError::internal());
    }
    let next_link = page::next_link(request, &options, switches, page.len(), found.len());
    let mut value: Vec<Rendered<'w>> = page
        .iter()
        .map(|record| narrow(render::incident(world, record, options.expand, later), &options))
        .collect();
    if switches.duplicate_incident_on_page
        && let Some(first) = value.first().cloned()
    {
        value.push(first);
    }
    Ok(Page { context, count, next_link, value })
}

/// One incident, with `$expand=alerts` and `$select` when the request says so.
pub(crate) fn get(
    world: &World,
    request: &Request,
    record: &Record,
    later: LaterMembers,
) -> Result<Value, GraphError> {
    let options = page::options(request, &LIMITS)?;
    check_select(&options)?;
    let rendered = render::incident(world, record, options.expand, later);
    let expansion = if options.expand { "(alerts())" } else { "" };
    Ok(entity(request, &format!("security/incidents{expansion}"), narrow(rendered, &options).into_value()))
}

/// A bare object with its context in front.
pub(crate) fn entity(request: &Request, set: &str, rendered: Value) -> Value {
    let mut members = Map::new();
    let context = format!("{}/v1.0/$metadata#{set}/$entity", request.origin);
    members.insert("@odata.context".to_owned(), context.into());
    if let Value::Object(mut own) = rendered {
        members.append(&mut own);
    }
    Value::Object(members)
}

/// Matching incidents in an order that stays the same while nothing changes.
fn select<'w>(world: &'w World, predicate: Option<&Predicate>, options: &Options) -> Vec<&'w Record> {
    let mut found: Vec<&Record> = world
        .shown()
        .filter(|record| predicate.is_none_or(|predicate| matches(predicate, &|name| value_of(record, name))))
        .collect();
    let (property, descending) = options.order.unwrap_or(("createdDateTime", true));
    let key = |record: &&Record| {
        let time = if property == "createdDateTime" { record.created } else { record.updated };
        (time, record.id)
    };
    if descending {
        found.sort_unstable_by_key(|record| Reverse(key(record)));
    } else {
        found.sort_unstable_by_key(key);
    }
    found
}

fn value_of<'r>(record: &'r Record, property: &str) -> Operand<'r> {
    match property {
        "createdDateTime" => Operand::Time(record.created),
        "lastUpdateDateTime" => Operand::Time(record.updated),
        "severity" => Operand::Text(words::severity(record.severity)),
        "status" => Operand::Text(words::status(record.status)),
        "classification" => {
            record.classification.map_or(Operand::Null, |value| Operand::Text(words::classification(value)))
        }
        "determination" => Operand::Text(words::determination(record.determination)),
        _ => record.assigned_to.as_deref().map_or(Operand::Null, Operand::Text),
    }
}

fn check_select(options: &Options) -> Result<(), GraphError> {
    let unknown =
        options.select.iter().flatten().find(|member| !MEMBERS.contains(&member.as_str()) && *member != "*");
    match unknown {
        None => Ok(()),
        Some(member) => Err(GraphError::query(format!(
            "Could not find a property named '{member}' on type 'microsoft.graph.security.incident'."
        ))),
    }
}

/// Keeps what `$select` names.
fn narrow<'w>(rendered: Rendered<'w>, options: &Options) -> Rendered<'w> {
    let Some(select) = options.select.as_ref().filter(|select| !select.iter().any(|member| member == "*"))
    else {
        return rendered;
    };
    let mut value = rendered.into_value();
    if let Some(members) = value.as_object_mut() {
        members.retain(|key, _| {
            select.iter().any(|member| member == key)
                || (options.expand && key == "alerts")
                || key.starts_with('@')
        });
    }
    Rendered::Edited(value)
}
