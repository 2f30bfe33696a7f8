//! The seeded directory: tenants, people, applications and APIs every run of the emulator starts with.

pub mod applications;
pub mod people;
mod registrations;
pub mod resources;
pub mod tenants;
