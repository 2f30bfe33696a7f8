//! Refusals of client assertions.

use crate::entra::refusal::Refusal;

pub(crate) fn unreadable_assertion() -> Refusal {
    Refusal::new("invalid_client", 50_012, "Client authentication failed: the assertion is no signed JWT.")
}

pub(crate) fn unregistered_certificate(reason: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        700_027,
        format!(
            "The certificate with identifier used to sign the client assertion is not registered on application. \
             [Reason - {reason}.]"
        ),
    )
}

pub(crate) fn expired_certificate(application: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        7_000_222,
        format!(
            "The certificate that signed the client assertion of app '{application}' is not valid at this time."
        ),
    )
}

pub(crate) fn wrong_assertion_audience(audience: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        700_023,
        format!(
            "Client assertion audience claim '{audience}' does not match the token endpoint of this tenant."
        ),
    )
}

pub(crate) fn assertion_of_another_client(application: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        700_021,
        format!("Client assertion issuer and subject have to be the application '{application}' itself."),
    )
}

pub(crate) fn assertion_out_of_time(now: &str, window: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        700_024,
        format!("Client assertion is not within its valid time range. Current time: {now}, {window}."),
    )
}

pub(crate) fn replayed_assertion() -> Refusal {
    Refusal::new(
        "invalid_client",
        50_012,
        "Client authentication failed: an assertion with this 'jti' was used before, or it has none.",
    )
}

pub(crate) fn no_federation(application: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        70_021,
        format!(
            "No matching federated identity record found for presented assertion: app '{application}' has none."
        ),
    )
}

pub(crate) fn no_federation_with(claim: &str, value: &str, code: u32) -> Refusal {
    Refusal::new(
        "invalid_client",
        code,
        format!("No matching federated identity record found for presented assertion {claim} '{value}'."),
    )
}

pub(crate) fn invalid_federated_token(issuer: &str) -> Refusal {
    Refusal::new(
        "invalid_client",
        50_013,
        format!("Assertion failed signature validation: no key of issuer '{issuer}' made the signature."),
    )
}
