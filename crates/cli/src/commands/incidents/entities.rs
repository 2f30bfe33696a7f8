//! `incidents entities`: what incidents are about, each thing once.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use clap::Args;
use defender_xdr_api::ApiErrorKind;
use defender_xdr_api::entities::{Entities, Entity, EntityKind};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{List, Record};
use crate::report::Report;
use crate::world::World;

/// The members of an entity, as columns for machines.
pub(crate) const FIELDS: &[&str] = &[
    "kind",
    "evidence",
    "value",
    "verdicts",
    "remediation",
    "firstSeen",
    "lastSeen",
    "alertIds",
    "incidentIds",
    "ids",
];

#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Incident ids.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Only these kinds: device, user, mailbox, file, ip, url, process, other; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "KINDS", value_parser = kind)]
    kind: Vec<EntityKind>,
    /// Only the values, one a line, for a block list; what is no IP address is left out of the addresses.
    #[arg(long, conflicts_with = "format")]
    values: bool,
}

fn kind(text: &str) -> Result<EntityKind, String> {
    EntityKind::ALL
        .into_iter()
        .find(|kind| kind.word().eq_ignore_ascii_case(text.trim()))
        .ok_or_else(|| format!("use one of {}", EntityKind::ALL.map(EntityKind::word).join(", ")))
}

pub(super) async fn run(world: &World, wanted: &Wanted) -> Result<Exit, Failure> {
    if world.global.raw {
        return Err(Failure::usage(
            "entities are gathered here: the server has no objects of its own for them",
        )
        .with_source("flag --raw")
        .with_hint("`incidents get --raw` prints the incident with all its evidence")
        .into());
    }
    let session = open(world).await?;
    let client = session.client()?;
    let mut entities = Entities::default();
    let (mut unreadable, mut missing, mut read) = (0, Vec::new(), 0);
    let mut fault = None;
    for id in &wanted.ids {
        match client.incident_entities(id, &mut entities).await {
            Ok(count) => {
                unreadable += count;
                read += 1;
            }
            // The others may be there all the same.
            Err(error) if is_about_one(error.kind()) && wanted.ids.len() > 1 => {
                tracing::warn!("incident {id}: {error}");
                missing.push(id.as_str());
                fault.get_or_insert(error);
            }
            Err(error) => {
                fault = Some(error);
                missing.clear();
                break;
            }
        }
    }
    session.tokens.flush().await;
    if let (0, Some(error)) = (read, &fault) {
        return session.told(Err(error.clone()), "argument ID");
    }
    let nameless = entities.nameless();
    if nameless > 0 {
        world.say(&format!("{nameless} pieces of evidence name nothing and are left out"));
    }
    let mut found = entities.finish();
    found.retain(|entity| wanted.kind.is_empty() || wanted.kind.contains(&entity.kind));
    if found.is_empty() {
        world.say("no entities");
    }
    if wanted.values {
        values(world, &found, !wanted.kind.is_empty())?;
    } else {
        list(world, &found)?;
    }
    match fault {
        Some(error) if missing.is_empty() => {
            session.told::<Exit, _>(Err(error), "argument ID").map_err(|failure| failure.after_output(true))
        }
        None if unreadable == 0 => Ok(Exit::Ok),
        _ => {
            let mut what = Vec::new();
            if !missing.is_empty() {
                what.push(format!("these incidents could not be read: {}", missing.join(", ")));
            }
            if unreadable > 0 {
                what.push(format!("{unreadable} alerts could not be read"));
            }
            Err(Report::new("partial", Exit::Partial, what.join("; ")).into())
        }
    }
}

/// Whether a failure says nothing about the next incident.
fn is_about_one(kind: ApiErrorKind) -> bool {
    matches!(
        kind,
        ApiErrorKind::NotFound
            | ApiErrorKind::Refused
            | ApiErrorKind::BadRequest
            | ApiErrorKind::Unavailable
            | ApiErrorKind::Unreadable
            | ApiErrorKind::Circle
    )
}

/// The values alone, each once.
fn values(world: &World, found: &[Entity], chosen: bool) -> Result<(), Failure> {
    let mut output = world.output();
    let mut printed = HashSet::new();
    let mut no_addresses = 0;
    for entity in found {
        if entity.kind == EntityKind::Ip && entity.value.parse::<IpAddr>().is_err() {
            no_addresses += 1;
        } else if printed.insert(entity.value.as_str()) {
            output.value(&entity.value)?;
        }
    }
    output.finish()?;
    let kinds: BTreeSet<&str> = found.iter().map(|entity| entity.kind.word()).collect();
    if kinds.len() > 1 && !chosen {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        world.say(&format!("values of several kinds ({}): `--kind` chooses", kinds.join(", ")));
    }
    if no_addresses > 0 {
        world.say(&format!("{no_addresses} values that are no IP addresses were left out"));
    }
    Ok(())
}

fn list(world: &World, found: &[Entity]) -> Result<(), Failure> {
    let columns = ["kind", "verdict", "remediation", "last seen", "alerts", "value"];
    let mut list = List::new(world.output(), &columns).with_all_fields(FIELDS)?;
    for entity in found {
        list.push(&Record::Model(entity), || short(entity))?;
    }
    list.finish()
}

fn short(entity: &Entity) -> Vec<String> {
    // A kind that stands for many says what it is.
    let kind = match entity.kind {
        EntityKind::Other => entity.evidence.trim_end_matches("Evidence"),
        known => known.word(),
    };
    // A hash means nothing to people.
    let value = match entity.ids.get("fileName") {
        Some(name) if entity.kind == EntityKind::File && !entity.value.contains(name) => {
            format!("{name} {}", entity.value)
        }
        _ => entity.value.clone(),
    };
    vec![
        kind.to_owned(),
        joined(&entity.verdicts, ", "),
        joined(&entity.remediation, ", "),
        entity.last_seen.as_deref().unwrap_or("-").to_owned(),
        entity.alert_ids.len().to_string(),
        value,
    ]
}

fn joined(words: &BTreeSet<String>, separator: &str) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(separator)
}
