//! The same change for many incidents: several at a time, an outcome for each as it comes.

use std::collections::BTreeSet;
use std::sync::Arc;

use defender_xdr_api::{ApiError, ApiErrorKind};
use tokio::task::JoinSet;

use super::ids::Named;
use super::manner::Ways;
use super::outcome::{Ended, Tally};
use super::untold::{end, note};
use super::worker::Worker;
use crate::account::Account;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, List, Record};
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

/// Incidents whose change is under way. When it is dropped before they are settled, stderr names them.
struct UnderWay {
    ids: BTreeSet<String>,
    as_json: bool,
    dry_run: bool,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if !self.ids.is_empty() && !self.dry_run {
            let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
            let message =
                format!("interrupted; these changes may have been made all the same: {}", ids.join(", "));
            Report::new("outcome-unknown", Exit::Interrupted, message)
                .with_hint("look at each with `defender-xdr incidents get` before repeating its change")
                .print(self.as_json);
        }
    }
}

pub(super) async fn change_many(
    world: &World,
    session: &Session,
    worker: Worker,
    ids: Vec<Named>,
    ways: &Ways,
) -> Result<Exit, Failure> {
    let mut list = outcomes(world, ways)?;
    let worker = Arc::new(worker);
    let named = ids.len();
    let mut tally = Tally::default();
    let mut under_way = UnderWay {
        ids: BTreeSet::new(),
        as_json: world.global.output.is_some_and(Format::is_machine_readable),
        dry_run: ways.dry_run,
    };
    let mut waiting = ids.into_iter();
    let mut running = JoinSet::new();
    let mut hopeless: Option<ApiError> = None;
    let mut stopped = false;
    let mut account = Account::default();
    // Why stdout takes no more.
    let mut unwritten: Option<Failure> = None;
    let interrupt = world.interrupts.first();
    tokio::pin!(interrupt);
    loop {
        while !stopped
            && hopeless.is_none()
            && unwritten.is_none()
            && running.len() < usize::from(ways.concurrency)
        {
            let Some(named) = waiting.next() else { break };
            under_way.ids.insert(named.id.clone());
            let worker = Arc::clone(&worker);
            running.spawn(async move {
                let result = worker.run(&named.id).await;
                (named, result)
            });
        }
        let (Named { id, from }, result) = tokio::select! {
            biased;
            () = &mut interrupt, if !stopped => {
                stopped = true;
                world.say("stopping: no further incident is begun; press Ctrl-C again to leave those under way");
                continue;
            }
            ended = running.join_next() => match ended {
                None => break,
                Some(Ok(ended)) => ended,
                Some(Err(error)) => return Err(Failure::bug(error.to_string())),
            },
        };
        under_way.ids.remove(&id);
        if let Err(error) = &result
            && nothing_else_can_work(error)
        {
            hopeless.get_or_insert_with(|| error.clone());
        }
        let outcome = match session.told(result, &from) {
            Ok(step) => Ended::of(id, step),
            Err(failure) => Ended::failed(id, failure)?,
        };
        tally.count(&outcome);
        note(&mut account, &outcome);
        if unwritten.is_none() {
            let pushed = list.push(&Record::Model(&outcome), || outcome.row());
            // Whoever reads the pipe knows at once; and what was done is told even if this program is killed.
            unwritten = pushed.and_then(|()| list.flush()).err();
        }
    }
    if let (Some(error), false, None) = (hopeless, stopped, &unwritten) {
        // Not tried: the same would have happened to each.
        for Named { id, from } in waiting.by_ref() {
            let told = session.told::<(), _>(Err(error.clone()), &from);
            let Err(failure) = told else { continue };
            account.not_tried.push(id.clone());
            let outcome = Ended::failed(id, failure)?;
            tally.count(&outcome);
            unwritten = list.push(&Record::Model(&outcome), || outcome.row()).err();
            if unwritten.is_some() {
                break;
            }
        }
    }
    session.tokens.flush().await;
    if let Some(failure) = unwritten.or_else(|| list.finish().err()) {
        if ways.dry_run {
            return Err(failure);
        }
        account.not_tried.extend(waiting.map(|named| named.id));
        return end(account, failure, tally);
    }
    if stopped {
        let done = tally.total();
        let message =
            format!("interrupted: {done} of {named} incidents were done, {} not begun", named - done);
        return Err(Report::new("interrupted", Exit::Interrupted, message)
            .with_hint("the outcome of each that was begun is in the output")
            .into());
    }
    if named == 0 {
        world.say("no incidents");
    }
    tally.end()
}

/// The list of outcomes. What is wrong with its flags is told before anything is changed.
fn outcomes(world: &World, ways: &Ways) -> Result<List, Failure> {
    if world.global.sort.is_some() {
        return Err(Failure::usage(
            "outcomes are told as they come, so that they are known whatever happens",
        )
        .with_source("flag --sort")
        .with_hint("leave it out")
        .into());
    }
    let columns = if ways.dry_run { Ended::PREVIEW } else { Ended::COLUMNS };
    Ok(List::new(world.output(), columns).with_all_fields(Ended::FIELDS)?.wrapping())
}

/// Errors that every further incident would meet too: trying costs time, quota, or a longer ban.
fn nothing_else_can_work(error: &ApiError) -> bool {
    matches!(
        error.kind(),
        ApiErrorKind::SignIn
            | ApiErrorKind::TokenRefused
            | ApiErrorKind::Setup
            | ApiErrorKind::Retired
            | ApiErrorKind::Throttled
            | ApiErrorKind::Unreachable
    )
}
