//! A page about the incidents of a tenant, for people who decide.
//!
//! [`Tally`] counts incidents as they come and forgets them; [`Findings`] is what it found; [`page()`] is that as one HTML
//! file which loads nothing, runs nothing, and can be printed.
//!
//! ```
//! use defender_xdr_report::{Tally, page};
//!
//! let tally = Tally::new("2026-11-22T10:00:00Z".parse()?);
//! // for incident in …: tally.add(&incident)
//! let html = page(&tally.finish(), "the last week");
//! assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<script"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: this is pure. Nothing here reads a clock, a file or the network.

mod chart;
mod detections;
mod durations;
mod findings;
mod heavy;
mod page;
mod ranking;
mod severity;
mod tactics;
mod tally;
mod text;
mod time_axis;
mod working_times;

pub use findings::{Age, Detection, EntityRanking, Findings, Named, Period, Share, Spread, Tactic, Waiting};
pub use page::page;
pub use severity::{BySeverity, Severity};
pub use tally::Tally;
pub use time_axis::Step;
