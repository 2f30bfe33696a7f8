//! Calls that this crate knows nothing about: any method, any path of the configured root, signed in.
//!
//! The token leaves only for that root; pages are followed only there, and not in circles.

mod call;
mod pages;
mod purpose;
mod target;

pub use call::{DirectAnswer, DirectCall};
pub use pages::{DirectPage, DirectPages};
