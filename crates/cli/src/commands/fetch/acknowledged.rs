//! To a reader who answers: exactly once.
//!
//! The reader begins with a line that holds the id of the last incident it has stored, or nothing. Then it gets lines,
//! and answers each, or the last of several, with its id. What was sent and not answered is kept as it was sent: after
//! a crash on either side, the reader's first line tells where to go on.

use std::io::BufRead as _;
use std::thread;

use defender_xdr_api::fetch::Checkpoint;
use tokio::sync::mpsc;

use super::kept::{Kept, Unacknowledged};
use super::lines::Line;
use super::piped::Piped;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::world::World;

#[derive(Debug)]
pub(super) struct Acknowledged {
    pipe: Piped,
    answers: mpsc::Receiver<String>,
}

impl Acknowledged {
    pub(super) fn start(world: &World) -> Result<Self, Failure> {
        let (send, answers) = mpsc::channel(16);
        // A thread of its own that nobody waits for: a reader may never answer.
        let read = move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if send.blocking_send(line.trim().to_owned()).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new()
            .name("acknowledgements".to_owned())
            .spawn(read)
            .map_err(|error| Failure::bug(format!("cannot start a thread: {error}")))?;
        Ok(Self { pipe: Piped::new(world), answers })
    }

    /// Hears how far the reader is and brings it what it lacks; how many lines that were.
    pub(super) async fn resume(&mut self, kept: &mut Kept) -> Result<usize, Failure> {
        let Some(has) = self.answers.recv().await else {
            return Err(Report::new(
                "usage",
                Exit::Usage,
                "standard input ended before the reader's first line",
            )
            .with_source("standard input")
            .with_hint("with `--ack` the reader begins with a line: the id it has stored last, or nothing")
            .into());
        };
        let Some(Unacknowledged { lines, then }) = kept.unacknowledged.take() else {
            return check(&has, kept).map(|()| 0);
        };
        let behind = if let Some(index) = lines.iter().position(|line| line.id == has) {
            &lines[index + 1..]
        } else {
            check(&has, kept)?;
            &lines[..]
        };
        self.deliver(behind).await?;
        kept.checkpoint = then;
        kept.acknowledged = lines.last().map(|line| line.id.clone());
        Ok(behind.len())
    }

    /// Notes what is about to be sent.
    #[expect(clippy::unused_self, reason = "part of the conversation")]
    pub(super) fn announce(&self, lines: &[Line], then: &Checkpoint, kept: &mut Kept) {
        kept.unacknowledged = Some(Unacknowledged { lines: lines.to_vec(), then: then.clone() });
    }

    /// Sends lines and waits until the reader has the last of them.
    pub(super) async fn deliver(&mut self, lines: &[Line]) -> Result<(), Failure> {
        let Some(last) = lines.last() else { return Ok(()) };
        self.pipe.write(lines)?;
        loop {
            let has = self.answer().await?;
            if has == last.id {
                return Ok(());
            }
            if lines.iter().all(|line| line.id != has) {
                return Err(stranger(&has)
                    .with_hint("answer with the `id` of a line, once it is stored")
                    .into());
            }
        }
    }

    async fn answer(&mut self) -> Result<String, Failure> {
        self.answers.recv().await.ok_or(Failure::ClosedPipe)
    }
}

/// A reader that is not where this checkpoint is would miss what lies between.
fn check(has: &str, kept: &Kept) -> Result<(), Failure> {
    let right = match &kept.acknowledged {
        Some(last) => has == last,
        // Nobody has acknowledged anything yet: what went other ways may be there.
        None => has.is_empty() || kept.checkpoint.delivered.contains(has),
    };
    if right {
        return Ok(());
    }
    let place = match &kept.acknowledged {
        Some(last) => format!("this checkpoint goes on behind `{last}`; "),
        None => String::new(),
    };
    Err(stranger(has)
        .with_hint(format!(
            "{place}is it the right `--checkpoint`? A reader that has lost something begins anew with `--restart`"
        ))
        .into())
}

fn stranger(has: &str) -> Report {
    let shown: String = has.chars().take(80).collect();
    Report::new(
        "usage",
        Exit::Usage,
        format!("the reader says that it has `{shown}`, which was not sent last"),
    )
    .with_source("standard input")
}
