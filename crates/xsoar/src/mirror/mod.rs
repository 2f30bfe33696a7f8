//! Mirroring: what changes in Defender reaches the platform, and the other way round.
//!
//! What is to happen is decided by a pure function over what is remembered and what came ([`step`]); the calls of the
//! platform are thin shells around it. Nothing of ours loops: a comment that was mirrored is recognised by its mark or its
//! layout, a value by being there already, a change by the time our own write left behind.

mod closing;
mod comment;
mod fields;
mod incoming;
#[cfg(test)]
mod interleavings;
mod machine;
mod memory;
mod outgoing;
mod settings;

pub use fields::{change as change_of, mapping_fields};
pub use machine::{Effect, Event, step};
pub use memory::Memory;
pub use outgoing::LocalChange;
pub use settings::{Direction, MirrorSettings};
