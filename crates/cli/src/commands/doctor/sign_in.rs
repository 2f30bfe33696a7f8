//! Whether there is a token: the one kept, or a fresh one.

use defender_xdr_core::auth::{AccessToken, AuthErrorKind, peek};

use super::finding::Finding;
use super::permissions;
use crate::commands::auth::permissions::consent;
use crate::failure::Failure;
use crate::session::Session;
use defender_xdr_api::Operation;

pub(super) const CHECK: &str = "sign-in";

/// Signs in, and looks at what the token holds. `fresh` asks the service whatever is kept.
pub(super) async fn check(
    session: &Session,
    fresh: bool,
    needed: &[Operation],
) -> Result<[Finding; 2], Failure> {
    let kept = session.tokens.status().access_token_expires_at;
    let token = if fresh { session.tokens.proven_token().await } else { session.tokens.token().await };
    session.tokens.flush().await;
    match token {
        Ok(token) => {
            let from = if Some(token.expires_at) == kept { "kept" } else { "fresh" };
            Ok([Finding::ok(CHECK, seen(session, &token, from)), held(session, &token, needed)?])
        }
        Err(error) => {
            let nobody_consented =
                matches!(error.kind(), AuthErrorKind::ConsentRequired | AuthErrorKind::ResourceUnknown);
            let signed_in = session.told(Err::<(), _>(error), "");
            let finding = match signed_in {
                Err(failure) => Finding::of(CHECK, with_code(failure))?,
                Ok(()) => return Err(Failure::bug("an error was lost")),
            };
            let why = if nobody_consented { "nobody has consented to any" } else { "there is no token" };
            Ok([finding, Finding::skipped(permissions::CHECK, why)])
        }
    }
}

/// The number that Entra gave stands in the text, once.
fn with_code(failure: Failure) -> Failure {
    let Failure::Reported(report) = failure else { return failure };
    match report.code.clone() {
        Some(code) if !report.message().contains(&code) => {
            let message = format!("{code}: {}", report.message());
            Failure::Reported(Box::new(report.saying(message)))
        }
        _ => Failure::Reported(report),
    }
}

fn seen(session: &Session, token: &AccessToken, from: &str) -> String {
    let claims = peek(&token.secret);
    let who = claims
        .and_then(|claims| claims.upn.or(claims.preferred_username))
        .map(|who| format!(" as {who}"))
        .unwrap_or_default();
    let note = if from == "kept" { " (`--fresh` asks for a new one)" } else { "" };
    format!(
        "signed in{who} with the {} flow, a {from} token until {:.0}{note}",
        session.entry.id, token.expires_at
    )
}

fn held(session: &Session, token: &AccessToken, needed: &[Operation]) -> Result<Finding, Failure> {
    let Some(claims) = peek(&token.secret) else {
        return Ok(Finding::skipped(permissions::CHECK, "the token does not say what it holds"));
    };
    let consent = match consent(session) {
        Ok(consent) => consent,
        Err(failure) => return Finding::of(permissions::CHECK, failure),
    };
    let asked = permissions::Asked {
        backend: session.backend,
        identity: session.entry.capabilities.identity,
        needed,
        consent: consent.as_deref(),
    };
    Ok(permissions::verdict(asked, &claims.permissions()))
}
