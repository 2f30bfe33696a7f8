//! What of a list could not be read: told to people in words, to machines as `fetch` tells it, and by the exit code.

use defender_xdr_api::fetch::{Hole, MissingPart};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Format;
use crate::report::Report;
use crate::world::World;

/// A hole, for machines when they asked for it, as `fetch` tells it.
pub(in crate::commands) fn tell(world: &World, hole: &Hole) {
    if world.global.output.is_some_and(Format::is_machine_readable) {
        world.say(&serde_json::json!({ "hole": hole }).to_string());
        return;
    }
    let which = hole.id.as_deref().map_or_else(|| "an incident".to_owned(), |id| format!("incident {id}"));
    match hole.missing {
        MissingPart::Incident => tracing::warn!("{which} cannot be read and is left out: {}", hole.reason),
        MissingPart::Alerts => tracing::warn!("the alerts of {which} cannot be read: {}", hole.reason),
    }
}

/// How a list ends of which so many incidents could not be read, and these holes were met.
pub(in crate::commands) fn outcome(unreadable: usize, holes: &[Hole]) -> Result<Exit, Failure> {
    let bare = holes.iter().filter(|hole| hole.missing == MissingPart::Alerts).count();
    let said = match (unreadable + holes.len() - bare, bare) {
        (0, 0) => return Ok(Exit::Ok),
        (missing, 0) => format!("{missing} incidents could not be read"),
        (0, bare) => format!("{bare} incidents came without their alerts"),
        (missing, bare) => {
            format!("{missing} incidents could not be read, and {bare} came without their alerts")
        }
    };
    Err(Report::new("partial", Exit::Partial, said).into())
}
