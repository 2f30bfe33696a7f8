//! Drives the real listener over HTTP, as any client would.

#[cfg(test)]
mod arc;
#[cfg(test)]
mod authorization_code;
#[cfg(test)]
mod authorize_page;
#[cfg(test)]
mod client_assertion;
mod client_credentials;
#[cfg(test)]
mod code_flow;
mod control_endpoint;
mod device_code;
mod discovery;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod managed_identity;
#[cfg(test)]
mod policies;
mod refresh;
mod refusals;
mod sign_in_page;
#[cfg(test)]
mod signer;
mod state_file;
#[cfg(test)]
mod tenant;
mod tls;
