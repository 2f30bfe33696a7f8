//! What corresponds to what: hosts, scopes, permissions, calls, fields, words of enumerations, filters, context paths.
//!
//! Fields, words, permissions and clouds are those of the API client; what it does not need is added here, each table with
//! its source.

mod calls;
mod contexts;
mod fields;
mod filters;
mod hosts;
mod permissions;
mod values;

pub use calls::{CALLS, Call, call_of};
pub use contexts::{CONTEXTS, Context};
pub use fields::{Field, Record, fields};
pub use filters::{Filterable, filterable};
pub use hosts::{Host, LegacyApi, RESOURCES, Resource, hosts};
pub use permissions::{Permission, permissions};
pub use values::{Enumeration, enumerations};
