//! How the change of one of many incidents ended, and what all of them come to.

use defender_xdr_api::incidents::{FieldChange, PlannedChange};
use serde::Serialize;

use super::worker::Step;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ending {
    /// Changed.
    Updated,
    /// It was already as it was to be.
    Unchanged,
    /// It would be changed: only compared, as asked for.
    WouldUpdate,
    /// Not changed.
    Failed,
    /// Nobody knows.
    Unknown,
}

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::WouldUpdate => "would-update",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// One record of the output.
#[derive(Debug, Serialize)]
pub(super) struct Ended {
    pub(super) id: String,
    pub(super) outcome: Ending,
    /// The incident that was changed in its place, or that was changed already for another of the ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<FieldChange>>,
    /// Members that are already as they are to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Box<Report>>,
}

impl Ended {
    pub(super) const COLUMNS: &'static [&'static str] = &["id", "outcome", "changed on", "error"];
    pub(super) const PREVIEW: &'static [&'static str] = &["id", "outcome", "changed on", "what"];

    pub(super) const FIELDS: &'static [&'static str] =
        &["id", "outcome", "target", "changes", "unchanged", "error"];

    pub(super) fn of(id: String, step: Step) -> Self {
        let (outcome, plan, compared) = match step {
            Step::Written(plan, written) => {
                (if written.changed { Ending::Updated } else { Ending::Unchanged }, plan, false)
            }
            Step::Planned(plan) => {
                (if plan.is_empty() { Ending::Unchanged } else { Ending::WouldUpdate }, plan, true)
            }
            Step::Done(plan) => {
                let target = Some(plan.current.id().to_owned());
                return Self { target, ..Self::new(id, Ending::Unchanged) };
            }
        };
        let target = (!plan.passed.is_empty()).then(|| plan.current.id().to_owned());
        let (changes, unchanged) = if compared { split(plan) } else { (None, None) };
        Self { target, changes, unchanged, ..Self::new(id, outcome) }
    }

    /// The outcome of a failure that was told; `None` for one that ends the whole command.
    pub(super) fn failed(id: String, failure: Failure) -> Result<Self, Failure> {
        let Failure::Reported(report) = failure else { return Err(failure) };
        let outcome = if report.kind() == "outcome-unknown" { Ending::Unknown } else { Ending::Failed };
        Ok(Self { error: Some(report), ..Self::new(id, outcome) })
    }

    fn new(id: String, outcome: Ending) -> Self {
        Self { id, outcome, target: None, changes: None, unchanged: None, error: None }
    }

    pub(super) fn row(&self) -> Vec<String> {
        let told = match (&self.error, &self.changes) {
            (Some(report), _) => report.message().to_owned(),
            (None, Some(changes)) => changes.iter().map(told).collect::<Vec<_>>().join("; "),
            (None, None) => String::new(),
        };
        vec![self.id.clone(), self.outcome.word().to_owned(), self.target.clone().unwrap_or_default(), told]
    }
}

/// What changes, and what does not.
fn split(plan: PlannedChange) -> (Option<Vec<FieldChange>>, Option<Vec<&'static str>>) {
    let (changes, same): (Vec<_>, Vec<_>) = plan.fields.into_iter().partition(FieldChange::is_change);
    (Some(changes), Some(same.into_iter().map(|field| field.field).collect()))
}

fn told(change: &FieldChange) -> String {
    format!("{}: {} -> {}", change.field, plain(&change.from), plain(&change.to))
}

/// A value as a person writes it.
pub(super) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What all outcomes come to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    total: usize,
    well: usize,
    /// Each kind of error with its exit code and how often it came.
    kinds: Vec<(&'static str, Exit, usize)>,
    first: Option<(String, Option<String>)>,
}

impl Tally {
    pub(super) fn count(&mut self, outcome: &Ended) {
        self.total += 1;
        let Some(report) = &outcome.error else {
            self.well += 1;
            return;
        };
        if self.first.is_none() {
            self.first = Some((report.message().to_owned(), report.hint.clone()));
        }
        match self.kinds.iter_mut().find(|(kind, exit, _)| (*kind, *exit) == (report.kind(), report.exit)) {
            Some((_, _, count)) => *count += 1,
            None => self.kinds.push((report.kind(), report.exit, 1)),
        }
    }

    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The end of the command: a failure if any incident failed; that failure's own if all failed alike.
    pub(super) fn end(self) -> Result<Exit, Failure> {
        let Self { total, well, kinds, first } = self;
        let Some((message, hint)) = first else { return Ok(Exit::Ok) };
        let mut report = match kinds.as_slice() {
            [(kind, exit, _)] if well == 0 => {
                Report::new(kind, *exit, format!("none of {total} incidents was changed: {message}"))
            }
            several => {
                let told: Vec<String> =
                    several.iter().map(|(kind, _, count)| format!("{count} {kind}")).collect();
                let failed = total - well;
                let message = format!("{failed} of {total} incidents failed ({})", told.join(", "));
                Report::new("partial", Exit::Partial, message)
            }
        };
        report.hint =
            hint.filter(|_| well == 0).or_else(|| Some("the outcome of each is in the output".to_owned()));
        Err(report.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(kinds: &[Option<(&'static str, Exit)>]) -> Exit {
        let mut tally = Tally::default();
        for kind in kinds {
            let mut outcome = Ended::new("1".to_owned(), Ending::Updated);
            outcome.error = kind.map(|(kind, exit)| Box::new(Report::new(kind, exit, "why")));
            tally.count(&outcome);
        }
        match tally.end() {
            Ok(exit) => exit,
            Err(Failure::Reported(report)) => report.exit,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_exit_code_tells_none_some_and_all_apart() {
        let (lost, late) = (Some(("not-found", Exit::NotFound)), Some(("throttled", Exit::Throttled)));
        assert_eq!(ended(&[]), Exit::Ok);
        assert_eq!(ended(&[None, None]), Exit::Ok);
        assert_eq!(ended(&[None, lost]), Exit::Partial);
        assert_eq!(ended(&[lost, lost]), Exit::NotFound);
        assert_eq!(ended(&[lost, late]), Exit::Partial);
    }
}
