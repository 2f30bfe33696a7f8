//! The contract of the Cortex XSOAR and XSIAM integration "Microsoft 365 Defender", over the same API client and sign-in
//! flows as everything else: its commands, arguments, texts, context paths and settings.
//!
//! The context keeps the legacy API's shape also when Microsoft Graph is spoken: playbooks do not notice the move.
//!
//! Invariant: no sign-in flow is named here but by its id, nothing is read from the process and nothing is printed.
//! Registry, environment, clock and state are passed in.

pub mod api_choice;
pub mod arguments;
pub mod commands;
pub mod context_vault;
pub mod conversion;
pub mod entry;
mod error_text;
pub mod fetch_incidents;
pub mod form;
mod instance;
pub mod last_run;
pub mod log;
pub mod markdown;
pub mod metadata;
pub mod mirror;
pub mod params;
pub mod phrase;
mod python;
pub mod readable;
mod run;
mod set_clock;
pub mod table;
pub mod war_room;

pub use instance::World;
pub use run::{Answer, NoRequest, Request, run};
pub use set_clock::SetClock;
