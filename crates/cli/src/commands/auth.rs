//! `auth`: sign in, in one go or in steps, and see how one is signed in.

use clap::Subcommand;
use defender_xdr_core::auth::{Completion, Identity, Instruction, ProviderEntry, SignInStatus, peek};
use defender_xdr_core::{Clock, SystemClock, Timestamp};
use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, List, Record, Table};
use crate::session::{Session, registry};
use crate::world::World;

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Command {
    /// The sign-in flows of this program and the settings each needs.
    Flows,
    /// Sign in: start and complete in one go.
    Login,
    /// Start a sign-in and print what the person has to do; `auth complete` finishes it.
    Start,
    /// Wait until the person has acted, then finish the sign-in.
    Complete {
        /// Ask once and end with exit code 1 while the person has not acted.
        #[arg(long)]
        no_wait: bool,
    },
    /// Prove that signing in works now: asks the service, never the cache.
    Test,
    /// Forget the stored sign-in of the chosen flow.
    Reset,
    /// Who is signed in, until when, and what protects the tokens. No network.
    Status,
    /// Print an access token for another program.
    Token,
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Flows => flows(world),
        Command::Login => login(world).await,
        Command::Start => start(world).await,
        Command::Complete { no_wait } => complete(world, !no_wait).await,
        Command::Test => test(world).await,
        Command::Reset => reset(world).await,
        Command::Status => status(world).await,
        Command::Token => token(world).await,
    }
}

#[derive(Serialize)]
struct Flow<'a> {
    id: &'a str,
    name: &'a str,
    aliases: &'a [&'a str],
    summary: &'a str,
    interactive: bool,
    identity: &'a str,
    renewable: bool,
    settings: Vec<Setting<'a>>,
}

#[derive(Serialize)]
struct Setting<'a> {
    key: &'a str,
    required: bool,
    secret: bool,
    help: &'a str,
}

impl<'a> From<&'a ProviderEntry> for Flow<'a> {
    fn from(entry: &'a ProviderEntry) -> Self {
        let secret = |key: &str| defender_xdr_core::settings::find_key(key).is_some_and(|key| key.secret);
        Self {
            id: entry.id,
            name: entry.name,
            aliases: entry.aliases,
            summary: entry.summary,
            interactive: entry.capabilities.interactive,
            identity: match entry.capabilities.identity {
                Identity::Application => "application",
                Identity::Delegated => "delegated",
            },
            renewable: entry.capabilities.renewable,
            settings: entry
                .settings
                .iter()
                .map(|setting| Setting {
                    key: setting.key,
                    required: setting.required,
                    secret: secret(setting.key),
                    help: setting.help,
                })
                .collect(),
        }
    }
}

fn flows(world: &World) -> Result<Exit, Failure> {
    let registry = registry()?;
    let mut list = List::new(world.output(), &["id", "name", "settings", "for"]);
    for entry in registry.entries() {
        let flow = Flow::from(*entry);
        list.push(&Record::Model(&flow), || {
            let needs: Vec<_> = flow
                .settings
                .iter()
                .map(
                    |setting| {
                        if setting.required { setting.key.to_owned() } else { format!("[{}]", setting.key) }
                    },
                )
                .collect();
            vec![flow.id.to_owned(), flow.name.to_owned(), needs.join(" "), flow.summary.to_owned()]
        })?;
    }
    list.finish()?;
    Ok(Exit::Ok)
}

async fn login(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    if !session.entry.capabilities.interactive {
        world.say(&format!("the {} flow needs nobody: testing it instead", session.entry.id));
        return prove(world, &session).await;
    }
    let instruction = session.told(session.tokens.begin().await, "")?;
    if let Some(instruction) = instruction {
        world.say(&for_people(&instruction));
    }
    session.told(session.tokens.complete(true).await, "")?;
    signed_in(world, &session)
}

async fn start(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let Some(instruction) = session.told(session.tokens.begin().await, "")? else {
        let text =
            format!("the {} flow has nothing to start: every command signs in by itself", session.entry.id);
        let mut output = world.output();
        output.object(&json!({ "message": text }), || Table::of_pairs(vec![("", text.clone())]))?;
        output.finish()?;
        return Ok(Exit::Ok);
    };
    let mut output = world.output();
    match (&instruction, world.output_format()) {
        (_, Format::Table) => output.line(&for_people(&instruction))?,
        (Instruction::DeviceCode { verification_uri, user_code, expires_at, message }, _) => output.object(
            &json!({
                "verification_uri": verification_uri,
                "user_code": user_code,
                "expires_at": expires_at,
                "message": message,
            }),
            || Table::of_pairs(Vec::new()),
        )?,
        (_, _) => return Err(Failure::bug("this flow's instruction has no JSON form")),
    }
    output.finish()?;
    Ok(Exit::Ok)
}

async fn complete(world: &World, wait: bool) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    if !session.entry.capabilities.interactive {
        world.say(&format!(
            "the {} flow has nothing to complete: every command signs in by itself",
            session.entry.id
        ));
        return Ok(Exit::Ok);
    }
    match session.told(session.tokens.complete(wait).await, "")? {
        Completion::SignedIn => signed_in(world, &session),
        Completion::StillPending { until } => {
            world.say(&format!("not completed yet; the code is good until {}", minutes(until)));
            Ok(Exit::Negative)
        }
    }
}

fn signed_in(world: &World, session: &Session) -> Result<Exit, Failure> {
    let status = session.tokens.status();
    let who = account(&status).map(|who| format!(" as {who}")).unwrap_or_default();
    let mut output = world.output();
    let text = format!("signed in{who} with the {} flow", session.entry.name);
    let value =
        json!({ "signed_in": true, "flow": session.entry.id, "account": account(&status), "message": text });
    output.object(&value, || Table::of_pairs(vec![("", text.clone())]))?;
    output.finish()?;
    Ok(Exit::Ok)
}

async fn test(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    prove(world, &session).await
}

async fn prove(world: &World, session: &Session) -> Result<Exit, Failure> {
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

async fn reset(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let had = session.tokens.reset().await?;
    world.say(if had { "the stored sign-in is forgotten" } else { "there was no stored sign-in" });
    Ok(Exit::Ok)
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
    protection: String,
}

async fn status(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let status = session.tokens.status();
    let permissions =
        status.claims.as_ref().map(defender_xdr_core::auth::Claims::permissions).unwrap_or_default();
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
        Table::of_pairs(pairs)
    })?;
    output.finish()?;
    Ok(if status.signed_in { Exit::Ok } else { Exit::Negative })
}

async fn token(world: &World) -> Result<Exit, Failure> {
    let session = Session::open(world).await?;
    let token = session.tokens.token().await;
    session.tokens.flush().await;
    let token = session.told(token, "")?;
    let mut output = world.output();
    match world.global.output {
        Some(Format::Json | Format::Ndjson) => {
            let value = json!({ "access_token": token.secret.expose(), "token_type": "Bearer", "expires_at": token.expires_at });
            output.object(&value, || Table::of_pairs(Vec::new()))?;
        }
        // The bare token unless JSON was asked for: it goes into a header or a variable.
        Some(Format::Table) | None => output.line(token.secret.expose())?,
    }
    output.finish()?;
    Ok(Exit::Ok)
}

fn account(status: &SignInStatus) -> Option<String> {
    let claims = status.claims.as_ref()?;
    claims.upn.clone().or_else(|| claims.preferred_username.clone())
}

fn for_people(instruction: &Instruction) -> String {
    match instruction {
        Instruction::DeviceCode { verification_uri, user_code, expires_at, .. } => format!(
            "To sign in, open {verification_uri} in a browser on any device\nand enter the code {user_code} (good until {}).\n\
             Enter it only if you started this yourself.",
            minutes(*expires_at)
        ),
        _ => "finish the sign-in in your browser".to_owned(),
    }
}

fn minutes(at: Timestamp) -> String {
    let left = at.duration_since(SystemClock.now()).as_mins();
    format!("{at:.0}, {left} minutes from now")
}
