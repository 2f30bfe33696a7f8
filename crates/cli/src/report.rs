//! What is told about an error: what, where from, what to do, and the exit code. One printer for all.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::error::{ContextKind, ContextValue};
use jiff::Timestamp;
use serde::Serialize;

use crate::account::Account;
use crate::exit::Exit;
use crate::output::{escaped, without_steering};

/// What is told about an error.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    kind: &'static str,
    message: String,
    pub(crate) source: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// What became of each incident, when the output cannot tell.
    #[serde(flatten)]
    pub(crate) account: Option<Box<Account>>,
    #[serde(serialize_with = "number")]
    pub(crate) exit: Exit,
    /// The setting at fault: whoever knows the settings names its place.
    #[serde(skip)]
    pub(crate) setting: Option<&'static str>,
    /// Nobody consented to what was asked for: whoever knows the API names the ways out.
    #[serde(skip)]
    pub(crate) lacks_consent: bool,
    /// Ids of flows that may pass: whoever knows this program names those it has.
    #[serde(skip)]
    pub(crate) other_flows: &'static [&'static str],
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(*exit as u8)
}

impl Report {
    pub(crate) fn new(kind: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            hint: None,
            code: None,
            request_id: None,
            until: None,
            tenant: None,
            account: None,
            exit,
            setting: None,
            lacks_consent: false,
            other_flows: &[],
        }
    }

    /// The same report in other words.
    pub(crate) fn saying(self, message: String) -> Self {
        Self { message, ..self }
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// A command line that could not be read, from clap's text about it.
    pub(crate) fn of_command_line(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let source = match error.get(ContextKind::InvalidArg) {
            // `--limit <N>`: the flag alone.
            Some(ContextValue::String(argument)) if argument.starts_with('-') => {
                format!("flag {}", argument.split(' ').next().unwrap_or_default())
            }
            _ => "command line".to_owned(),
        };
        let said = text.split("\n\n").next().unwrap_or_default();
        let said = said.trim().strip_prefix("error: ").unwrap_or(said);
        Self::new("usage", Exit::Usage, said.split_whitespace().collect::<Vec<_>>().join(" "))
            .with_source(source)
            .with_hint("`--help` lists what is possible")
    }

    /// Commands that the hint names are for the profile that was chosen by a flag, too.
    pub(crate) fn repeat_profile(&mut self, profile: Option<&str>) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let (Some(name), Some(hint)) = (profile, &mut self.hint) else { return };
        if name.is_empty() {
            return;
        }
        let name = if name.chars().all(plain) {
            name.to_owned()
        } else {
            format!("'{}'", name.replace('\'', r"'\''"))
        };
        let flag = format!("--profile {name}");
        *hint = hint
            .replace("`defender-xdr ", &format!("`defender-xdr {flag} "))
            .replace("`auth ", &format!("`{flag} auth "));
    }

    /// Replaces the hint of a missing consent by one that names the permission.
    pub(crate) fn name_ways_out(&mut self, ways: impl FnOnce() -> String) {
        if self.lacks_consent {
            self.hint = Some(ways());
        }
    }

    /// Says that the API has had its last day, where that explains the failure.
    pub(crate) fn name_retirement(&mut self, day: &str) {
        if !(["retired", "network"].contains(&self.kind) || self.lacks_consent) {
            return;
        }
        let ended = format!(
            "the legacy API ended on {day}: run the same with `--api graph`, and `defender-xdr migrate permissions` for \
             what it needs"
        );
        self.hint = Some(self.hint.take().map_or(ended.clone(), |hint| format!("{ended}; {hint}")));
    }

    /// Adds to the hint which other flows may pass.
    pub(crate) fn name_other_flows(&mut self, name: impl FnOnce(&[&str]) -> Option<String>) {
        if let Some(flows) = (!self.other_flows.is_empty()).then(|| name(self.other_flows)).flatten() {
            self.hint = Some(self.hint.take().map_or(flows.clone(), |hint| format!("{hint}; {flows}")));
        }
    }

    /// The message and where it comes from, for a line among others.
    pub(crate) fn line(&self) -> String {
        self.source
            .as_ref()
            .map_or_else(|| self.message.clone(), |source| format!("{source}: {}", self.message))
    }

    /// Names the place of the setting at fault, unless the place is known already.
    pub(crate) fn locate(&mut self, place: impl FnOnce(&str) -> Option<String>) {
        if self.source.is_none() {
            self.source = self.setting.and_then(place);
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A mistake in what was asked for came from the command line.
    pub(crate) fn blame_argument(&mut self, argument: &str) {
        if self.source.is_none() && matches!(self.exit, Exit::Usage | Exit::NotFound) && !argument.is_empty()
        {
            self.source = Some(argument.to_owned());
        }
    }

    /// The same report for a command that had changed an incident and could not show it.
    pub(crate) fn after_change(mut self, id: &str) -> Self {
        self.exit = Exit::Partial;
        self.message = format!("the change was made, but {}", self.message);
        self.hint = Some(format!("do not repeat it; `defender-xdr incidents get {id}` shows the incident"));
        self
    }

    /// The same report, which names the one of several queries that it is about.
    pub(crate) fn of_query(mut self, name: &str) -> Self {
        self.message = format!("query {name}: {}", self.message);
        self
    }

    /// The same report for a command that had printed something already.
    pub(crate) fn after_output(mut self) -> Self {
        if matches!(
            self.exit,
            Exit::Throttled | Exit::Service | Exit::SignIn | Exit::Permission | Exit::Usage
        ) {
            self.exit = Exit::Partial;
            let _ = write!(self.message, "; what was printed before is valid but not complete");
        }
        self
    }

    /// Prints to stderr, for a person or as one JSON object on one line.
    pub(crate) fn print(&self, machine_readable: bool) -> Exit {
        let text = if machine_readable {
            // Who asked for JSON may still look at it on a terminal; escaped, it is the same JSON.
            escaped(&serde_json::json!({ "error": self }).to_string()).into_owned()
        } else {
            self.for_people()
        };
        // Nobody is left to tell if stderr is closed.
        writeln!(io::stderr().lock(), "{text}").ok();
        self.exit
    }

    fn for_people(&self) -> String {
        let mut text = format!("error: {}", clean(&self.message));
        let mut line = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n  {name}: {}", clean(value));
        };
        if let Some(source) = &self.source {
            line("from", source);
        }
        if let Some(hint) = &self.hint {
            line("hint", hint);
        }
        if let Some(tenant) = &self.tenant {
            line("tenant", tenant);
        }
        if let Some(until) = &self.until {
            line("not before", &until.to_string());
        }
        match (&self.code, &self.request_id) {
            (Some(code), Some(id)) => line("code", &format!("{code}, request {id}")),
            (Some(code), None) => line("code", code),
            (None, Some(id)) => line("request", id),
            (None, None) => {}
        }
        for (name, ids) in self.account.iter().flat_map(|account| account.lists()) {
            // Never cut, however many there are.
            let _ = write!(text, "\n  {name}: {}", without_steering(&ids.join(" ")));
        }
        text
    }
}

/// Texts of servers may hold escape sequences; errors stay within a screen.
fn clean(text: &str) -> String {
    let seen = without_steering(text);
    let mut clean: String = seen.chars().take(1200).collect();
    if clean.len() < seen.len() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[test]
    fn escape_sequences_of_servers_do_not_reach_the_terminal() {
        let report = Report::new("service", Exit::Service, "bad \u{1b}[31mr\u{202e}e\u{200b}d\r\nline");
        assert_eq!(report.for_people(), "error: bad  [31mred  line");
    }

    #[test]
    fn commands_in_a_hint_repeat_the_profile() {
        let mut report = Report::new("sign-in", Exit::SignIn, "not signed in")
            .with_hint("run `defender-xdr auth login`, or `auth start`; see `authority-host`");
        report.repeat_profile(Some("o'neil lab"));
        assert_eq!(
            report.hint.as_deref(),
            Some(
                r"run `defender-xdr --profile 'o'\''neil lab' auth login`, or `--profile 'o'\''neil lab' auth start`; see `authority-host`"
            )
        );
    }

    #[test]
    fn an_error_object_has_every_member() {
        let report =
            Report::new("settings", Exit::Settings, "wrong").with_source("file, line 3").with_hint("mend it");
        assert_eq!(
            serde_json::json!({ "error": &report }).to_string(),
            r#"{"error":{"kind":"settings","message":"wrong","source":"file, line 3","hint":"mend it","code":null,"exit":3}}"#
        );
    }

    #[test]
    fn a_fault_after_output_is_partial() {
        let fault = || Failure::from(Report::new("service", Exit::Service, "down"));
        assert!(
            matches!(fault().after_output(true), Failure::Reported(report) if report.exit == Exit::Partial)
        );
        assert!(
            matches!(fault().after_output(false), Failure::Reported(report) if report.exit == Exit::Service)
        );
    }
}
