//! `auth status` and `auth reset`: what is kept, and forgetting it.

use defender_xdr_core::auth::{Claims, SignInStatus};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::{Clock, SystemClock, Timestamp};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::Table;
use crate::world::World;

pub(super) async fn reset(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    // Tokens of the two APIs are kept apart; whoever resets means both.
    let mut had = false;
    for backend in Backend::ALL {
        had |= session.tokens_for(backend)?.reset().await?;
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
    pending_until: Option<Timestamp>,
    refused: Option<Refused<'a>>,
    protection: String,
}

pub(super) async fn run(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let status = session.tokens.status();
    let permissions = status.claims.as_ref().map(Claims::permissions).unwrap_or_default();
    let shown = Status {
        signed_in: status.signed_in,
        flow: session.entry.id,
        api: session.backend.id(),
        application_id: session.context.application_id().ok(),
        tenant: session.context.values.text("tenant-id").map(str::to_owned),
        account: account(&status),
        permissions,
        expires_at: status.access_token_expires_at,
        has_refresh_token: status.has_refresh_token,
        pending_until: status.pending_until,
        refused: status.refused.as_ref().map(|refused| Refused {
            code: refused.code.as_deref(),
            message: &refused.message,
            hint: refused.hint.as_deref(),
        }),
        protection: session.vault.protection(),
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
            ("refresh token", if shown.has_refresh_token { "stored" } else { "-" }.to_owned()),
            ("tokens", shown.protection.clone()),
        ];
        if let Some(until) = shown.pending_until {
            pairs.push(("started sign-in", format!("waits for the person until {}", minutes(until))));
        }
        if let Some(refused) = &shown.refused {
            let hint = refused.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            pairs.push(("refused", format!("{}{hint}", refused.message)));
        }
        Table::of_pairs(pairs)
    })?;
    output.finish()?;
    Ok(if status.signed_in { Exit::Ok } else { Exit::Negative })
}

/// Who signed in, when the token says so.
pub(super) fn account(status: &SignInStatus) -> Option<String> {
    let claims = status.claims.as_ref()?;
    claims.upn.clone().or_else(|| claims.preferred_username.clone())
}

/// A moment, and how far off it is.
pub(super) fn minutes(at: Timestamp) -> String {
    let left = at.duration_since(SystemClock.now()).as_mins();
    format!("{at:.0}, {left} minutes from now")
}
