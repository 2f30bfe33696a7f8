//! The stage every test plays on: an empty home, an invented tenant, and the built program between them.

mod cortex;
mod home;
mod pages;
mod ran;
mod rogue;
mod run;
mod stage;
mod tenant;
mod terminal;
mod wire;

pub(crate) use cortex::Cortex;
pub(crate) use home::Home;
pub(crate) use pages::{Block, Page, pages, root};
pub(crate) use ran::Ran;
pub(crate) use rogue::{Rogue, Told};
pub(crate) use run::Run;
pub(crate) use stage::Stage;
pub(crate) use tenant::status;
pub(crate) use terminal::Terminal;
pub(crate) use wire::{Reply, get, post_form, post_json};

use std::time::{Duration, Instant};

/// Asks again every 50 ms until the answer is there; fails after 20 s.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
