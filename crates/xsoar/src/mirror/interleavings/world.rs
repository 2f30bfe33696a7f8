//! A small platform and a small service between which mirroring stands.

use defender_xdr_core::Timestamp;
use serde_json::{Map, Value, json};

use super::super::{Effect, Event, LocalChange, Memory, MirrorSettings, step};

/// How many things people do.
const BY_PEOPLE: usize = 3;

const TO: &str = "to";
const FROM: &str = "from";

/// What a platform may do otherwise than another.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(super) struct Habits {
    /// What mirroring changed is told as a change of its own: an echo.
    pub(super) echoes: bool,
    /// Calls run beside each other.
    pub(super) overlaps: bool,
    /// What mirroring remembers gets lost.
    pub(super) forgets: bool,
    /// The tag of entries that came is that of entries that go.
    pub(super) one_tag: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    CommentThere,
    CommentHere,
    ResolveThere,
    ReopenThere,
    CloseHere,
    ReopenHere,
    OwnerThere,
    OwnerHere,
    /// A call for what is new begins: the platform takes the time, and the incident is read a little later.
    BeginIn,
    Read,
    Apply,
    BeginOut,
    Write,
    /// The process dies after a write; the platform tells the same again.
    Die,
}

use Happening::{
    Apply, BeginIn, BeginOut, CloseHere, CommentHere, CommentThere, Die, OwnerHere, OwnerThere, Read,
    ReopenHere, ReopenThere, ResolveThere, Write,
};

pub(super) const ALL: [Happening; 14] = [
    CommentThere,
    CommentHere,
    ResolveThere,
    ReopenThere,
    CloseHere,
    ReopenHere,
    OwnerThere,
    OwnerHere,
    BeginIn,
    Read,
    Apply,
    BeginOut,
    Write,
    Die,
];

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Remote {
    resolved: bool,
    classification: &'static str,
    owner: String,
    updated: u32,
    comments: Vec<(String, u32)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Local {
    closed: Option<String>,
    owner: String,
    /// Contents, tags, when, and whether it has been told.
    entries: Vec<(String, Vec<String>, u32, bool)>,
    /// Changed and not told.
    owner_changed: bool,
    closing_changed: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct World {
    now: u32,
    remote: Remote,
    local: Local,
    last_update: u32,
    begun: Option<u32>,
    /// What was read: texts of entries, and the owner.
    answer: Option<(Vec<String>, String)>,
    told: Option<Vec<String>>,
    /// How many entries the call that is under way was told of.
    told_entries: usize,
    /// Whether it was told of the owner, and of closing.
    told_fields: (bool, bool),
    memory: Memory,
    acts: usize,
    writes: usize,
}

fn at(tick: u32) -> Timestamp {
    // Far enough apart for clocks that differ.
    Timestamp::from_second(1_767_225_600 + i64::from(tick) * 100).expect("in range")
}

fn settings(habits: Habits) -> MirrorSettings {
    let from = if habits.one_tag { TO } else { FROM };
    let form = json!({ "close_incident": true, "close_out": true, "comment_tag": TO,
        "comment_tag_from_microsoft365defender": from });
    MirrorSettings::of(form.as_object().expect("an object"))
}

impl Remote {
    fn incident(&self) -> Map<String, Value> {
        let comments: Vec<Value> = self
            .comments
            .iter()
            .map(|(text, tick)| json!({ "comment": text, "createdBy": "x", "createdTime": at(*tick).to_string() }))
            .collect();
        let incident = json!({
            "incidentId": 7, "status": if self.resolved { "Resolved" } else { "Active" },
            "classification": self.classification, "determination": "Other", "assignedTo": self.owner,
            "lastUpdateTime": at(self.updated).to_string(), "comments": comments,
        });
        incident.as_object().expect("an object").clone()
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self { remote: Remote { classification: "Unknown", ..Remote::default() }, ..Self::default() }
    }

    pub(super) fn can(&self, happening: Happening, habits: Habits) -> bool {
        let (inward, outward) = (self.begun.is_some(), self.told.is_some());
        let free = habits.overlaps || !(inward || outward);
        let people = self.acts < BY_PEOPLE;
        match happening {
            CommentThere | CommentHere | OwnerThere | OwnerHere => people,
            ResolveThere => people && !self.remote.resolved,
            ReopenThere => people && self.remote.resolved,
            CloseHere => people && self.local.closed.is_none(),
            ReopenHere => people && self.local.closed.is_some(),
            BeginIn => free && !inward && self.remote.updated > self.last_update,
            Read => inward && self.answer.is_none(),
            Apply => self.answer.is_some(),
            BeginOut => free && !outward && self.has_news(),
            Write => outward,
            Die => self.told.as_ref().is_some_and(|effects| !effects.is_empty()),
        }
    }

    pub(super) fn is_closed_here(&self) -> bool {
        self.local.closed.is_some()
    }

    fn has_news(&self) -> bool {
        self.local.owner_changed
            || self.local.closing_changed
            || self.local.entries.iter().any(|(_, tags, _, told)| !told && tags.iter().any(|tag| tag == TO))
    }

    pub(super) fn happen(&mut self, happening: Happening, habits: Habits) {
        self.now += 1;
        self.acts += usize::from(ALL[..8].contains(&happening));
        let (now, acts) = (self.now, self.acts);
        match happening {
            CommentThere => self.change_there(|remote| remote.comments.push((format!("there {acts}"), now))),
            CommentHere => {
                self.local.entries.push((format!("here {acts}"), vec![TO.to_owned()], now, false));
            }
            ResolveThere => self.change_there(|remote| {
                (remote.resolved, remote.classification) = (true, "FalsePositive");
            }),
            ReopenThere => self.change_there(|remote| remote.resolved = false),
            OwnerThere => self.change_there(|remote| remote.owner = format!("there {acts}")),
            CloseHere => {
                (self.local.closed, self.local.closing_changed) = (Some("Resolved".to_owned()), true);
            }
            ReopenHere => (self.local.closed, self.local.closing_changed) = (None, true),
            OwnerHere => (self.local.owner, self.local.owner_changed) = (format!("here {acts}"), true),
            BeginIn => self.begun = Some(now),
            Read => self.read(habits),
            Apply => self.apply(habits),
            BeginOut => self.begin_out(habits),
            Write => self.write(habits, true),
            Die => self.write(habits, false),
        }
    }

    fn change_there(&mut self, change: impl FnOnce(&mut Remote)) {
        change(&mut self.remote);
        self.remote.updated = self.now;
    }

    fn decide(&mut self, habits: Habits, event: &Event) -> Vec<Effect> {
        let memory = if habits.forgets { Memory::default() } else { self.memory.clone() };
        let (memory, effects) = step(&settings(habits), memory, at(self.now), event);
        self.memory = memory;
        effects
    }

    fn read(&mut self, habits: Habits) {
        let event = Event::Asked {
            id: "7".into(),
            incident: self.remote.incident(),
            last_update: at(self.last_update),
        };
        let effects = self.decide(habits, &event);
        let entries = effects.into_iter().map(|effect| match effect {
            Effect::Show(entry) => entry.to_string(),
            other => panic!("{other:?}"),
        });
        self.answer = Some((entries.collect(), self.remote.owner.clone()));
        if habits.forgets {
            // Nothing but the time remains, so it has to be that of the reading.
            self.begun = Some(self.now);
        }
    }

    fn apply(&mut self, habits: Habits) {
        let (entries, owner) = self.answer.take().expect("an answer");
        self.last_update = self.begun.take().expect("begun");
        if self.local.owner != owner {
            self.local.owner = owner;
            self.local.owner_changed |= habits.echoes;
        }
        for entry in entries {
            let entry: Value = serde_json::from_str(&entry).expect("JSON");
            let before = self.local.closed.is_some();
            if entry["Contents"]["dbotIncidentClose"] == true {
                let reason = entry["Contents"]["closeReason"].as_str().expect("a reason").to_owned();
                self.local.closed.get_or_insert(reason);
            } else if entry["Contents"]["dbotIncidentReopen"] == true {
                self.local.closed = None;
            } else {
                let contents = entry["Contents"].as_str().expect("a text").to_owned();
                let tag = entry["Tags"][0].as_str().expect("a tag").to_owned();
                self.local.entries.push((contents, vec![tag], self.now, false));
            }
            self.local.closing_changed |= habits.echoes && before != self.local.closed.is_some();
        }
    }

    fn change(&self) -> LocalChange {
        let mut delta = Map::new();
        if self.local.owner_changed {
            delta.insert("assignedTo".to_owned(), self.local.owner.as_str().into());
        }
        if self.local.closing_changed {
            delta.insert("closeReason".to_owned(), self.local.closed.clone().unwrap_or_default().into());
        }
        let new = self.local.entries.iter().filter(|(.., told)| !told);
        let entries = new.map(|(contents, tags, tick, _)| {
            json!({ "contents": contents, "tags": tags, "user": "ann", "created": at(*tick).to_string() })
        });
        LocalChange {
            id: "7".into(),
            has_changed: !delta.is_empty(),
            delta,
            entries: entries.collect(),
            status: Some(if self.local.closed.is_some() { 2 } else { 1 }),
        }
    }

    fn begin_out(&mut self, habits: Habits) {
        let event = Event::Told { change: self.change(), incident: self.remote.incident() };
        let effects = self.decide(habits, &event);
        let told = effects.into_iter().map(|effect| match effect {
            Effect::Change(members) => Value::Object(members).to_string(),
            Effect::Comment(text) => Value::String(text).to_string(),
            other => panic!("{other:?}"),
        });
        self.told = Some(told.collect());
        self.told_entries = self.local.entries.len();
        self.told_fields = (self.local.owner_changed, self.local.closing_changed);
        (self.local.owner_changed, self.local.closing_changed) = (false, false);
    }

    /// Makes the next write. Without a further one, or when the process dies, the call is over.
    fn write(&mut self, habits: Habits, lives: bool) {
        let mut told = self.told.take().expect("told");
        if !told.is_empty() {
            let before = self.remote.incident();
            let write: Value = serde_json::from_str(&told.remove(0)).expect("JSON");
            self.writes += 1;
            let now = self.now;
            self.change_there(|remote| match &write {
                Value::String(text) => remote.comments.push((text.clone(), now)),
                members => {
                    assert!(members.as_object().is_some_and(|members| !members.is_empty()), "empty");
                    if let Some(status) = members["status"].as_str() {
                        remote.resolved = status == "Resolved";
                    }
                    if let Some(owner) = members["assignedTo"].as_str() {
                        owner.clone_into(&mut remote.owner);
                    }
                    match members["classification"].as_str() {
                        Some("FalsePositive") => remote.classification = "FalsePositive",
                        Some("Unknown") => remote.classification = "Unknown",
                        Some(other) => panic!("{other}"),
                        None => {}
                    }
                }
            });
            if !lives {
                // The platform knows of nothing, and tells everything again.
                self.local.owner_changed |= self.told_fields.0;
                self.local.closing_changed |= self.told_fields.1;
                return;
            }
            let after = self.remote.incident();
            self.decide(habits, &Event::Wrote { id: "7".into(), before, after });
        }
        if told.is_empty() {
            let done = self.told_entries;
            self.local.entries.iter_mut().take(done).for_each(|entry| entry.3 = true);
        } else {
            self.told = Some(told);
        }
    }

    /// Nobody does anything more but the platform, until it has nothing more to do.
    pub(super) fn settle(&mut self, habits: Habits, out_first: bool) {
        let order = if out_first {
            [Write, BeginOut, Read, Apply, BeginIn]
        } else {
            [Read, Apply, BeginIn, Write, BeginOut]
        };
        for _ in 0..40 {
            let Some(next) = order.into_iter().find(|happening| self.can(*happening, habits)) else { return };
            self.happen(next, habits);
        }
        panic!("it goes on for ever");
    }

    pub(super) fn check(&self) {
        assert_eq!(self.local.closed.is_some(), self.remote.resolved, "both are closed or open");
        assert_eq!(self.local.owner, self.remote.owner, "both have the same owner");
        for act in 1..=self.acts {
            for born in [format!("here {act}"), format!("there {act}")] {
                let here = self.local.entries.iter().filter(|(text, ..)| text.contains(&born)).count();
                let there = self.remote.comments.iter().filter(|(text, _)| text.contains(&born)).count();
                assert_eq!(here, there, "{born}");
                assert!(here <= 1, "{born} is there {here} times");
            }
        }
        assert!(self.writes <= 4 * self.acts + 4, "{} writes", self.writes);
    }
}
