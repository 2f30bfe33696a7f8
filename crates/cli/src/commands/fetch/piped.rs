//! To standard output: at least once. The checkpoint is kept after the lines were handed over, so that a kill between
//! the two repeats them.

use super::lines::Line;
use crate::failure::Failure;
use crate::output::Output;
use crate::world::World;

#[derive(Debug)]
pub(super) struct Piped(Output);

impl Piped {
    pub(super) fn new(world: &World) -> Self {
        Self(world.lines())
    }

    pub(super) fn write(&mut self, lines: &[Line]) -> Result<(), Failure> {
        for line in lines {
            self.0.json_line(&line.text)?;
        }
        self.0.flush()
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        self.0.finish()
    }
}
