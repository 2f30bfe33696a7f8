//! `auth login`, `auth start`, `auth complete`.

use std::io::Write as _;

use defender_xdr_core::auth::{Completion, Instruction};
use serde_json::json;

use super::status::{account, minutes};
use super::token::prove;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{Format, Table, printable};
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

pub(super) async fn login(world: &World) -> Result<Exit, Failure> {
    let session = open(world).await?;
    if !session.entry.capabilities.interactive {
        world.say(&format!("the {} flow needs nobody: testing it instead", session.entry.id));
        return prove(world, &session).await;
    }
    let instruction = session.told(session.tokens.begin().await, "")?;
    if let Some(instruction) = instruction {
        // Not talk: without it, nobody can sign in.
        writeln!(std::io::stderr().lock(), "{}", for_people(&instruction))?;
    }
    session.told(session.tokens.complete(true).await, "")?;
    signed_in(world, &session)
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
        session.told(session.tokens.begin().await, "")?
    } else {
        None
    };
    let Some(instruction) = started else {
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

pub(super) async fn complete(world: &World, wait: bool) -> Result<Exit, Failure> {
    let session = open(world).await?;
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
        _ => "finish the sign-in in your browser".to_owned(),
    }
}
