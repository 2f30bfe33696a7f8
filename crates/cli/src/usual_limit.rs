//! How much a list shows to whoever asks for no number, and that it says so.

use crate::world::World;

/// How many records a list has unless another number is asked for.
pub(crate) const USUAL: usize = 100;

/// Says, unless a number or everything was asked for, that a list ends because nobody asked for more, not because there
/// is no more.
pub(crate) fn say_where_it_ends(world: &World, what: &str, count: usize, asked: bool) {
    if count == USUAL && !asked {
        world.say(&format!("the first {USUAL} {what}, as always without `--limit`; `--all` lists every one"));
    }
}
