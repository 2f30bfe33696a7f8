//! `auth test` and `auth token`: a token from the service, and one for another program.

use defender_xdr_core::auth::peek;
use serde_json::json;

use super::status::minutes;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, Table};
use crate::session::Session;
use crate::world::World;

pub(super) async fn test(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    prove(world, &session).await
}

/// Signs in anew and says what that gave.
pub(super) async fn prove(world: &World, session: &Session) -> Result<Exit, Failure> {
    let token = session.tokens.proven_token().await;
    session.tokens.flush().await;
    let token = session.told(token, "")?;
    let permissions = peek(&token.secret).map(|claims| claims.permissions());
    if permissions.as_ref().is_some_and(Vec::is_empty) {
        tracing::warn!("the token carries no permission: grant the application some, with admin consent");
    }
    let mut output = world.output();
    let value = json!({
        "ok": true,
        "flow": session.entry.id,
        "api": session.backend.id(),
        "expires_at": token.expires_at,
        "permissions": permissions,
    });
    output.object(&value, || {
        Table::of_pairs(vec![
            ("sign-in", "works".to_owned()),
            ("flow", session.entry.name.to_owned()),
            ("api", session.backend.to_string()),
            ("expires", minutes(token.expires_at)),
            ("permissions", permissions.unwrap_or_default().join(" ")),
        ])
    })?;
    output.finish()?;
    Ok(Exit::Ok)
}

pub(super) async fn run(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let token = session.tokens.token().await;
    session.tokens.flush().await;
    let token = session.told(token, "")?;
    let mut output = world.output();
    match world.global.output {
        // The bare token unless JSON was asked for: it goes into a header or a variable.
        Some(Format::Table | Format::Csv | Format::Markdown) | None if !world.is_seen_through() => {
            output.line(token.secret.expose())?;
        }
        _ => {
            let value = json!({ "access_token": token.secret.expose(), "token_type": "Bearer", "expires_at": token.expires_at });
            output.object(&value, || Table::of_pairs(Vec::new()))?;
        }
    }
    output.finish()?;
    Ok(Exit::Ok)
}
