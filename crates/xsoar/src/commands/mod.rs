//! The commands: each takes the arguments of one call and gives what the platform is to have.

mod advanced_hunting;
mod auth;
mod determination;
mod fetch_incidents;
mod get_modified_remote_data;
mod get_remote_data;
pub(crate) mod incident_get;
mod incident_update;
mod incidents_list;
mod odata;
mod test_module;
mod update_remote_system;

use defender_xdr_api::{ApiError, Client};
use defender_xdr_core::Clock;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, ProviderEntry, TokenManager};
use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::entry;
use crate::error_text;
use crate::log::{Level, Log};
use crate::mirror;
use crate::table::{Command, Task};

/// What nobody who has not signed in gets past.
const NOT_SIGNED_IN: &str = "This integration does not have a test module. Please run !microsoft-365-defender-auth-start and !microsoft-365-defender-auth-complete and check the connection using !microsoft-365-defender-auth-test";

/// What nobody completes who has not started.
const NOT_STARTED: &str = "No sign-in has been started. Please run !microsoft-365-defender-auth-start first";

/// An instance that is ready to work.
#[derive(Debug, Clone, Copy)]
pub struct Instance<'a> {
    /// The flow it signs in by.
    pub flow: &'static ProviderEntry,
    /// Its tokens.
    pub tokens: &'a TokenManager,
    /// The API.
    pub client: &'a Client,
    /// Whether the settings bring a sign-in along, such as a refresh token.
    pub brings_sign_in: bool,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Its log.
    pub log: &'a Log,
    /// Its form.
    pub form: &'a Map<String, Value>,
    /// Its name.
    pub name: &'a str,
    /// What fetching left behind the last time.
    pub last_run: &'a Map<String, Value>,
    /// What mirroring remembers; empty for nothing.
    pub remembered: &'a str,
}

/// What a command gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Entries and bare values.
    pub results: Vec<Value>,
    /// New incidents; `None` when the command brings none.
    pub incidents: Option<Vec<Value>>,
    /// What fetching leaves behind; `None` when that stays.
    pub last_run: Option<Value>,
    /// What mirroring remembers from now on; `None` when that stays.
    pub remembered: Option<String>,
}

impl From<Value> for Outcome {
    fn from(result: Value) -> Self {
        Self { results: vec![result], ..Self::default() }
    }
}

/// Why a command failed.
#[derive(Debug, Clone)]
pub enum Cause {
    /// Its arguments, or what it was asked in this state.
    Argument,
    /// Nobody has signed in.
    NotSignedIn,
    /// The API.
    Api(Box<ApiError>),
    /// The sign-in.
    SignIn(Box<AuthError>),
}

/// A command that failed.
#[derive(Debug, Clone)]
pub struct Failed {
    /// The whole text for the entry.
    pub text: String,
    /// What was behind it.
    pub cause: Cause,
}

impl Failed {
    /// The entry for the platform.
    pub fn entry(&self) -> Value {
        entry::error(&self.text)
    }
}

/// A failure on its way up, without the name of the command.
#[derive(Debug)]
enum Failure {
    /// Of the arguments or the state.
    Argument(String),
    /// The same, told without naming the command.
    Bare(String),
    /// Nobody has signed in.
    NotSignedIn,
    Api(ApiError),
    SignIn(AuthError),
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Argument(text)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        Self::SignIn(error)
    }
}

/// Runs a command.
///
/// # Errors
/// [`Failed`], in the words of the original.
pub async fn run(
    instance: &Instance<'_>,
    command: &'static Command,
    given: &Map<String, Value>,
) -> Result<Outcome, Failed> {
    perform(instance, command, given).await.map_err(|failure| told(instance, command, failure))
}

async fn perform(
    instance: &Instance<'_>,
    command: &'static Command,
    given: &Map<String, Value>,
) -> Result<Outcome, Failure> {
    if is_gated(command.task) && !may_pass(instance) {
        return Err(Failure::NotSignedIn);
    }
    // What the platform itself calls reads its arguments as they come: each has its own answer to a missing one.
    let arguments =
        if command.called_by_platform { Arguments::default() } else { Arguments::of(command, given)? };
    let result = match command.task {
        Task::AuthStart => auth::start(instance).await,
        Task::AuthComplete => auth::complete(instance).await,
        Task::AuthReset => auth::reset(instance).await,
        Task::AuthTest => auth::test(instance).await,
        Task::TestModule => test_module::run(instance).await,
        Task::IncidentsList => incidents_list::run(instance, &arguments).await,
        Task::IncidentGet => incident_get::run(instance, &arguments).await,
        Task::IncidentUpdate => incident_update::run(instance, &arguments).await,
        Task::AdvancedHunting => advanced_hunting::run(instance, &arguments).await,
        Task::GetMappingFields => Ok(mirror::mapping_fields()),
        Task::GetModifiedRemoteData => get_modified_remote_data::run(instance, given).await,
        Task::FetchIncidents => return fetch_incidents::run(instance).await,
        Task::GetRemoteData => return get_remote_data::run(instance, given).await,
        Task::UpdateRemoteSystem => return update_remote_system::run(instance, given).await,
    };
    result.map(Outcome::from)
}

/// Whether a command needs a sign-in to have been made.
fn is_gated(task: Task) -> bool {
    !matches!(task, Task::AuthStart | Task::AuthComplete | Task::AuthReset | Task::GetMappingFields)
}

/// A flow with a person needs tokens to be there; others get theirs when they need them.
fn may_pass(instance: &Instance<'_>) -> bool {
    let status = instance.tokens.status();
    !instance.flow.capabilities.interactive
        || instance.brings_sign_in
        || status.has_refresh_token
        || status.access_token_expires_at.is_some()
}

/// The text of an error entry.
pub(crate) fn text_of(command: &Command, message: &str) -> String {
    let text = error_text::of_command(command.name, message);
    // By this prefix the platform knows that nothing was looked at.
    if command.task == Task::GetModifiedRemoteData { format!("skip update. error: {text}") } else { text }
}

fn told(instance: &Instance<'_>, command: &Command, failure: Failure) -> Failed {
    let flow = instance.flow.id;
    let (message, hint, cause) = match failure {
        Failure::Bare(text) => return Failed { text, cause: Cause::Argument },
        Failure::Argument(text) => (text, None, Cause::Argument),
        Failure::NotSignedIn => (NOT_SIGNED_IN.to_owned(), None, Cause::NotSignedIn),
        Failure::Api(error) => {
            (error_text::of_api(&error, flow), error.hint().map(str::to_owned), Cause::Api(Box::new(error)))
        }
        Failure::SignIn(error) if error.kind() == AuthErrorKind::NotSignedIn => {
            let text = if command.task == Task::AuthComplete { NOT_STARTED } else { NOT_SIGNED_IN };
            (text.to_owned(), None, Cause::NotSignedIn)
        }
        Failure::SignIn(error) => (
            error_text::of_sign_in(&error, flow),
            error.hint().map(str::to_owned),
            Cause::SignIn(Box::new(error)),
        ),
    };
    // What names commands of the command line helps nobody here.
    if let Some(hint) = hint.filter(|hint| !hint.contains("`auth ") && !hint.contains("defender-xdr ")) {
        instance.log.add(Level::Info, hint);
    }
    Failed { text: text_of(command, &message), cause }
}
