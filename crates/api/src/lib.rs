//! Microsoft Defender XDR for programs: incidents and advanced hunting on two backends behind one model.
//!
//! JSON of this crate uses Microsoft Graph v1.0 names and words, whichever backend it came from. What only the
//! legacy API has keeps its legacy name; members nobody knows pass through.
//!
//! ```
//! use defender_xdr_api::incidents::{Extent, IncidentQuery};
//! use defender_xdr_api::{ApiError, Client};
//!
//! /// The names of all incidents of high severity, as they arrive.
//! async fn tell(client: &Client, mut each: impl FnMut(String)) -> Result<(), ApiError> {
//!     let query =
//!         IncidentQuery { severity: vec!["high".into()], extent: Extent::All, ..IncidentQuery::default() };
//!     let mut list = client.list_incidents(&query);
//!     while let Some(listed) = list.next().await? {
//!         // One that cannot be read does not end the list.
//!         if let Ok(incident) = listed.incident {
//!             each(incident.id().to_owned());
//!         }
//!     }
//!     Ok(())
//! }
//! # let _ = |client: &'static Client| tell(client, drop);
//! ```
//!
//! Invariant: no sign-in flow and no terminal is known here. Tokens come from a
//! [`TokenManager`](defender_xdr_core::auth::TokenManager), HTTP and time are passed in.

pub mod alerts;
mod array_stream;
mod challenge;
mod client;
mod direct;
mod endpoint;
pub mod entities;
mod envelope;
mod error;
pub mod evidence;
pub mod fetch;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod hunting;
pub mod incidents;
pub mod kql;
pub mod outline;
mod permissions;
mod purpose;
pub mod quota;
mod refusal;
pub mod words;

pub use client::{Client, World};
pub use direct::{DirectAnswer, DirectCall, DirectPage, DirectPages};
pub use endpoint::{Endpoint, EndpointError};
pub use error::{Answered, ApiError, ApiErrorKind};
pub use permissions::{
    GRAPH_APPLICATION_ID, Operation, PagePermission, Requirement, cortex_page, graph_permission_id,
    least_permission, requirement, smallest_set,
};
#[cfg(fuzzing)]
pub use refusal::fuzz_error_body;
pub use refusal::ways_out;
