//! The seeded directory: tenants, people, applications and APIs every run of the emulator starts with.

pub mod applications;
pub mod managed_identities;
pub mod people;
pub(crate) mod registrations;
pub mod resources;
pub mod tenants;
