//! The shell around the state: keys and answers in, cells and calls out.

mod work;

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_api::{ApiError, Client};
use defender_xdr_core::Clock;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::LocalSet;
use tokio::time::{MissedTickBehavior, interval};

use self::work::Work;
use crate::draw::Colours;
use crate::keyboard::Keyboard;
use crate::screen::Screen;
use crate::state::{Effect, Event, State};

/// Ages are brought up to date this often.
const TICK: Duration = Duration::from_secs(20);
/// Events that came together are drawn once; so many at most, so that a flood does not stop the picture.
const AT_ONCE: usize = 64;

/// How the board came to its end.
#[derive(Debug)]
pub enum Ended {
    /// The person left.
    Left,
    /// Nothing could be listed.
    Failed(ApiError),
    /// The terminal could not be drawn on or read from.
    Terminal(io::Error),
}

/// Shows the board until the person leaves, `stop` is done, or nothing can be listed. Terminal and keyboard are standard
/// output and input.
pub async fn run(
    client: Client,
    query: IncidentQuery,
    clock: &dyn Clock,
    owner: Option<&str>,
    colours: Colours,
    stop: impl Future<Output = ()>,
) -> Ended {
    // Warnings of the libraries would be written across the picture.
    let _silence = tracing::subscriber::set_default(tracing::subscriber::NoSubscriber::new());
    let local = LocalSet::new();
    let shown = local.run_until(show(client, query, clock, owner, colours));
    tokio::select! {
        ended = shown => ended.unwrap_or_else(Ended::Terminal),
        () = stop => Ended::Left,
    }
}

async fn show(
    client: Client,
    query: IncidentQuery,
    clock: &dyn Clock,
    owner: Option<&str>,
    colours: Colours,
) -> io::Result<Ended> {
    let mut screen = Screen::take()?;
    let (sender, mut events) = unbounded_channel();
    let (keys, mut pressed) = unbounded_channel();
    let _keyboard = Keyboard::listen(keys)?;
    let mut work = Work::new(client, query, sender);
    let (mut state, effects) = State::begin(screen.size()?, clock.now(), owner);
    let mut due: VecDeque<Effect> = effects.into();
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        while let Some(effect) = due.pop_front() {
            if effect == Effect::Quit {
                return Ok(Ended::Left);
            }
            work.begin(effect);
        }
        if let Some(error) = work.take_failure() {
            return Ok(Ended::Failed(error));
        }
        screen.show(&state, colours)?;
        let first = tokio::select! {
            // Whoever presses a key goes first.
            biased;
            key = pressed.recv() => match key {
                Some(key) => key,
                // The terminal has gone.
                None => return Ok(Ended::Left),
            },
            Some(event) = events.recv() => event,
            _ = tick.tick() => Event::Time(clock.now()),
        };
        let more = others(&mut pressed, &mut events);
        for event in std::iter::once(first).chain(more) {
            let (next, effects) = state.after(event);
            state = next;
            due.extend(effects);
        }
    }
}

/// What else has happened meanwhile.
fn others(pressed: &mut UnboundedReceiver<Event>, events: &mut UnboundedReceiver<Event>) -> Vec<Event> {
    let next = || pressed.try_recv().or_else(|_| events.try_recv()).ok();
    std::iter::from_fn(next).take(AT_ONCE).collect()
}
