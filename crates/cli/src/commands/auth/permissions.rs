//! `auth permissions`: per command, what the token must hold and whether it does.

use clap::Args;
use defender_xdr_api::{Operation, PagePermission, cortex_page, requirement, smallest_set};
use defender_xdr_core::auth::{AuthErrorKind, Identity, peek};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{List, Record};
use crate::session::Session;
use crate::world::World;

#[derive(Debug, Clone, Args)]
pub(crate) struct Arguments {
    /// Only these commands, such as "incidents update" or hunt.
    #[arg(value_name = "COMMAND", value_parser = operation)]
    commands: Vec<Operation>,
    /// Ask for no token: only say what is needed.
    #[arg(long)]
    no_token: bool,
}

/// Reads an operation by its command.
pub(crate) fn operation(text: &str) -> Result<Operation, String> {
    Operation::ALL.into_iter().find(|operation| operation.command() == text.trim()).ok_or_else(|| {
        let names: Vec<_> = Operation::ALL.iter().map(|operation| operation.command()).collect();
        format!("choose from {}", names.join(", "))
    })
}

/// The members of a row.
const FIELDS: &[&str] = &[
    "command",
    "api",
    "identity",
    "cloud",
    "cortex_page",
    "needed",
    "verdict",
    "role",
    "missing",
    "admin_consent",
];

#[derive(Serialize)]
struct Row<'a> {
    command: &'a str,
    api: &'a str,
    identity: &'a str,
    cloud: &'a str,
    /// What the Cortex page asks for; several in one list are alternatives.
    cortex_page: Vec<Vec<Named<'a>>>,
    /// What the token needs: one of these, the least first.
    needed: Vec<Named<'a>>,
    verdict: &'a str,
    /// The directory role that the person needs as well; a token does not show it.
    role: Option<&'a str>,
    missing: Option<&'a str>,
    /// Where an administrator consents to what is missing.
    admin_consent: Option<&'a str>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    api: &'a str,
}

pub(super) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let session = open(world).await?;
    let operations = if arguments.commands.is_empty() {
        Operation::ALL.into_iter().filter(|operation| operation.is_offered_by(session.backend)).collect()
    } else {
        arguments.commands.clone()
    };
    let held = if arguments.no_token { None } else { held(&session).await? };
    let identity = session.entry.capabilities.identity;
    let cloud = session.context.cloud()?;
    let offered =
        cloud.endpoint(session.backend).is_some() || session.context.values.get("endpoint").is_some();
    let consent = consent(&session)?;
    let mut list = List::new(world.output(), &["command", "cortex page asks for", "token needs", "verdict"])
        .with_all_fields(FIELDS)?
        .wrapping();
    let (mut lacking, mut impossible) = (Vec::new(), false);
    for operation in &operations {
        let needed = requirement(*operation, session.backend, identity);
        let verdict = match &held {
            _ if !offered => "not in this cloud",
            _ if !operation.is_offered_by(session.backend) => "not in this API",
            None => "unknown",
            Some(held) if needed.is_met_by(held) => "allowed",
            Some(_) => "missing",
        };
        match verdict {
            "allowed" => {}
            "not in this API" => impossible = true,
            _ => lacking.push(*operation),
        }
        let row = Row {
            command: operation.command(),
            api: session.backend.id(),
            identity: word(identity),
            cloud: cloud.id(),
            cortex_page: page(*operation, identity),
            needed: needed.names().map(|name| Named { name, api: needed.api }).collect(),
            verdict,
            role: (identity == Identity::Delegated).then_some(operation.role()),
            missing: (verdict == "missing").then_some(needed.least),
            admin_consent: consent.as_deref().filter(|_| verdict == "missing"),
        };
        list.push(&Record::Model(&row), || {
            let page: Vec<_> = row.cortex_page.iter().map(|names| alternatives(names)).collect();
            let verdict = match row.missing {
                Some(name) => format!("missing {name}"),
                None => verdict.to_owned(),
            };
            vec![row.command.to_owned(), page.join(", "), alternatives(&row.needed), verdict]
        })?;
    }
    list.finish()?;
    if identity == Identity::Delegated {
        let mut roles: Vec<_> = operations.iter().map(|operation| operation.role()).collect();
        roles.sort_unstable();
        roles.dedup();
        world.say(&format!(
            "The verdicts are about the token alone: the person also needs the role {} (or one above it).",
            roles.join(" to change incidents, else ")
        ));
    }
    if held.is_none() {
        return Ok(Exit::Ok);
    }
    if lacking.is_empty() {
        return Ok(if impossible { Exit::Negative } else { Exit::Ok });
    }
    if offered {
        advise(world, &session, &lacking, consent.as_deref());
    }
    Ok(Exit::Negative)
}

/// What the token holds; nothing at all when nobody ever consented.
async fn held(session: &Session) -> Result<Option<Vec<String>>, Failure> {
    let token = session.tokens.token().await;
    session.tokens.flush().await;
    match token {
        Ok(token) => Ok(Some(peek(&token.secret).map(|claims| claims.permissions()).unwrap_or_default())),
        Err(error)
            if matches!(error.kind(), AuthErrorKind::ConsentRequired | AuthErrorKind::ResourceUnknown) =>
        {
            Ok(Some(Vec::new()))
        }
        Err(error) => session.told(Err(error), ""),
    }
}

/// Where an administrator consents; nowhere for an identity without an app registration of its own.
pub(crate) fn consent(session: &Session) -> Result<Option<String>, Failure> {
    if !session.entry.settings.iter().any(|setting| setting.key == "application-id") {
        return Ok(None);
    }
    // The same fallback as flows have that can do without a tenant.
    let tenant = session.tenant().unwrap_or_else(|| "organizations".to_owned());
    let authority = session.context.authority(Some(&tenant))?;
    let redirect = session.context.values.text("redirect-uri");
    Ok(Some(authority.admin_consent(&session.application_id()?, redirect).into()))
}

/// How to grant what is missing.
fn advise(world: &World, session: &Session, lacking: &[Operation], consent: Option<&str>) {
    let identity = session.entry.capabilities.identity;
    let needed = smallest_set(lacking, session.backend, identity);
    let api = lacking.first().map(|operation| requirement(*operation, session.backend, identity).api);
    world.say(&format!(
        "\nTo allow these commands, grant the {} permission{} {} of {}",
        word(identity),
        if needed.len() == 1 { "" } else { "s" },
        needed.join(" and "),
        api.unwrap_or_default(),
    ));
    world.say(&match consent {
        Some(link) => {
            format!("(app registration, API permissions); then an administrator consents here:\n  {link}")
        }
        None => "as app role assignments of the identity: docs/managed-identity.md shows how".to_owned(),
    });
}

/// Names with "or", each API named once.
fn alternatives(names: &[Named<'_>]) -> String {
    let text = names.iter().map(|named| named.name).collect::<Vec<_>>().join(" or ");
    match names.first() {
        Some(first) => format!("{text} ({})", first.api),
        None => text,
    }
}

const fn word(identity: Identity) -> &'static str {
    match identity {
        Identity::Application => "application",
        Identity::Delegated => "delegated",
    }
}

fn page(operation: Operation, identity: Identity) -> Vec<Vec<Named<'static>>> {
    let permissions = cortex_page(operation, identity);
    permissions
        .chunk_by(|one, next| one.one_of == next.one_of)
        .map(|group| group.iter().map(|PagePermission { name, api, .. }| Named { name, api }).collect())
        .collect()
}
