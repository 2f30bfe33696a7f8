//! `incidents list --all`: everything, in the order of creation, without losing or doubling what changes meanwhile.

use defender_xdr_api::Client;
use defender_xdr_api::fetch::Walked;
use defender_xdr_api::incidents::{Incident, IncidentQuery};

use super::holes::{outcome, tell};
use super::list::row;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, List, Record};
use crate::progress::Progress;
use crate::session::Session;
use crate::world::World;

/// Prints all incidents of a query but the first `offset`.
pub(super) async fn run(
    world: &World,
    session: &Session,
    client: &Client,
    query: &IncidentQuery,
    mut list: List,
) -> Result<Exit, Failure> {
    let mut progress = Progress::new("incidents", world.output_format() != Format::Table, world.global.quiet);
    let mut walk = session.told(client.walk_incidents(query), "")?;
    let (mut unreadable, mut left_out) = (0_usize, query.offset);
    let fault = loop {
        match walk.next().await {
            Ok(Some(page)) => {
                for walked in page.incidents() {
                    if left_out > 0 {
                        left_out -= 1;
                        continue;
                    }
                    unreadable += usize::from(!print(world, &mut list, &walked)?);
                    progress.tick();
                }
                // Whoever reads the pipe gets a page as soon as it is there.
                list.flush()?;
            }
            Ok(None) => break None,
            Err(error) => {
                let flag = if query.filter.is_some() { "flag --filter" } else { "" };
                break session.told::<(), _>(Err(error), flag).err();
            }
        }
    };
    drop(progress);
    let holes = walk.holes();
    for hole in &holes {
        tell(world, hole);
    }
    let printed = list.count() > 0;
    session.tokens.flush().await;
    if !printed && fault.is_none() && holes.is_empty() {
        world.say("no incidents");
    }
    // A list that failed at once prints nothing: an empty array would say that there is nothing.
    if printed || fault.is_none() {
        list.finish()?;
    }
    match fault {
        Some(fault) => Err(fault.after_output(printed)),
        None => outcome(unreadable, &holes),
    }
}

/// Prints one incident; whether it could be read.
fn print(world: &World, list: &mut List, walked: &Walked<'_>) -> Result<bool, Failure> {
    if world.global.raw {
        list.push::<Incident>(&Record::Raw(walked.raw), Vec::new)?;
        if walked.id().is_empty() {
            tracing::warn!("a record has no id; it is printed as it came");
        }
        return Ok(!walked.id().is_empty());
    }
    let printed = if world.output_format().has_columns() {
        walked.incident().map(|incident| list.push(&Record::Model(&incident), || row(&incident)))
    } else {
        walked.model_text().map(|text| list.push::<Incident>(&Record::Text(&text), Vec::new))
    };
    match printed {
        Ok(written) => written.map(|()| true),
        Err(problem) => {
            tracing::warn!("{problem}; it is left out");
            Ok(false)
        }
    }
}
