//! Fetching from a world that changes: each incident once and in order, whatever happens between two fetches and within
//! one.

mod changing_world;
mod cycles;
mod large;
