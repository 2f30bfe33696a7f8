//! `auth login`, `auth start`, `auth complete`.

use std::io::{IsTerminal as _, Write as _};

use defender_xdr_core::auth::{AuthError, AuthErrorKind, Completion, Presence, Reception, Started};
use serde_json::json;

use super::instruction::{for_machines, for_people, page_to_open};
use super::status::{account, minutes};
use super::token::prove;
use crate::countdown::while_waiting;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, Table};
use crate::paste;
use crate::report::Report;
use crate::session::Session;
use crate::vault;
use crate::world::World;

pub(super) async fn login(world: &World, browser: bool) -> Result<Exit, Failure> {
    let session = open(world).await?;
    if !session.entry.capabilities.interactive {
        world.say(&format!("the {} flow needs nobody: testing it instead", session.entry.id));
        return prove(world, &session).await;
    }
    if with_person(world, &session, browser).await? {
        signed_in(world, &session)
    } else {
        prove(world, &session).await
    }
}

/// Signs a person in, from beginning to end. `false` when there was nothing to begin.
pub(crate) async fn with_person(world: &World, session: &Session, browser: bool) -> Result<bool, Failure> {
    let Some(started) = session.told(session.tokens.begin(Presence::Here).await, "")? else {
        return Ok(false);
    };
    // Not talk: without it, nobody can sign in.
    let columns = world.columns_of(&std::io::stderr());
    writeln!(std::io::stderr().lock(), "{}", for_people(&started.instruction, columns))?;
    if browser
        && let Some(page) = page_to_open(&started.instruction, &world.environment)
        && let Err(error) = webbrowser::open(page)
    {
        tracing::debug!("no browser: {error}");
    }
    let completion = match started.reception {
        None => waiting(world, session).await,
        Some(reception) => answered(world, session, reception).await,
    };
    if matches!(session.told(completion, "")?, Completion::InputWanted) {
        hand_over(world, session).await?;
    }
    Ok(true)
}

/// Waits for the person, and shows on a terminal how long they have.
async fn waiting(world: &World, session: &Session) -> Result<Completion, AuthError> {
    let until = session.tokens.status().pending_until;
    while_waiting(session.tokens.complete(true), until, world.global.quiet).await
}

/// Takes what the page gave the person from standard input.
async fn hand_over(world: &World, session: &Session) -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        world.say("paste the address that the browser was sent to, or the code in it:");
    }
    let Some(answer) = paste::line().await else {
        return Err(Report::new("sign-in", Exit::SignIn, "the code of the sign-in is missing")
            .with_hint(
                "give the address that the browser was sent to on standard input, or set `authorization-code`",
            )
            .into());
    };
    session.told(session.tokens.complete_with(&answer).await, "")?;
    Ok(())
}

/// The browser comes back, or the person pastes where it was sent. A slip of the hand ends nothing, as long as
/// there may be another line.
async fn answered(
    world: &World,
    session: &Session,
    mut reception: Box<dyn Reception>,
) -> Result<Completion, AuthError> {
    let (mut reading, mut slip) = (true, None);
    loop {
        let (input, pasted) = tokio::select! {
            input = reception.receive() => (input?, false),
            line = paste::line(), if reading => match (line, slip.take()) {
                (Some(line), _) => (line, true),
                (None, Some(error)) => return Err(error),
                (None, None) => {
                    reading = false;
                    continue;
                }
            },
        };
        match session.tokens.complete_with(&input).await {
            Err(error) if pasted && error.kind() == AuthErrorKind::SignInAgain => {
                world.say(&format!("{error}; still waiting for the browser or another address"));
                slip = Some(error);
            }
            completion => {
                reception.conclude(completion.as_ref().err()).await;
                return completion;
            }
        }
    }
}

pub(super) async fn start(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    if session.entry.capabilities.interactive && !session.vault.lasts() {
        return Err(nowhere_to_keep(&session, "there is no place to keep the started sign-in"));
    }
    // A flow that needs nobody has nothing to start, also where nothing can be kept.
    let started = if session.entry.capabilities.interactive {
        session.told(session.tokens.begin(Presence::Elsewhere).await, "")?
    } else {
        None
    };
    let Some(Started { instruction, .. }) = started else {
        return nothing_to_do(world, &session, "start");
    };
    if world.is_demo() {
        world.say(
            "the demonstration tenant lives no longer than a command: a code approves itself when `auth complete` asks; a \
             page opens only while `defender-xdr --demo auth login` runs",
        );
    }
    let mut output = world.output();
    match world.output_format() {
        Format::Table | Format::Csv | Format::Markdown => {
            output.line(&for_people(&instruction, world.columns_of(&std::io::stdout())))?;
        }
        _ => output.object(&for_machines(&instruction)?, || Table::of_pairs(Vec::new()))?,
    }
    output.finish()?;
    Ok(Exit::Ok)
}

/// `auth start` and `auth complete` are two processes: without a store, nothing leads from one to the other.
fn nowhere_to_keep(session: &Session, what: &str) -> Failure {
    let values = &session.context.values;
    if let Some(store) = values.get(vault::STORE).filter(|store| store.text.expose() == "memory") {
        return Report::new("settings", Exit::Settings, format!("`token-store` is `memory`: {what}"))
            .with_source(store.origin.to_string())
            .with_hint("use `token-store = \"sealed\"`, or a flow that needs nobody")
            .into();
    }
    Report::new("state", Exit::Settings, what)
        .with_hint("set HOME or XDG_STATE_HOME and XDG_CONFIG_HOME, or use `auth login`")
        .into()
}

/// For a flow that needs nobody.
fn nothing_to_do(world: &World, session: &Session, what: &str) -> Result<Exit, Failure> {
    let text =
        format!("the {} flow has nothing to {what}: every command signs in by itself", session.entry.id);
    let mut output = world.output();
    output.object(&json!({ "message": text }), || Table::of_pairs(vec![("", text.clone())]))?;
    output.finish()?;
    Ok(Exit::Ok)
}

pub(super) async fn complete(world: &World, wait: bool) -> Result<Exit, Failure> {
    let session = open(world).await?;
    if !session.entry.capabilities.interactive {
        return nothing_to_do(world, &session, "complete");
    }
    if !session.vault.lasts() {
        return Err(nowhere_to_keep(
            &session,
            "a started sign-in was not kept, so there is none to complete",
        ));
    }
    let completion = if wait { waiting(world, &session).await } else { session.tokens.complete(false).await };
    match session.told(completion, "")? {
        Completion::SignedIn => signed_in(world, &session),
        Completion::InputWanted => {
            hand_over(world, &session).await?;
            signed_in(world, &session)
        }
        Completion::StillPending { until, not_before } => {
            world.say(&format!(
                "not completed yet; the service is not asked before {not_before:.0}, the pace it set; the code is good \
                 until {}",
                minutes(until)
            ));
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
