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

/// Reads a body as everything that a sign-in service answers with.
#[cfg(fuzzing)]
pub fn fuzz_token_response(body: &[u8]) {
    let token = serde_json::from_slice::<wire::TokenBody>(body);
    let device = serde_json::from_slice::<DeviceAuthorization>(body);
    if let Ok(refusal) = serde_json::from_slice::<ErrorBody>(body) {
        let error = crate::auth::AuthError::from_entra(refusal);
        assert!(!error.to_string().contains('\n'), "a message is one line");
    }
    drop((token, device));
}
