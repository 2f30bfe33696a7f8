//! A home and a tenant, with settings that lead from one to the other.

use std::process::Child;

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::{AUTOMATION, Application};
use defender_xdr_emulator::directory::tenants::AURORA;

use super::home::Home;
use super::ran::Ran;
use super::run::Run;
use super::tenant::Tenant;

/// A home and a tenant.
pub(crate) struct Stage {
    pub(crate) home: Home,
    pub(crate) tenant: Tenant,
}

impl Stage {
    /// A stage without settings.
    pub(crate) fn bare(options: Options) -> Self {
        Self { home: Home::new(), tenant: Tenant::start(options) }
    }

    /// Client credentials of an application that may do everything.
    pub(crate) fn new() -> Self {
        Self::of(&AUTOMATION)
    }

    /// Client credentials of this application.
    pub(crate) fn of(application: &Application) -> Self {
        Self::with(application, Options::default())
    }

    /// Client credentials of this application, in such a tenant.
    pub(crate) fn with(application: &Application, options: Options) -> Self {
        let stage = Self::bare(options);
        let secret = application.secret.as_ref().expect("an application with a secret").value;
        let more = format!("client-secret = \"{secret}\"\n");
        stage.home.settings(&stage.settings_of("client-credentials", application.id, &more));
        stage
    }

    /// The device code flow, with polls every second and short-lived access tokens if a test wants them.
    pub(crate) fn of_device_code(application: &Application, options: Options) -> Self {
        let mut options = options;
        options.device_code.interval = std::time::Duration::from_secs(1);
        let stage = Self::bare(options);
        stage.home.settings(&stage.settings_of("device-code", application.id, ""));
        stage
    }

    /// A settings file for a flow and an application of this tenant. Calls are not held back: many tests make more of
    /// them in a row than people do.
    pub(crate) fn settings_of(&self, flow: &str, application: &str, more: &str) -> String {
        let origin = self.tenant.origin();
        let tenant = AURORA.id;
        let end = if more.is_empty() || more.ends_with('\n') { "" } else { "\n" };
        format!(
            "authentication-flow = \"{flow}\"\napplication-id = \"{application}\"\ntenant-id = \"{tenant}\"\n\
             cloud = \"custom\"\nauthority-host = \"{origin}\"\nendpoint = \"{origin}\"\nproxy = \"none\"\n{more}{end}\
             quota = \"observed\"\n"
        )
    }

    /// Calls keep to the documented limits, as they do by default.
    pub(crate) fn keeping_documented_limits(self) -> Self {
        let text = std::fs::read_to_string(self.home.settings_file()).expect("settings");
        self.home.settings(&text.replace("quota = \"observed\"\n", ""));
        self
    }

    /// Adds lines to the user's settings.
    pub(crate) fn also(&self, lines: &str) {
        let text = std::fs::read_to_string(self.home.settings_file()).expect("settings");
        self.home.settings(&format!("{text}{lines}\n"));
    }

    /// A run to be.
    pub(crate) fn command(&self, arguments: &[&str]) -> Run {
        Run::new(&self.home, arguments)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).go()
    }

    /// Starts it and does not wait.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).start()
    }

    /// The one user code that waits for a person.
    pub(crate) fn user_code(&self) -> String {
        super::until("a user code waits", || self.tenant.control().waiting_user_codes().into_iter().next())
    }

    /// Starts a sign-in and lets a person approve it.
    pub(crate) fn start_and_approve(&self, person: &str) {
        self.run(&["auth", "start"]).well();
        self.tenant.control().approve(&self.user_code(), person).expect("the person approves");
    }

    /// Signs a person in by device code.
    pub(crate) fn sign_in(&self, person: &str) {
        self.start_and_approve(person);
        self.run(&["auth", "complete"]).well();
    }
}
