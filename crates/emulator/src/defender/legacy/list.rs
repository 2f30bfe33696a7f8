//! `GET /api/incidents`.
//!
//! Source: Microsoft Learn, "List incidents API in Microsoft Defender XDR".

use super::errors::LegacyError;
use super::{render, words};
use crate::defender::filter::{Grammar, Kind, Operand, Predicate, matches, parse};
use crate::defender::json::{Page, Rendered};
use crate::defender::link::append_option;
use crate::defender::switches::Switches;
use crate::defender::world::World;
use crate::defender::world::random::SplitMix64;
use crate::defender::world::record::Record;
use crate::exchange::Request;

const PROPERTIES: &[(&str, Kind)] = &[
    ("lastUpdateTime", Kind::Time),
    ("createdTime", Kind::Time),
    ("status", Kind::Enum(words::STATUSES)),
    ("assignedTo", Kind::Text),
];
const LARGEST_PAGE: usize = 100;
const STREAM_ORDER: u64 = 8;

/// One page of incidents.
pub(crate) fn list<'w>(
    world: &'w World,
    switches: &Switches,
    request: &Request,
) -> Result<Page<'w>, LegacyError> {
    let mut top = LARGEST_PAGE;
    let mut skip = 0;
    let mut filter = None;
    for (name, value) in &request.query {
        match name.as_str() {
            "$top" => top = number(name, value)?,
            "$skip" => skip = number(name, value)?,
            "$filter" => filter = Some(value.as_str()),
            other if other.starts_with('$') => {
                return Err(LegacyError::odata(format!("The query parameter '{other}' is not supported.")));
            }
            _ => {}
        }
    }
    if top > LARGEST_PAGE {
        return Err(LegacyError::bad_request(format!(
            "The limit of '{LARGEST_PAGE}' for Top query has been exceeded. The value from the incoming request is '{top}'."
        )));
    }
    let grammar = Grammar { exact_words: true, plain: switches.legacy_plain_filters };
    let predicate = filter.map(|text| parse(text, PROPERTIES, grammar)).transpose().map_err(|fault| {
        LegacyError::odata(format!("The query specified in the URI is not valid. {fault}"))
    })?;
    let found = select(world, predicate.as_ref());
    let page: Vec<&Record> = found.iter().skip(skip).take(top).copied().collect();
    let mut value: Vec<Rendered<'w>> = page.iter().map(|record| render::incident(world, record)).collect();
    if switches.duplicate_incident_on_page
        && let Some(first) = value.first().cloned()
    {
        value.push(first);
    }
    let mut next_link = None;
    let next = skip.saturating_add(page.len());
    if next < found.len() && !page.is_empty() && switches.legacy_next_link && !switches.drop_next_link {
        let mut link = format!("{}/api/incidents?$top={top}&$skip={next}", request.origin);
        if let Some(filter) = filter {
            link.push('&');
            append_option(&mut link, "$filter", filter);
        }
        next_link = Some(link);
    }
    let context = format!("{}/api/$metadata#Incidents", request.origin);
    Ok(Page { context, count: None, next_link, value })
}

/// Matching incidents, roughly newest first: the real list is not reliably ordered either.
fn select<'w>(world: &'w World, predicate: Option<&Predicate>) -> Vec<&'w Record> {
    let mut found: Vec<&Record> = world
        .shown()
        .filter(|record| {
            predicate.is_none_or(|predicate| {
                matches(predicate, &|property| match property {
                    "lastUpdateTime" => Operand::Time(record.updated),
                    "createdTime" => Operand::Time(record.created),
                    "status" => Operand::Text(words::status(record.status)),
                    _ => record.assigned_to.as_deref().map_or(Operand::Null, Operand::Text),
                })
            })
        })
        .collect();
    found.sort_unstable_by_key(|record| std::cmp::Reverse((record.created, record.id)));
    for neighbours in found.chunks_exact_mut(2) {
        if SplitMix64::keyed(world.seed, STREAM_ORDER, neighbours[0].id).chance(30) {
            neighbours.swap(0, 1);
        }
    }
    found
}

fn number(name: &str, value: &str) -> Result<usize, LegacyError> {
    value.parse().map_err(|_| {
        LegacyError::odata(format!(
            "The query specified in the URI is not valid. Invalid value '{value}' for {name} query option found. \
             The {name} query option requires a non-negative integer value."
        ))
    })
}
