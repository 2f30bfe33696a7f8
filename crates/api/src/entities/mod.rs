//! The things an incident is about: devices, users, mailboxes, files, addresses, processes and others, each once.
//!
//! Alerts repeat their evidence. Here, evidence of the same thing is one entity: by its identifying members, exactly;
//! a missing hash makes another file. What differs between its appearances is kept (verdicts, remediation, times, alerts).
//! Both APIs give the same entities as far as both know what identifies them.

mod identity;
mod others;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use defender_xdr_core::Timestamp;
use serde::Serialize;

use crate::alerts::{Alert, AlertQuery};
use crate::client::Client;
use crate::error::ApiError;
use crate::evidence::Evidence;
use crate::incidents::Extent;

use identity::{Identity, identify};

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EntityKind {
    /// A device.
    Device,
    /// A person's account.
    User,
    /// A mailbox.
    Mailbox,
    /// A file, or a hash of one.
    File,
    /// An IP address, or what stands in its place.
    Ip,
    /// An address of the web.
    Url,
    /// A process.
    Process,
    /// Anything else; [`Entity::evidence`] says what.
    Other,
}

impl EntityKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::Device,
        Self::User,
        Self::Mailbox,
        Self::File,
        Self::Ip,
        Self::Url,
        Self::Process,
        Self::Other,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::User => "user",
            Self::Mailbox => "mailbox",
            Self::File => "file",
            Self::Ip => "ip",
            Self::Url => "url",
            Self::Process => "process",
            Self::Other => "other",
        }
    }
}

/// What a piece of evidence is about, for people; `-` when it names nothing.
pub fn describe(evidence: Evidence<'_>) -> String {
    identify(evidence).map_or_else(|| "-".to_owned(), |identity| identity.value)
}

/// What a piece of evidence is about, and what kind of thing that is; `None` when it names nothing. A file is told by its
/// name and the beginning of its hash.
pub fn named(evidence: Evidence<'_>) -> Option<(EntityKind, String)> {
    let Identity { kind, value, ids, .. } = identify(evidence)?;
    let told = match ids.get("fileName").filter(|_| kind == EntityKind::File) {
        Some(name) if value.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{name} ({}…)", value.get(..12).unwrap_or(&value))
        }
        _ => value,
    };
    Some((kind, told))
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The kind of evidence, such as `ipEvidence`; an unknown kind by the server's own name.
    pub evidence: String,
    /// The value to look for: a host name, user principal name, hash, address, command line.
    pub value: String,
    /// What identifies it, under the names of the evidence's members.
    pub ids: BTreeMap<&'static str, String>,
    /// All verdicts about it.
    pub verdicts: BTreeSet<String>,
    /// All that was done about it.
    pub remediation: BTreeSet<String>,
    /// When it appeared first in an alert, in the server's own digits; the alert's time where the evidence has none.
    pub first_seen: Option<String>,
    /// When it appeared last.
    pub last_seen: Option<String>,
    /// The alerts it appears in.
    pub alert_ids: BTreeSet<String>,
    /// The incidents, by the ids that were asked for.
    pub incident_ids: BTreeSet<String>,
}

/// An entity with all the keys it goes by.
#[derive(Debug)]
struct Entry {
    entity: Entity,
    /// Strongest first.
    keys: Vec<String>,
}

/// Entities being gathered.
#[derive(Debug, Default)]
pub struct Entities {
    entries: Vec<Entry>,
    places: HashMap<(EntityKind, String), usize>,
    nameless: usize,
}

impl Client {
    /// Gathers the entities of an incident; one that was merged into another is followed there.
    ///
    /// Returns how many alerts could not be read.
    ///
    /// # Errors
    /// As [`Client::get_incident`].
    pub async fn incident_entities(&self, id: &str, entities: &mut Entities) -> Result<usize, ApiError> {
        let query =
            AlertQuery { incident: Some(id.to_owned()), extent: Extent::All, ..AlertQuery::default() };
        let mut alerts = self.list_alerts(&query);
        let mut unreadable = 0;
        while let Some(listed) = alerts.next().await? {
            match listed.alert {
                Ok(alert) => entities.add(id, &alert),
                Err(_) => unreadable += 1,
            }
        }
        Ok(unreadable)
    }
}

impl Entities {
    /// Adds the evidence of an alert, and the evidence inside that.
    pub fn add(&mut self, incident: &str, alert: &Alert) {
        for evidence in alert.evidence().flat_map(Evidence::with_all_inside) {
            match identify(evidence) {
                Some(identity) => self.add_one(incident, alert, evidence, identity),
                None => self.nameless += 1,
            }
        }
    }

    /// Pieces of evidence that do not say what they are about, such as an empty address.
    pub fn nameless(&self) -> usize {
        self.nameless
    }

    fn add_one(&mut self, incident: &str, alert: &Alert, evidence: Evidence<'_>, identity: Identity) {
        let seen = evidence.raw().get("createdDateTime").and_then(serde_json::Value::as_str);
        let seen = seen.filter(|text| text.parse::<Timestamp>().is_ok()).or(alert.text("createdDateTime"));
        let words = |word: Option<&str>| word.map(str::to_owned).into_iter().collect();
        let entity = Entity {
            kind: identity.kind,
            evidence: evidence.type_name().to_owned(),
            value: identity.value,
            ids: identity.ids,
            verdicts: words(evidence.verdict()),
            remediation: words(evidence.remediation_status()),
            first_seen: seen.map(str::to_owned),
            last_seen: seen.map(str::to_owned),
            alert_ids: words(Some(alert.id())),
            incident_ids: words(Some(incident)),
        };
        // Every identity has a key.
        let strongest = identity.keys.first().cloned().unwrap_or_default();
        let entry = Entry { entity, keys: identity.keys };
        let next = self.entries.len();
        let place = *self.places.entry((identity.kind, strongest)).or_insert(next);
        match self.entries.get_mut(place) {
            Some(known) => known.absorb(entry),
            None => self.entries.push(entry),
        }
    }

    /// All entities, by kind, then in the order in which they appeared.
    pub fn finish(self) -> Vec<Entity> {
        let mut kept: Vec<Entry> = Vec::new();
        let mut by_key: HashMap<(EntityKind, String), Vec<usize>> = HashMap::new();
        // Those with the strongest keys first: what is known by less may turn out to be one of them.
        let mut entries: Vec<(usize, Entry)> = self.entries.into_iter().enumerate().collect();
        entries.sort_by_key(|(place, entry)| (entry.weakness(), *place));
        let mut order = Vec::new();
        for (place, entry) in entries {
            let same: BTreeSet<usize> = entry
                .weak_keys()
                .filter_map(|key| by_key.get(&(entry.entity.kind, key.clone())))
                .flatten()
                .copied()
                .collect();
            // Two candidates would be a guess.
            if let (Some(only), 1) = (same.first(), same.len()) {
                kept[*only].absorb(entry);
                order[*only] = place.min(order[*only]);
                continue;
            }
            for key in &entry.keys {
                by_key.entry((entry.entity.kind, key.clone())).or_default().push(kept.len());
            }
            order.push(place);
            kept.push(entry);
        }
        let mut entities: Vec<_> = order.into_iter().zip(kept).collect();
        entities.sort_by_key(|(place, entry)| (entry.entity.kind, *place));
        entities.into_iter().map(|(_, entry)| entry.entity).collect()
    }
}

impl Entry {
    /// How far it is from being known by the strongest key of its kind.
    fn weakness(&self) -> usize {
        identity::strongest(self.entity.kind)
            .map_or(0, |name| usize::from(!self.keys.iter().any(|key| key.starts_with(name))))
    }

    /// The keys by which it may be one that is known better; none if it is known well.
    fn weak_keys(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().filter(|_| self.weakness() > 0)
    }

    fn absorb(&mut self, other: Self) {
        for key in other.keys {
            if !self.keys.contains(&key) {
                self.keys.push(key);
            }
        }
        let (entity, other) = (&mut self.entity, other.entity);
        for (name, id) in other.ids {
            entity.ids.entry(name).or_insert(id);
        }
        entity.verdicts.extend(other.verdicts);
        entity.remediation.extend(other.remediation);
        entity.alert_ids.extend(other.alert_ids);
        entity.incident_ids.extend(other.incident_ids);
        let at = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
        if at(&other.first_seen).is_some_and(|new| at(&entity.first_seen).is_none_or(|old| new < old)) {
            entity.first_seen = other.first_seen;
        }
        if at(&other.last_seen).is_some_and(|new| at(&entity.last_seen).is_none_or(|old| new > old)) {
            entity.last_seen = other.last_seen;
        }
    }
}

#[cfg(test)]
mod tests;
