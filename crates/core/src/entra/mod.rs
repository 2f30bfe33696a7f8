//! Microsoft Entra ID: where to sign in, how to ask for a token, what its errors mean.

mod authority;
mod client_assertion;
mod cloud;
mod codes;
mod scope;
mod token_endpoint;
mod wire;

pub use authority::{Authority, Tenant, is_guid};
pub use client_assertion::client_assertion_fields;
pub use cloud::Cloud;
pub use codes::{Code, Explanation, explain, look_up, themes};
pub use scope::{code_flow_scope, default_resource, default_scope, resource_of_scope};
pub use token_endpoint::TokenEndpoint;
pub use wire::{DeviceAuthorization, ErrorBody, lenient_seconds};
