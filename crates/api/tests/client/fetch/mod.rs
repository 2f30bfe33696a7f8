//! Reading everything, and the new ones, from lists that change while they are read.

mod changing_world;
mod faults;
mod new_incidents;
mod whole_lists;
