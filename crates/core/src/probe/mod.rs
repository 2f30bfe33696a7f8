//! The way to a host, step by step: which proxy stands in it, whether its name is known, whether somebody answers, and
//! whose certificate that is. For whoever wants to know where a way breaks; requests themselves go through
//! [`crate::http`], which tells one thing that went wrong.
//!
//! Nothing is ever sent but what opens a connection.

mod certificate;
mod connection;
mod handshake;
mod route;

pub use certificate::Shown;
pub use connection::{Connection, Unconnected, connect};
pub use handshake::{Fault, Handshake, Trust};
pub use route::{ProxyRoute, Route};
