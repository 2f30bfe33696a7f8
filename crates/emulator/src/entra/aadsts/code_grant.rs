//! Refusals of the redemption of an authorization code.

use crate::entra::refusal::Refusal;

pub(crate) fn malformed_code() -> Refusal {
    Refusal::new(
        "invalid_grant",
        9_002_313,
        "The authorization code is malformed: hand over the value of 'code' and nothing around it.",
    )
}

pub(crate) fn invalid_code() -> Refusal {
    Refusal::new(
        "invalid_grant",
        70_000,
        "The provided authorization code is invalid, or was issued to another application or by another cloud.",
    )
}

pub(crate) fn spent_code() -> Refusal {
    Refusal::new(
        "invalid_grant",
        54_005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
    )
}

pub(crate) fn expired_code() -> Refusal {
    Refusal::new("invalid_grant", 70_008, "The provided authorization code has expired. Send a new request.")
}

pub(crate) fn other_reply_address(sent: &str, asked: &str) -> Refusal {
    Refusal::new(
        "invalid_grant",
        500_112,
        format!(
            "The reply address '{sent}' does not match the reply address '{asked}' of the authorization request."
        ),
    )
}

pub(crate) fn bad_verifier() -> Refusal {
    Refusal::new(
        "invalid_grant",
        501_491,
        "The code_verifier is not 43 to 128 letters, digits, '-', '.', '_' or '~'.",
    )
}

pub(crate) fn verifier_does_not_fit() -> Refusal {
    Refusal::new(
        "invalid_grant",
        501_481,
        "The code_verifier does not match the code_challenge supplied in the authorization request.",
    )
}

pub(crate) fn scope_was_not_agreed_to() -> Refusal {
    Refusal::new(
        "invalid_grant",
        70_000,
        "One or more scopes requested are unauthorized: the user must first sign in and grant access to them.",
    )
}

pub(crate) fn empty_scope() -> Refusal {
    Refusal::new(
        "invalid_request",
        28_003,
        "Provided value for the input parameter 'scope' cannot be empty when requesting an access token.",
    )
}

pub(crate) fn page_without_pkce() -> Refusal {
    Refusal::new(
        "invalid_request",
        9_002_325,
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
    )
}

pub(crate) fn cross_origin_without_page() -> Refusal {
    Refusal::new(
        "invalid_request",
        9_002_326,
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    )
}

pub(crate) fn page_without_origin() -> Refusal {
    Refusal::new(
        "invalid_request",
        9_002_327,
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    )
}
