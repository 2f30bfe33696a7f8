//! One request of the platform, and its answer: the whole of what an instance knows goes in, and comes out changed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::commands::{self, Instance};
use crate::conversion;
use crate::entry;
use crate::error_text;
use crate::instance::{Opened, World, open};
use crate::log::LogLine;
use crate::table::{Command, Task};

/// Where mirroring remembers, in the integration context. The original passes it over.
const REMEMBERED: &str = "defender_xdr_mirror";

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The command's name.
    pub command: String,
    /// Its arguments.
    pub args: Map<String, Value>,
    /// The form of the instance.
    pub params: Map<String, Value>,
    /// The integration context.
    pub integration_context: Map<String, Value>,
    /// What fetching left behind the last time.
    pub last_run: Map<String, Value>,
    /// The name of the instance.
    pub instance: String,
}

/// An answer. What is null stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Entries and bare values, as the platform's own call would receive them.
    pub results: Vec<Value>,
    /// New incidents.
    pub incidents: Option<Vec<Value>>,
    /// What fetching leaves behind.
    pub last_run: Option<Value>,
    /// The integration context.
    pub integration_context: Option<Map<String, Value>>,
    /// Lines for the log.
    pub logs: Vec<LogLine>,
}

/// A text that is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be read: {0}")]
pub struct NoRequest(String);

impl Request {
    /// Reads a request: a JSON object with `command`, and perhaps `args`, `params`, `integrationContext`, `lastRun` and
    /// `instance`.
    ///
    /// # Errors
    /// [`NoRequest`]. Never repeats what was in the text.
    pub fn read(text: &str) -> Result<Self, NoRequest> {
        let no = |why: &str| NoRequest(why.to_owned());
        let value: Value = serde_json::from_str(text).map_err(|error| {
            NoRequest(format!("it is no JSON (line {}, column {})", error.line(), error.column()))
        })?;
        let Value::Object(mut members) = value else { return Err(no("it is no JSON object")) };
        let Some(Value::String(command)) = members.shift_remove("command") else {
            return Err(no("`command` is missing"));
        };
        let mut object = |name: &str| match members.shift_remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(object)) => Ok(object),
            Some(_) => Err(NoRequest(format!("`{name}` is no object"))),
        };
        Ok(Self {
            command,
            args: object("args")?,
            params: object("params")?,
            integration_context: object("integrationContext")?,
            last_run: object("lastRun")?,
            instance: members.get("instance").and_then(Value::as_str).unwrap_or_default().to_owned(),
        })
    }
}

impl Answer {
    /// Writes the answer as JSON text without a line break, one incident after the other: a fetch brings megabytes.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn write_to(&self, output: &mut dyn Write) -> io::Result<()> {
        let Self { results, incidents, last_run, integration_context, logs } = self;
        let mut text = Vec::new();
        member(&mut text, "{\"results\":", results)?;
        text.extend_from_slice(b",\"incidents\":");
        match incidents {
            None => text.extend_from_slice(b"null"),
            Some(incidents) => {
                for (index, incident) in incidents.iter().enumerate() {
                    member(&mut text, if index == 0 { "[" } else { "," }, incident)?;
                    output.write_all(&text)?;
                    text.clear();
                }
                text.extend_from_slice(if incidents.is_empty() { b"[]" } else { b"]" });
            }
        }
        member(&mut text, ",\"lastRun\":", last_run)?;
        member(&mut text, ",\"integrationContext\":", integration_context)?;
        member(&mut text, ",\"logs\":", logs)?;
        text.push(b'}');
        output.write_all(&text)
    }
}

fn member(text: &mut Vec<u8>, before: &str, value: &impl Serialize) -> io::Result<()> {
    text.extend_from_slice(before.as_bytes());
    Ok(serde_json::to_writer(text, value)?)
}

/// Does what a request asks for. A failure is an answer, too: an error entry.
pub async fn run(world: &World, request: Request) -> Answer {
    let mut answer = Answer::default();
    match Command::find(&request.command) {
        None => answer.results.push(entry::error(&error_text::of_command(&request.command, ""))),
        Some(command) => answered(world, command, &request, &mut answer).await,
    }
    answer.logs = world.log.take();
    answer
}

async fn answered(world: &World, command: &'static Command, request: &Request, answer: &mut Answer) {
    let opened = timeout(command, request)
        .and_then(|timeout| open(world, &request.params, request.integration_context.clone(), timeout));
    let opened = match opened {
        Ok(opened) => opened,
        Err(text) => return answer.results.push(entry::error(&commands::text_of(command, &text))),
    };
    let Opened { flow, tokens, client, vault, brings_sign_in } = &opened;
    let instance = Instance {
        flow,
        tokens,
        client,
        brings_sign_in: *brings_sign_in,
        clock: world.clock.as_ref(),
        log: &world.log,
        form: &request.params,
        name: &request.instance,
        last_run: &request.last_run,
        remembered: request.integration_context.get(REMEMBERED).and_then(Value::as_str).unwrap_or_default(),
    };
    let mut remembered = None;
    match commands::run(&instance, command, &request.args).await {
        Ok(outcome) => {
            remembered = outcome.remembered;
            if command.task == Task::AuthStart && flow.capabilities.interactive {
                vault.keep_started_only();
            }
            answer.results = outcome.results;
            answer.incidents = outcome.incidents;
            answer.last_run = outcome.last_run;
        }
        Err(failed) => answer.results.push(failed.entry()),
    }
    // A token on its way into the context.
    tokens.flush().await;
    let mut context = vault.context();
    match remembered {
        None => {}
        Some(nothing) if nothing.is_empty() => drop(context.shift_remove(REMEMBERED)),
        Some(text) => drop(context.insert(REMEMBERED.to_owned(), text.into())),
    }
    answer.integration_context = (context != request.integration_context).then_some(context);
}

/// The time limit of one HTTP request, in seconds, where the command has one.
fn timeout(command: &Command, request: &Request) -> Result<Option<i64>, String> {
    match command.argument("timeout") {
        Some(_) => conversion::number(request.args.get("timeout"), "timeout"),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Level, Log};

    #[test]
    fn a_request_needs_a_command_and_nothing_else() {
        let request = Request::read(r#"{"command":"test-module","args":null,"instance":"one","more":1}"#)
            .expect("a request");
        assert_eq!((request.command.as_str(), request.instance.as_str()), ("test-module", "one"));
        assert!(request.args.is_empty() && request.params.is_empty());
    }

    #[test]
    fn what_is_no_request_is_told_without_its_content() {
        for text in [
            "",
            "planted",
            "[\"planted\"]",
            r#"{"params":"planted"}"#,
            r#"{"command":"c","params":"planted"}"#,
        ] {
            let error = Request::read(text).expect_err("no request").to_string();
            assert!(!error.contains("planted"), "{error}");
        }
    }

    #[test]
    fn an_answer_has_the_platforms_names() {
        let answer = serde_json::to_value(Answer::default()).expect("JSON");
        assert_eq!(
            answer,
            serde_json::json!({ "results": [], "incidents": null, "lastRun": null, "integrationContext": null, "logs": [] })
        );
    }

    #[test]
    fn an_answer_is_written_as_it_serialises() {
        let object = |value: Value| value.as_object().cloned().expect("an object");
        let one = serde_json::json!({ "name": "one", "rawJSON": "{\"a\":\"\\\\ é\"}" });
        let logs = Log::default();
        logs.add(Level::Info, "a line");
        let logs = logs.take();
        for incidents in
            [None, Some(vec![]), Some(vec![one.clone()]), Some(vec![one.clone(), Value::Null, one])]
        {
            let answer = Answer {
                results: vec!["ok".into(), serde_json::json!({ "Type": 1 })],
                incidents,
                last_run: Some(serde_json::json!({ "created": "now" })),
                integration_context: Some(object(serde_json::json!({ "access_token": "t" }))),
                logs: logs.clone(),
            };
            for answer in [answer, Answer::default()] {
                let mut written = Vec::new();
                answer.write_to(&mut written).expect("written");
                assert_eq!(String::from_utf8(written).ok(), serde_json::to_string(&answer).ok());
            }
        }
    }
}
