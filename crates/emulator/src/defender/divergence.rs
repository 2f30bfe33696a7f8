//! Differences between the two APIs that a test plants: one incident that one of them shows otherwise, or not at all.
//! Only reading diverges: what is changed is changed for both.

use http::Method;
use serde::{Deserialize, Serialize};

use super::Defender;
use super::world::World;
use super::world::record::Record;
use super::world::ticks::HOUR;
use super::world::triage::{Classification, Determination, Severity, Status};
use crate::exchange::Request;

/// The API that diverges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Legacy,
    Graph,
}

/// What is other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// The incident is not there.
    Missing,
    Status,
    Severity,
    Assignee,
    Classification,
    Determination,
    /// The last tag is gone.
    Tag,
    /// The last comment is gone.
    Comment,
    /// Changed an hour later.
    Updated,
    Title,
    /// An alert fewer; one more when there is but one.
    Alerts,
    /// Created an hour earlier.
    Created,
}

/// One planted difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Divergence {
    pub(crate) api: Dialect,
    pub(crate) id: u64,
    pub(crate) kind: Kind,
}

impl Divergence {
    /// Why it would not be seen, if so.
    pub(crate) fn fault(&self, world: &World) -> Option<String> {
        let id = self.id;
        let Some(record) = world.record(id) else { return Some(format!("incident {id} is unknown")) };
        let lacks = match self.kind {
            Kind::Tag if record.tags.is_empty() => "tag",
            Kind::Comment if record.comments.is_empty() => "comment",
            Kind::Alerts if !record.alerts_of.contains(&id) => "alert of its own",
            _ => return None,
        };
        Some(format!("incident {id} has no {lacks}"))
    }

    /// The record as the API that diverges has it.
    fn plant(&self, record: &mut Record, domain: &str) {
        match self.kind {
            Kind::Missing => {}
            Kind::Status => {
                record.status = match record.status {
                    Status::Active | Status::AwaitingAction => Status::Resolved,
                    _ => Status::Active,
                };
            }
            Kind::Severity => {
                record.severity = match record.severity {
                    Severity::High => Severity::Low,
                    _ => Severity::High,
                };
            }
            Kind::Assignee => {
                // Some incidents name nobody by a word.
                let nobody = record.assigned_to.as_deref().is_none_or(|name| !name.contains('@'));
                record.assigned_to = nobody.then(|| format!("stranger@{domain}"));
            }
            Kind::Classification => {
                record.classification = Some(match record.classification {
                    Some(Classification::TruePositive) => Classification::FalsePositive,
                    _ => Classification::TruePositive,
                });
            }
            Kind::Determination => {
                record.determination = match record.determination {
                    Determination::Malware => Determination::Phishing,
                    _ => Determination::Malware,
                };
            }
            Kind::Tag => drop(record.tags.pop()),
            Kind::Comment => drop(record.comments.pop()),
            Kind::Updated => record.updated = record.updated.plus(HOUR),
            Kind::Title => record.display_name = Some("Another title".to_owned()),
            Kind::Alerts => {
                record.own_alerts = if record.own_alerts > 1 { record.own_alerts - 1 } else { 2 };
            }
            Kind::Created => record.created = record.created.plus(-HOUR),
        }
    }
}

impl Defender {
    /// Answers a request on an API whose world diverges where that was planted.
    pub(super) fn diverging<R>(
        &mut self,
        dialect: Dialect,
        request: &Request,
        answer: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let here: Vec<Divergence> =
            self.switches.divergences.iter().filter(|planted| planted.api == dialect).cloned().collect();
        if here.is_empty() || request.method != Method::GET {
            return answer(self);
        }
        let mut originals = Vec::new();
        for planted in &here {
            if planted.kind == Kind::Missing {
                self.world.hide(planted.id);
                continue;
            }
            let Some(mut record) = self.world.record(planted.id).cloned() else { continue };
            planted.plant(&mut record, &self.world.domain);
            originals.extend(self.world.exchange(record));
        }
        let answered = answer(self);
        // The last first: two may be of one incident.
        for original in originals.into_iter().rev() {
            self.world.exchange(original);
        }
        self.world.hide_nothing();
        answered
    }
}
