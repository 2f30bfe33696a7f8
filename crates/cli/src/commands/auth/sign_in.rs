//! `auth login`, `auth start`, `auth complete`.

use std::io::Write as _;

use defender_xdr_core::auth::{
    AuthError, AuthErrorKind, Completion, Instruction, Presence, Reception, Started,
};
use serde_json::json;

use super::status::{account, minutes};
use super::token::prove;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, Table, printable};
use crate::paste;
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

pub(super) async fn login(world: &World, browser: bool) -> Result<Exit, Failure> {
    let session = open(world).await?;
    if !session.entry.capabilities.interactive {
        world.say(&format!("the {} flow needs nobody: testing it instead", session.entry.id));
        return prove(world, &session).await;
    }
    let Some(started) = session.told(session.tokens.begin(Presence::Here).await, "")? else {
        return prove(world, &session).await;
    };
    // Not talk: without it, nobody can sign in.
    writeln!(std::io::stderr().lock(), "{}", for_people(&started.instruction))?;
    if browser
        && let Instruction::Authorize { authorize_url, browser_url, .. } = &started.instruction
        && let Err(error) = webbrowser::open(browser_url.as_ref().unwrap_or(authorize_url))
    {
        tracing::debug!("no browser: {error}");
    }
    let completion = match started.reception {
        None => session.tokens.complete(true).await,
        Some(reception) => answered(world, &session, reception).await,
    };
    match session.told(completion, "")? {
        Completion::InputWanted => hand_over(world, &session).await,
        Completion::SignedIn | Completion::StillPending { .. } => signed_in(world, &session),
    }
}

/// Takes what the page gave the person from standard input.
async fn hand_over(world: &World, session: &Session) -> Result<Exit, Failure> {
    world.say("paste the address that the browser was sent to, or the code in it:");
    let Some(answer) = paste::line().await else {
        return Err(Report::new("sign-in", Exit::SignIn, "the code of the sign-in is missing")
            .with_hint(
                "give the address that the browser was sent to on standard input, or set `authorization-code`",
            )
            .into());
    };
    session.told(session.tokens.complete_with(&answer).await, "")?;
    signed_in(world, session)
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
            Err(error) if pasted && error.kind() == AuthErrorKind::SignInAgain && error.body().is_none() => {
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
        return Err(Report::new("state", Exit::Settings, "there is no place to keep the started sign-in")
            .with_hint("set HOME or XDG_STATE_HOME and XDG_CONFIG_HOME, or use `auth login`")
            .into());
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
        (Instruction::Authorize { authorize_url, expires_at, .. }, _) => output
            .object(&json!({ "authorize_url": authorize_url, "expires_at": expires_at }), || {
                Table::of_pairs(Vec::new())
            })?,
        (_, _) => return Err(Failure::bug("this flow's instruction has no JSON form")),
    }
    output.finish()?;
    Ok(Exit::Ok)
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
    match session.told(session.tokens.complete(wait).await, "")? {
        Completion::SignedIn => signed_in(world, &session),
        Completion::InputWanted => hand_over(world, &session).await,
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

fn for_people(instruction: &Instruction) -> String {
    match instruction {
        Instruction::DeviceCode { verification_uri, user_code, expires_at, .. } => {
            let (page, code) = (printable(verification_uri), printable(user_code));
            format!(
                "To sign in, open {page} in a browser on any device\nand enter the code {code} (good until {}).\n\
             Enter it only if you started this yourself.",
                minutes(*expires_at)
            )
        }
        Instruction::Authorize { authorize_url, redirect_uri, .. } => format!(
            "To sign in, open this address in a browser:\n\n  {}\n\nThe browser then goes to {}.\n\
             If that page does not open here, copy its whole address from the browser and paste it here, or give it to \
             `auth complete`.\nIf the browser shows an AADSTS code instead, the sign-in was refused.",
            printable(authorize_url),
            printable(redirect_uri),
        ),
        _ => "finish the sign-in in your browser".to_owned(),
    }
}
