//! The Cortex platform, as far as an instance can see it: it asks by a request, and keeps what the answer changes.

use defender_xdr_emulator::directory::applications::{AUTOMATION, Application};
use defender_xdr_emulator::directory::tenants::AURORA;
use serde_json::{Map, Value, json};

use super::ran::Ran;
use super::run::Run;
use super::stage::Stage;

/// An instance on a platform.
pub(crate) struct Cortex {
    pub(crate) stage: Stage,
    /// The form of the instance.
    pub(crate) params: Value,
    /// The integration context.
    pub(crate) context: Value,
    /// What fetching left behind.
    pub(crate) last_run: Value,
    /// What stands for the present.
    pub(crate) now: Option<String>,
}

impl Cortex {
    /// An instance with the secret of an application that may do everything. `api` is Auto, Graph or Legacy.
    pub(crate) fn new(api: &str) -> Self {
        let secret = AUTOMATION.secret.as_ref().expect("an application with a secret").value;
        let mut cortex = Self::of(Stage::new(), &AUTOMATION, api);
        cortex.params["client_credentials"] = json!(true);
        cortex.params["credentials"] = json!({ "identifier": "", "password": secret });
        cortex
    }

    /// An instance by the device code flow, which is what is left when no box is checked.
    pub(crate) fn of(stage: Stage, application: &Application, api: &str) -> Self {
        let params = json!({
            "base_url": stage.tenant.origin(), "api": api, "proxy": false, "insecure": false,
            "creds_client_id": { "identifier": "", "password": application.id },
            "creds_tenant_id": { "identifier": "", "password": AURORA.id },
        });
        Self { stage, params, context: json!({}), last_run: json!({}), now: None }
    }

    /// The run that a request needs.
    pub(crate) fn run(&self) -> Run {
        let run = self.stage.command(&["xsoar", "run"]);
        let run = run
            .env("DEFENDER_XDR_AUTHORITY_HOST", self.stage.tenant.origin())
            .env("DEFENDER_XDR_QUOTA", "observed");
        match &self.now {
            Some(now) => run.env("DEFENDER_XDR_NOW", now),
            None => run,
        }
    }

    /// Asks, and keeps the context.
    pub(crate) fn ask(&mut self, command: &str, args: impl Into<Value>) -> Value {
        let args: Value = args.into();
        let request = json!({
            "command": command, "args": args, "params": self.params, "integrationContext": self.context,
            "lastRun": self.last_run, "instance": "one",
        });
        let ran = self.run().input(&request.to_string()).go();
        let answer = Self::answer(ran);
        if !answer["integrationContext"].is_null() {
            self.context = answer["integrationContext"].clone();
        }
        if !answer["lastRun"].is_null() {
            self.last_run = answer["lastRun"].clone();
        }
        answer
    }

    /// One answer on standard output and nothing else anywhere.
    pub(crate) fn answer(ran: Ran) -> Value {
        let ran = ran.well();
        assert_eq!(ran.stderr, "", "stderr");
        assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
        let answer = ran.json();
        let members: Vec<_> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["results", "incidents", "lastRun", "integrationContext", "logs"]);
        answer
    }

    /// Asks for a command of the integration's own and gives its one entry.
    pub(crate) fn entry(&mut self, command: &str, args: impl Into<Value>) -> Value {
        let answer = self.ask(&format!("microsoft-365-defender-{command}"), args);
        let [entry] = answer["results"].as_array().expect("a list").as_slice() else {
            panic!("one result: {answer}")
        };
        assert_eq!(entry["Type"], 1, "{entry}");
        entry.clone()
    }

    /// The same for one that fails: its text.
    pub(crate) fn error(&mut self, command: &str, args: impl Into<Value>) -> String {
        let answer = self.ask(command, args);
        let entry = &answer["results"][0];
        assert_eq!(entry["Type"], 4, "{answer}");
        assert_eq!((&entry["ContentsFormat"], &entry["EntryContext"]), (&json!("text"), &Value::Null));
        entry["Contents"].as_str().expect("a text").to_owned()
    }

    /// The context of the form that the original keeps.
    pub(crate) fn plain_context(&self) -> Map<String, Value> {
        let mut context = self.context.as_object().expect("an object").clone();
        context.remove("defender_xdr");
        context
    }
}
