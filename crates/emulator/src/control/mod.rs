//! Everything that steers the tenant from outside: faults, the request log, the in-process handle and the control
//! endpoint below `/_control`.

pub(crate) mod challenge;
pub(crate) mod endpoint;
mod entra;
pub(crate) mod fault;
pub(crate) mod handle;
mod managed_identity;
mod registrations;
pub(crate) mod request_log;
