//! The checkpoints of a profile, held and set so that a fetch goes on with the other API.
//!
//! Ids and times of creation are the same on both, and a checkpoint knows every incident that was delivered since its
//! beginning. What may differ is when a change, or a late incident, becomes visible. So the last day is looked at again:
//! what was delivered is known, and nothing comes twice.

use std::fs;
use std::io;

use defender_xdr_api::fetch::Checkpoint;
use defender_xdr_core::Timestamp;
use jiff::SignedDuration;

use super::kept::{Kept, Place};
use crate::failure::Failure;
use crate::world::World;

/// So much is looked at again.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Checkpoints that nobody else can use as long as this lives.
#[derive(Debug)]
pub(crate) struct Carried {
    held: Vec<(Place, Kept)>,
}

impl Carried {
    /// Holds all checkpoints that this profile has for a tenant.
    ///
    /// # Errors
    /// When a fetch is at work with one, or one cannot be read.
    pub(crate) fn hold(world: &World, tenant: &str) -> Result<Self, Failure> {
        let mut held = Vec::new();
        for name in names(world) {
            let place = Place::new(world, &name)?;
            // One of another tenant stays as it is: this profile cannot go on from it anyway.
            if place.tenant().as_deref() != Some(tenant) {
                continue;
            }
            if let Some(kept) = place.read(tenant)? {
                held.push((place, kept));
            }
        }
        Ok(Self { held })
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    /// Sets them back to before the change, each all or nothing. Doing it twice changes nothing that counts.
    pub(crate) fn carry_over(&mut self) -> Result<(), Failure> {
        for (place, kept) in &mut self.held {
            look_again(&mut kept.checkpoint);
            if let Some(unacknowledged) = &mut kept.unacknowledged {
                look_again(&mut unacknowledged.then);
            }
            place.write(kept)?;
        }
        Ok(())
    }
}

fn look_again(checkpoint: &mut Checkpoint) {
    let beginning = checkpoint.since;
    for at in [Some(&mut checkpoint.created), checkpoint.polled.as_mut()].into_iter().flatten() {
        *at = at.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN).max(beginning);
    }
    // How far a search had come on the one API says nothing about the other.
    checkpoint.late = None;
}

/// The names of the profile's checkpoints.
fn names(world: &World) -> Vec<String> {
    let Some(directory) = world.checkpoints() else { return Vec::new() };
    let end = format!("@{}.json", super::kept::profile_in_names(world));
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!("{}: {error}", directory.display());
            }
            return Vec::new();
        }
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(&end).map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_looked_at_again_but_nothing_before_the_beginning() {
        let at = |text: &str| -> Timestamp { text.parse().expect("a time") };
        let mut checkpoint = Checkpoint::new(at("2026-11-01T00:00:00Z"));
        checkpoint.delivered.insert("7");
        checkpoint.created = at("2026-11-20T06:00:00Z");
        checkpoint.polled = Some(at("2026-11-01T12:00:00Z"));
        look_again(&mut checkpoint);
        assert_eq!(checkpoint.created, at("2026-11-19T06:00:00Z"));
        assert_eq!(checkpoint.polled, Some(at("2026-11-01T00:00:00Z")));
        assert!(checkpoint.delivered.contains("7") && checkpoint.late.is_none());
    }
}
