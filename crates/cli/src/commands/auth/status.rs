//! `auth status` and `auth reset`: what is kept, and forgetting it.

use defender_xdr_core::auth::{Claims, SignInStatus, other_person};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::store::atomic;
use defender_xdr_core::{Clock, SystemClock, Timestamp};
use serde::Serialize;

use super::outlook::{Outlook, words};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Table, local};
use crate::world::World;

pub(super) async fn reset(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    // Tokens of the two APIs are kept apart; whoever resets means both.
    let mut had = false;
    for backend in Backend::ALL {
        had |= session.tokens_for(backend)?.reset().await?;
    }
    // A change of keys or settings that was killed leaves secrets beside them, too.
    if let Some(key) = world.paths.sealing_key()
        && let Some(directory) = key.parent()
        && let Err(error) = atomic::sweep(directory)
    {
        tracing::warn!("{error}");
    }
    world.say(if had { "the stored sign-in is forgotten" } else { "there was no stored sign-in" });
    Ok(Exit::Ok)
}

/// The service's last word on the stored sign-in.
#[derive(Serialize)]
struct Refused<'a> {
    code: Option<&'a str>,
    message: &'a str,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Status<'a> {
    signed_in: bool,
    flow: &'a str,
    api: &'a str,
    application_id: Option<String>,
    tenant: Option<String>,
    account: Option<String>,
    permissions: Vec<String>,
    expires_at: Option<Timestamp>,
    has_refresh_token: bool,
    refresh_token_expires_at: Option<Timestamp>,
    refresh_token_days_left: Option<i64>,
    /// Why a new sign-in is due soon.
    warning: Option<String>,
    /// A claims challenge that only a new sign-in answers, as JSON text.
    claims_wanted: Option<String>,
    pending_until: Option<Timestamp>,
    refused: Option<Refused<'a>>,
    /// `sealed` or `memory`.
    token_store: &'a str,
    /// Where the sealing key comes from, as a word of the settings.
    sealing_key: Option<&'a str>,
    sealing_key_place: Option<String>,
    protection: String,
    protects_against: Vec<&'static str>,
    does_not_protect_against: Vec<&'static str>,
}

pub(super) async fn run(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let status = session.tokens.status();
    let permissions = status.claims.as_ref().map(Claims::permissions).unwrap_or_default();
    let outlook = status.refresh_token_expires_at.map(|at| Outlook::new(at, SystemClock.now()));
    let days_left = outlook.as_ref().map(|outlook| outlook.days_left);
    let protection = session.vault.protection();
    let shown = Status {
        signed_in: status.signed_in,
        flow: session.entry.id,
        api: session.backend.id(),
        application_id: session.application_id().ok(),
        tenant: session.tenant(),
        account: account(&status),
        permissions,
        expires_at: status.access_token_expires_at,
        has_refresh_token: status.has_refresh_token,
        refresh_token_expires_at: status.refresh_token_expires_at,
        refresh_token_days_left: days_left,
        // A sign-in that was refused is over, whatever its end would have been.
        warning: outlook.and_then(|outlook| outlook.warning).filter(|_| status.refused.is_none()),
        claims_wanted: status.claims_wanted.clone(),
        pending_until: status.pending_until,
        refused: status.refused.as_ref().map(|refused| Refused {
            code: refused.code.as_deref(),
            message: &refused.message,
            hint: refused.hint.as_deref(),
        }),
        token_store: protection.store,
        sealing_key: protection.key_source,
        sealing_key_place: protection.key_place,
        protection: protection.summary,
        protects_against: protection.against,
        does_not_protect_against: protection.not_against,
    };
    let mut output = world.output();
    output.object(&shown, || {
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let mut pairs = vec![
            ("signed in", if shown.signed_in { "yes" } else { "no" }.to_owned()),
            ("flow", session.entry.name.to_owned()),
            ("api", shown.api.to_owned()),
            ("application", dash(&shown.application_id)),
            ("tenant", dash(&shown.tenant)),
            ("account", dash(&shown.account)),
            ("permissions", dash(&Some(shown.permissions.join(" ")).filter(|text| !text.is_empty()))),
            ("access token", shown.expires_at.map_or("-".to_owned(), |at| format!("until {}", minutes(at)))),
            ("refresh token", refresh_token(&shown)),
            ("tokens", shown.protection.clone()),
            ("sealing key", shown.sealing_key.map_or("-", |source| source).to_owned()),
        ];
        if let Some(until) = shown.pending_until {
            pairs.push(("started sign-in", format!("waits for the person until {}", minutes(until))));
        }
        if shown.claims_wanted.is_some() {
            pairs.push(("wanted", STRONGER.to_owned()));
        }
        if let Some(refused) = &shown.refused {
            let hint = refused.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            pairs.push(("refused", format!("{}{hint}", refused.message)));
        }
        Table::of_pairs(pairs)
    })?;
    output.finish()?;
    if let (Some(wanted), Some(claims)) = (session.context.account(), status.claims.clone())
        && let Some(other) = other_person(claims, &wanted)
    {
        tracing::warn!("`account` is {wanted}, but {other} is signed in: run `defender-xdr auth login`");
    }
    if let Some(warning) = &shown.warning {
        tracing::warn!("{warning}");
    }
    if shown.claims_wanted.is_some() {
        tracing::warn!("{STRONGER}");
    }
    Ok(if status.signed_in { Exit::Ok } else { Exit::Negative })
}

const STRONGER: &str = "the API wants a stronger sign-in, such as with multi-factor authentication: run `defender-xdr auth login`";

fn refresh_token(shown: &Status<'_>) -> String {
    match shown.refresh_token_expires_at {
        Some(at) => {
            let left = at.duration_since(SystemClock.now());
            let left = if left.is_positive() { format!("{} left", words(left)) } else { "over".to_owned() };
            format!("stored, until {}, {left}", local(at))
        }
        None if shown.has_refresh_token => "stored".to_owned(),
        None => "-".to_owned(),
    }
}

/// Who signed in, when the token says so.
pub(super) fn account(status: &SignInStatus) -> Option<String> {
    let claims = status.claims.as_ref()?;
    claims.upn.clone().or_else(|| claims.preferred_username.clone())
}

/// A moment, and how far off it is.
pub(super) fn minutes(at: Timestamp) -> String {
    let left = at.duration_since(SystemClock.now()).as_mins();
    format!("{}, {left} minutes from now", local(at))
}
