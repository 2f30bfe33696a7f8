//! Refusals of the authorization endpoint.

use crate::entra::refusal::Refusal;

/// Refusals that are only ever shown on a page have no documented `error`: the word is never sent.
const PAGE: &str = "invalid_request";

pub(crate) fn no_reply_address_named() -> Refusal {
    Refusal::new(PAGE, 900_971, "No reply address provided.")
}

pub(crate) fn no_reply_address(application: &str) -> Refusal {
    Refusal::new(
        PAGE,
        500_113,
        format!("No reply address is registered for the application '{application}'."),
    )
}

pub(crate) fn urn_reply_address(uri: &str) -> Refusal {
    Refusal::new(PAGE, 500_119, format!("The reply address '{uri}' is a URN, which is not allowed."))
}

pub(crate) fn unregistered_reply_address(uri: &str, application: &str) -> Refusal {
    Refusal::new(
        PAGE,
        50_011,
        format!(
            "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the \
             application '{application}'."
        ),
    )
}

pub(crate) fn bad_parameter(name: &str) -> Refusal {
    Refusal::new("invalid_request", 90_100, format!("The parameter '{name}' is empty or not valid."))
}

pub(crate) fn unsupported_response_type(response_type: &str) -> Refusal {
    Refusal::new(
        "unsupported_response_type",
        700_054,
        format!("response_type '{response_type}' is not enabled for the application."),
    )
}

pub(crate) fn bad_challenge(why: &str) -> Refusal {
    Refusal::new("invalid_request", 50_147, format!("The code_challenge is not valid: {why}."))
}

/// `prompt=none`, and nobody has signed in before.
pub(crate) fn nobody_signed_in() -> Refusal {
    Refusal::new("login_required", 50_058, "A silent sign-in request was sent but no user is signed in.")
}

pub(crate) fn cancelled() -> Refusal {
    Refusal::new("access_denied", 65_004, "User declined to consent to access the app.")
        .suberror("cancel".to_owned())
}

pub(crate) fn unknown_person(name: &str) -> Refusal {
    Refusal::new(PAGE, 50_034, format!("The user account {name} does not exist in the directory."))
}

pub(crate) fn foreign_person(name: &str) -> Refusal {
    Refusal::new(
        PAGE,
        50_020,
        format!(
            "The user account '{name}' does not exist in the tenant of this sign-in and cannot access the application."
        ),
    )
}

pub(crate) fn administrator_needed(application: &str) -> Refusal {
    Refusal::new(
        PAGE,
        90_094,
        format!("'{application}' needs permission to access resources that only an administrator can grant."),
    )
}

pub(crate) fn nothing_registered(application: &str, resource: &str) -> Refusal {
    Refusal::new(
        PAGE,
        650_056,
        format!(
            "Misconfigured application: '{application}' has not listed any permissions for '{resource}'."
        ),
    )
}

pub(crate) fn unknown_permission(permission: &str, resource: &str) -> Refusal {
    Refusal::new(
        "invalid_scope",
        70_011,
        format!("The scope '{permission}' does not exist on the resource '{resource}'."),
    )
}
