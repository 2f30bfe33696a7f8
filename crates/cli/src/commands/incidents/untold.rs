//! How far the changes of many incidents came when stdout takes no more outcomes: stderr has to say it.

use super::outcome::{Ended, Ending, Tally};
use crate::account::Account;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Takes an outcome into the account.
pub(super) fn note(account: &mut Account, outcome: &Ended) {
    match outcome.outcome {
        Ending::Updated => account.changed.push(outcome.id.clone()),
        Ending::Unknown => account.unknown.push(outcome.id.clone()),
        Ending::Unchanged | Ending::WouldUpdate | Ending::Failed => {}
    }
}

/// The end of a command that was to change incidents, when stdout takes no more.
pub(super) fn end(account: Account, why: Failure, tally: Tally) -> Result<Exit, Failure> {
    if account.lists().next().is_none() {
        // Nothing was changed and nothing left out: that the reader went away is no error.
        return if matches!(why, Failure::ClosedPipe) { tally.end() } else { Err(why) };
    }
    let why = match &why {
        Failure::Reported(report) => report.message(),
        Failure::ClosedPipe | Failure::Interrupted => "the reader of the output went away",
    };
    let (changed, left) = (account.changed.len(), account.not_tried.len());
    let message = format!("{why}: {changed} incidents were changed, {left} were not tried");
    let mut report = Report::new("partial", Exit::Partial, message)
        .with_hint("do not repeat it for those that were changed");
    report.account = Some(Box::new(account));
    Err(report.into())
}
