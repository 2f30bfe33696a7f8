//! A board of incidents in a terminal.
//!
//! [`State`] and [`Event`] give a new state and [`Effect`]s: a plain function. [`draw()`] makes cells of a state: a plain
//! function, too. [`run`] is the shell around both: keys and answers in, cells and calls out.
//!
//! Invariants: nothing is written without a confirmation that shows what changes. No character that steers a terminal
//! gets from a server to the screen. The terminal is put back whatever happens.

mod detail;
mod draw;
mod entity_query;
mod keyboard;
mod line;
mod plain;
mod row;
mod screen;
mod shell;
mod state;

pub use detail::{Detail, Moment, Thing};
pub use draw::{Colours, draw};
pub use line::Line;
pub use row::Row;
pub use screen::give_back;
pub use shell::{Ended, run};
pub use state::{Effect, Event, Key, Proposal, State};
