//! Where new incidents go, and when they count as delivered.

use defender_xdr_api::fetch::Checkpoint;

use super::Arguments;
use super::acknowledged::Acknowledged;
use super::appended::AppendedFile;
use super::kept::{Kept, Place};
use super::lines::Line;
use super::piped::Piped;
use crate::failure::Failure;
use crate::world::World;

/// Where they go.
#[derive(Debug)]
pub(super) struct Destination {
    place: Place,
    kept: Kept,
    way: Way,
    count: usize,
}

#[derive(Debug)]
enum Way {
    /// Standard output: the checkpoint follows what was handed over.
    Piped(Piped),
    /// A file whose length is part of the checkpoint.
    Appended(AppendedFile),
    /// Standard output, with a reader who says what it has.
    Acknowledged(Acknowledged),
}

impl Destination {
    pub(super) async fn open(
        world: &World,
        arguments: &Arguments,
        place: Place,
        mut kept: Kept,
    ) -> Result<Self, Failure> {
        let way = match &arguments.output {
            Some(path) => {
                let file = AppendedFile::open(path, kept.appended.as_ref())?;
                kept.appended = Some(file.state());
                Way::Appended(file)
            }
            None if arguments.ack => Way::Acknowledged(Acknowledged::start(world)?),
            None => Way::Piped(Piped::new(world)),
        };
        let mut destination = Self { place, kept, way, count: 0 };
        if let Way::Acknowledged(reader) = &mut destination.way {
            destination.count += reader.resume(&mut destination.kept).await?;
        }
        // Also before the first incident: the next run begins where this one began.
        destination.place.write(&destination.kept)?;
        Ok(destination)
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        self.kept.checkpoint.clone()
    }

    /// Hands lines over; when it returns they are safe, and so is the checkpoint.
    pub(super) async fn deliver(&mut self, lines: Vec<Line>, checkpoint: Checkpoint) -> Result<(), Failure> {
        self.count += lines.len();
        match &mut self.way {
            _ if lines.is_empty() => {}
            Way::Piped(pipe) => pipe.write(&lines)?,
            Way::Appended(file) => {
                self.kept.appended = Some(file.announce(&lines)?);
                self.place.write(&self.kept)?;
                self.kept.appended = Some(file.append(&lines)?);
            }
            Way::Acknowledged(reader) => {
                reader.announce(&lines, &checkpoint, &mut self.kept);
                self.place.write(&self.kept)?;
                reader.deliver(&lines).await?;
                self.kept.unacknowledged = None;
                self.kept.acknowledged = lines.last().map(|line| line.id.clone());
            }
        }
        self.settle(checkpoint)
    }

    /// Keeps a checkpoint behind which nothing is outstanding.
    pub(super) fn settle(&mut self, checkpoint: Checkpoint) -> Result<(), Failure> {
        self.kept.checkpoint = checkpoint;
        self.place.write(&self.kept)
    }

    /// How many were delivered.
    pub(super) fn finish(self) -> Result<usize, Failure> {
        if let Way::Piped(pipe) = self.way {
            pipe.finish()?;
        }
        Ok(self.count)
    }
}
