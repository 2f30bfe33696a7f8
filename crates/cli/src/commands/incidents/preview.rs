//! `--dry-run`: what would change on one incident.

use defender_xdr_api::incidents::PlannedChange;

use super::outcome::{Ended, plain};
use super::worker::Step;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Table;
use crate::world::World;

pub(super) fn preview(world: &World, id: &str, plan: PlannedChange) -> Result<Exit, Failure> {
    let mut table = Table::new(&["field", "from", "to"]);
    for field in &plan.fields {
        let to = if field.is_change() { plain(&field.to) } else { "(unchanged)".to_owned() };
        table.row(&[field.field.to_owned(), plain(&field.from), to]);
    }
    if !plan.passed.is_empty() {
        world.say(&format!(
            "incident {id} was merged: incident {} is the one that goes on",
            plan.current.id()
        ));
    }
    let outcome = Ended::of(id.to_owned(), Step::Planned(plan));
    let mut output = world.output();
    output.object(&outcome, || table)?;
    output.finish()?;
    world.say("nothing was changed");
    Ok(Exit::Ok)
}
