//! The edge: sockets, TLS and HTTP around the tenant.

pub(crate) mod body;
pub(crate) mod certificates;
pub(crate) mod connection;
pub(crate) mod resettable;
