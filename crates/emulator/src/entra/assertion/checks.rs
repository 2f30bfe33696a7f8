//! Whether an assertion proves that the client is who it says.
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::certificate::{Algorithm, Thumbprint};
use super::federation::FederatedCredential;
use super::jwt::Assertion;
use super::trust::Trusted;
use crate::directory::applications::Application;
use crate::entra::aadsts;
use crate::entra::refusal::Refusal;

/// A client's clock may be this far ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// An assertion the client signed itself: thumbprint, signature, audience, issuer, time.
pub(super) fn of_a_certificate(
    assertion: &Assertion<'_>,
    application: &Application,
    trusted: &Trusted<'_>,
    audiences: &[String],
    now: Timestamp,
) -> Result<(), Refusal> {
    let thumbprint = Thumbprint::of_header(&assertion.header).ok_or_else(|| {
        aadsts::unregistered_certificate("The key was not found: the header names no thumbprint")
    })?;
    let certificate = trusted.certificate(&thumbprint).ok_or_else(|| {
        aadsts::unregistered_certificate(&format!(
            "The key was not found., Thumbprint of key used by client: '{thumbprint}'"
        ))
    })?;
    let algorithm = match assertion.header.get("alg").and_then(Value::as_str) {
        Some("RS256") => Algorithm::Rs256,
        Some("PS256") => Algorithm::Ps256,
        other => {
            return Err(aadsts::unregistered_certificate(&format!(
                "The algorithm '{}' is not supported; use PS256 or RS256",
                other.unwrap_or_default()
            )));
        }
    };
    if !certificate.signed(algorithm, assertion.signed.as_bytes(), &assertion.signature) {
        return Err(aadsts::unregistered_certificate(
            "Client assertion contains an invalid signature: the key used is not the one of the certificate",
        ));
    }
    if !certificate.valid_at(now) {
        return Err(aadsts::expired_certificate(application.id));
    }
    let audience = assertion.audience().unwrap_or_default();
    if !audiences.iter().any(|known| known.eq_ignore_ascii_case(audience)) {
        return Err(aadsts::wrong_assertion_audience(audience));
    }
    let is_client =
        |claim: &str| assertion.text(claim).is_some_and(|id| id.eq_ignore_ascii_case(application.id));
    if !is_client("iss") || !is_client("sub") {
        return Err(aadsts::assertion_of_another_client(application.id));
    }
    in_time(assertion, now)
}

/// A token of an issuer outside: what is configured has to fit exactly, then the signature and the time.
pub(super) fn of_a_federation(
    assertion: &Assertion<'_>,
    application: &Application,
    trusted: &Trusted<'_>,
    issued_here: impl FnOnce(&str) -> bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    let issuer = assertion.text("iss").unwrap_or_default();
    let subject = assertion.text("sub").unwrap_or_default();
    let audience = assertion.audience().unwrap_or_default();
    if trusted.federations.is_empty() {
        return Err(aadsts::no_federation(application.id));
    }
    let of_issuer = || trusted.federations.iter().filter(|known| known.issuer == issuer);
    if of_issuer().next().is_none() {
        return Err(aadsts::no_federation_with("issuer", issuer, 700_211));
    }
    let fits = |known: &&FederatedCredential| known.subject == subject;
    if of_issuer().find(fits).is_none() {
        let number = if of_issuer().any(|known| known.subject.eq_ignore_ascii_case(subject)) {
            7_002_138
        } else {
            700_213
        };
        return Err(aadsts::no_federation_with("subject", subject, number));
    }
    if !of_issuer().filter(fits).any(|known| known.audience == audience) {
        return Err(aadsts::no_federation_with("audience", audience, 700_212));
    }
    if !issued_here(assertion.whole) {
        return Err(aadsts::invalid_federated_token(issuer));
    }
    in_time(assertion, now)
}

fn in_time(assertion: &Assertion<'_>, now: Timestamp) -> Result<(), Refusal> {
    let second = now.as_second();
    let begun = assertion.seconds("nbf").is_none_or(|from| from <= second.saturating_add(SKEW.as_secs()));
    if begun && assertion.seconds("exp").is_some_and(|until| until > second) {
        Ok(())
    } else {
        Err(aadsts::assertion_out_of_time(&now.to_string(), &assertion.window()))
    }
}
