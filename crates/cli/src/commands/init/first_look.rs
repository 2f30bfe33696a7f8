//! The first look at the tenant: a sign-in and one incident.

use defender_xdr_api::incidents::{Extent, IncidentQuery};
use serde_json::{Value, json};

use crate::commands::auth::sign_in::with_person;
use crate::failure::Failure;
use crate::session::Session;
use crate::world::World;

/// Signs in, with a person's help if the flow wants it.
pub(super) async fn sign_in(world: &World, session: &Session, browser: bool) -> Result<(), Failure> {
    if session.entry.capabilities.interactive && with_person(world, session, browser).await? {
        return Ok(());
    }
    let token = session.tokens.proven_token().await;
    session.tokens.flush().await;
    session.told(token.map(|_| ()), "")
}

/// The latest incident, in a few words; `None` when there is none.
pub(super) async fn incident(session: &Session) -> Result<Option<Value>, Failure> {
    let client = session.client()?;
    let query = IncidentQuery { extent: Extent::AtMost(1), ..IncidentQuery::default() };
    let mut list = client.list_incidents(&query);
    let first = session.told(list.next().await, "")?;
    let shown = first.and_then(|listed| listed.incident.ok()).map(|incident| {
        json!({
            "id": incident.id(),
            "displayName": incident.text("displayName"),
            "severity": incident.text("severity"),
            "status": incident.text("status"),
        })
    });
    session.tokens.flush().await;
    Ok(shown)
}
