//! A strict fake Microsoft tenant for tests, demonstrations and other people's clients.
//!
//! It shares no code with the client crates of this workspace, so that client and fake cannot be wrong together.

pub mod caller;
pub mod defender;
pub mod exchange;
