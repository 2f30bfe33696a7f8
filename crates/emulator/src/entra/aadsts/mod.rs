//! The AADSTS refusals this tenant knows, one constructor each.
//!
//! Numbers and `error` values follow
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>; the texts are our own, since the
//! vendor promises nothing about them.

mod assertion;
mod authorization;
mod code_grant;

use http::StatusCode;

use super::refusal::Refusal;

pub(crate) use assertion::*;
pub(crate) use authorization::*;
pub(crate) use code_grant::*;

pub(crate) fn missing_field(name: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        900_144,
        format!("The request body must contain the following parameter: '{name}'."),
    )
}

pub(crate) fn only_post() -> Refusal {
    Refusal::new("invalid_request", 900_561, "This endpoint only accepts POST requests.")
}

pub(crate) fn malformed(what: &str) -> Refusal {
    Refusal::new("invalid_request", 9_002_313, format!("The request is malformed or invalid: {what}."))
}

pub(crate) fn resource_on_v2() -> Refusal {
    Refusal::new(
        "invalid_request",
        901_002,
        "The 'resource' request parameter is not supported; use 'scope'.",
    )
}

pub(crate) fn unknown_tenant(segment: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        90_002,
        format!("Tenant '{segment}' not found. Check the tenant id and that you use the right cloud."),
    )
}

pub(crate) fn malformed_tenant(segment: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        900_023,
        format!(
            "Specified tenant identifier '{segment}' is neither a valid DNS name, nor a valid external domain."
        ),
    )
}

pub(crate) fn grant_needs_a_tenant() -> Refusal {
    Refusal::new(
        "invalid_request",
        9_001_023,
        "The grant type is not supported over the /common or /consumers endpoints; name the tenant.",
    )
}

pub(crate) fn no_tenant_information() -> Refusal {
    Refusal::new(
        "invalid_request",
        50_059,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
    )
}

pub(crate) fn single_tenant(name: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        50_194,
        format!("Application '{name}' is not configured as a multi-tenant application; name its tenant."),
    )
}

pub(crate) fn work_accounts_only(name: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        9_002_332,
        format!(
            "Application '{name}' is for work or school accounts only; do not use the /consumers endpoint."
        ),
    )
}

pub(crate) fn unknown_application(id: &str, tenant: &str) -> Refusal {
    Refusal::new(
        "unauthorized_client",
        700_016,
        format!("Application with identifier '{id}' was not found in the directory '{tenant}'."),
    )
}

pub(crate) fn unsupported_grant(grant: &str) -> Refusal {
    Refusal::new(
        "unsupported_grant_type",
        70_003,
        format!("The app requested an unsupported grant type '{grant}'."),
    )
}

pub(crate) fn wrong_secret(application: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        7_000_215,
        format!(
            "Invalid client secret provided. Make sure the value is sent and not the secret's id, for app '{application}'."
        ),
    )
}

pub(crate) fn expired_secret(application: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        7_000_222,
        format!("The client secret keys for app '{application}' are expired."),
    )
}

pub(crate) fn missing_credential() -> Refusal {
    Refusal::new(
        "invalid_client",
        7_000_218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
}

pub(crate) fn public_client_with_credential() -> Refusal {
    Refusal::new(
        "invalid_client",
        700_025,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    )
}

pub(crate) fn scope_without_default(scope: &str) -> Refusal {
    Refusal::new(
        "invalid_scope",
        1_002_012,
        format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI)."
        ),
    )
}

pub(crate) fn invalid_scope(scope: &str, why: &str) -> Refusal {
    Refusal::new(
        "invalid_scope",
        70_011,
        format!("The provided value for the input parameter 'scope' is not valid: {why}. Scope: {scope}"),
    )
}

pub(crate) fn unknown_resource(resource: &str, tenant: &str) -> Refusal {
    Refusal::new(
        "invalid_resource",
        500_011,
        format!("The resource principal named {resource} was not found in the tenant named {tenant}."),
    )
}

pub(crate) fn consent_required(application: &str, resource: &str) -> Refusal {
    Refusal::new(
        "invalid_grant",
        65_001,
        format!("The user or administrator has not consented to use the application '{application}' for {resource}."),
    )
    .suberror("consent_required".to_owned())
}

pub(crate) fn authorization_pending() -> Refusal {
    Refusal::new(
        "authorization_pending",
        70_016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )
}

pub(crate) fn slow_down(interval_seconds: u64) -> Refusal {
    Refusal::new(
        "slow_down",
        None,
        format!("Polled too often. Wait at least {interval_seconds} seconds between polls from now on."),
    )
}

pub(crate) fn authorization_declined(code: u32) -> Refusal {
    Refusal::new("authorization_declined", code, "The user declined the request.")
}

pub(crate) fn expired_device_code() -> Refusal {
    Refusal::new(
        "expired_token",
        70_020,
        "The provided value for the input parameter 'device_code' has expired.",
    )
}

pub(crate) fn unknown_device_code() -> Refusal {
    Refusal::new(
        "invalid_grant",
        7_000_014,
        "The provided value for the input parameter 'device_code' is not valid.",
    )
}

pub(crate) fn spent_device_code() -> Refusal {
    Refusal::new(
        "invalid_grant",
        70_000,
        "The device code was already redeemed or is for another application.",
    )
}

pub(crate) fn grant_for_another_tenant() -> Refusal {
    Refusal::new("invalid_grant", 700_005, "The provided code is intended to use against another tenant.")
}

pub(crate) fn invalid_refresh_token() -> Refusal {
    Refusal::new(
        "invalid_grant",
        70_000,
        "The provided refresh token is malformed, or was issued to another application or by another cloud.",
    )
}

pub(crate) fn malformed_refresh_token() -> Refusal {
    Refusal::new("invalid_grant", 9_002_313, "The refresh token is malformed or cut short.")
}

pub(crate) fn revoked_refresh_token(issued: &str, valid_from: &str) -> Refusal {
    Refusal::new(
        "invalid_grant",
        50_173,
        format!(
            "The provided grant has expired due to it being revoked, a fresh auth token is needed. The grant was \
             issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) is '{valid_from}'."
        ),
    )
    .suberror("bad_token".to_owned())
}

pub(crate) fn idle_refresh_token(issued: &str) -> Refusal {
    Refusal::new(
        "invalid_grant",
        700_082,
        format!(
            "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for \
             90.00:00:00."
        ),
    )
}

pub(crate) fn refresh_token_of_a_page(issued: &str) -> Refusal {
    Refusal::new(
        "invalid_grant",
        700_084,
        format!(
            "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of \
             1.00:00:00, which cannot be extended. It is now expired. The token was issued on {issued}."
        ),
    )
}

pub(crate) fn sign_in_frequency() -> Refusal {
    Refusal::new(
        "invalid_grant",
        70_043,
        "The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access.",
    )
    .suberror("token_expired".to_owned())
}

pub(crate) fn unknown_instance(host: &str) -> Refusal {
    Refusal::new("invalid_instance", 50_049, format!("Unknown or invalid instance '{host}'."))
}

/// The machine gave no random numbers to sign with.
pub(crate) fn signing_failed() -> Refusal {
    let mut refusal =
        Refusal::new("server_error", 90_033, "A transient error has occurred. Please try again.");
    refusal.status = StatusCode::INTERNAL_SERVER_ERROR;
    refusal
}
