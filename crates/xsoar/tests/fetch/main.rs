//! Fetching from a world that changes: each incident once and in order, whatever happens between two fetches and within
//! one.

#[cfg(test)]
mod changing_world;
#[cfg(test)]
mod cycles;
#[cfg(test)]
mod large;
