//! A token service of the host: how it is reached, what is asked, and how its answer becomes a grant.

use std::sync::Arc;

use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext, Grant};
use defender_xdr_core::http::{
    self, Answer, Call, HeaderName, HeaderValue, HttpClient, HttpError, Outcome, Repeatable, RetryDecision,
    RetryPolicy, Url, require_host_local,
};
use defender_xdr_core::settings::{Origin, SecretResolver, SettingsError};
use defender_xdr_core::{Clock, Secret, Timestamp};
use jiff::SignedDuration;

use crate::identity::ManagedIdentity;
use crate::refusal::{refused, unanswered, unreadable};
use crate::source::Source;
use crate::wire::TokenAnswer;

/// A token whose end cannot be read is used for this long: better asked for too often than used too long.
const UNKNOWN_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// What came of a request: the answer, and the moment a throttling service named.
pub(crate) type Sent = (Answer, Option<Timestamp>);

/// A token service of the host, and what it is asked for.
#[derive(Debug)]
pub(crate) struct TokenService {
    source: Source,
    endpoint: Url,
    identity: ManagedIdentity,
    /// Parameter and value by which the identity is asked for.
    id: Option<(&'static str, String)>,
    resource: String,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
    secrets: Arc<SecretResolver>,
}

impl TokenService {
    /// A service at `endpoint`, which `variable` named.
    ///
    /// # Errors
    /// When that is no address, or plain HTTP beyond this machine and its host; when the service takes no id of the
    /// kind that is set.
    pub(crate) fn new(
        context: &FlowContext,
        source: Source,
        variable: &str,
        endpoint: &str,
    ) -> Result<Self, SettingsError> {
        let unusable = |why: &str| {
            SettingsError::new(format!("the address of {} {why}", source.name()))
                .with_origin(Origin::Environment(variable.to_owned()))
                .with_hint("Azure sets this variable: unset it where it was copied by hand")
        };
        let endpoint = Url::parse(endpoint.trim())
            .ok()
            .filter(Url::has_host)
            .ok_or_else(|| unusable("is not an address"))?;
        if require_host_local(&endpoint).is_err() {
            return Err(unusable(
                "is plain http to another machine: only https may leave this one and its host",
            ));
        }
        let identity = ManagedIdentity::from_values(&context.values)?;
        Ok(Self {
            source,
            id: identity.parameter(source, &context.values)?,
            identity,
            resource: context.resource()?,
            http: context.http.for_host_service(&endpoint),
            endpoint,
            clock: Arc::clone(&context.clock),
            retry: context.retry.clone(),
            secrets: Arc::clone(&context.secrets),
        })
    }

    /// The same, asking for an identity that the host itself names unless the settings name one.
    pub(crate) fn defaulting_to(mut self, id: Option<(&'static str, String)>) -> Self {
        self.id = self.id.or(id);
        self
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> &str {
        self.endpoint.as_str()
    }

    /// The resource asked for.
    pub(crate) fn resource(&self) -> &str {
        &self.resource
    }

    /// An environment variable as it is now, as a secret.
    pub(crate) fn variable(&self, name: &str) -> Result<Secret, AuthError> {
        self.secrets.environment.get(name).map(Secret::new).ok_or_else(|| {
            AuthError::new(AuthErrorKind::Setup, format!("environment variable {name} is not set"))
                .with_hint(format!("{} sets it: this environment is not whole", self.source.name()))
        })
    }

    /// A question by `GET`: version, resource and identity in the query, each once.
    pub(crate) fn question(&self, api_version: &str) -> Call {
        let mut url = self.endpoint.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("api-version", api_version).append_pair("resource", &self.resource);
            if let Some((name, id)) = &self.id {
                query.append_pair(name, id);
            }
        }
        Call::get(url)
    }

    /// A question by `POST`, with nothing but the resource.
    pub(crate) fn form(&self) -> Call {
        Call::form(self.endpoint.clone(), vec![("resource", self.resource.clone())])
    }

    /// The time of a question.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sends, and again after passing faults as everywhere.
    pub(crate) async fn send(&self, call: Call) -> Result<Sent, AuthError> {
        let (result, exhausted) =
            http::send(&self.http, self.clock.as_ref(), &self.retry, Repeatable::Yes, call).await;
        self.sent(result, exhausted.map(|exhausted| exhausted.until))
    }

    /// Sends, and again by a rule of its own.
    pub(crate) async fn send_by(
        &self,
        call: Call,
        rule: impl Fn(Outcome<'_>, u32) -> RetryDecision + Send + Sync,
    ) -> Result<Sent, AuthError> {
        let (result, exhausted) =
            http::send_by(&self.http, self.clock.as_ref(), &self.retry.budget, call, rule).await;
        self.sent(result, exhausted.map(|exhausted| exhausted.until))
    }

    fn sent(&self, result: Result<Answer, HttpError>, until: Option<Timestamp>) -> Result<Sent, AuthError> {
        result.map(|answer| (answer, until)).map_err(|error| unanswered(self.source, &error))
    }

    /// Why an answer holds no token. `secrets` were sent and may not be repeated.
    pub(crate) fn refusal(&self, (answer, until): &Sent, secrets: &[&str]) -> AuthError {
        if answer.is_success() {
            return unreadable(self.source, answer);
        }
        refused(self.source, &self.identity, answer, *until, secrets)
    }

    /// The token in an answer to a question of the moment `asked`. Where the answer says whose token it is, that must
    /// be whose token was asked for; `echo_required` refuses an answer that does not say.
    pub(crate) fn grant(
        &self,
        asked: Timestamp,
        sent: &Sent,
        secrets: &[&str],
        echo_required: bool,
    ) -> Result<Grant, AuthError> {
        let (answer, _) = sent;
        if !answer.is_success() {
            return Err(self.refusal(sent, secrets));
        }
        let body: TokenAnswer =
            serde_json::from_slice(&answer.body).map_err(|_| unreadable(self.source, answer))?;
        if let Some(kind) = &body.token_type
            && !kind.eq_ignore_ascii_case("bearer")
        {
            return Err(AuthError::new(
                AuthErrorKind::Unreadable,
                format!("{} gave a token that is not a bearer token", self.source.name()),
            ));
        }
        self.check_echo(&body, echo_required)?;
        let expires_at = body.ends(asked).unwrap_or_else(|| {
            tracing::warn!(
                "{} does not say when its token ends: asking again after five minutes",
                self.source.name()
            );
            asked.saturating_add(UNKNOWN_LIFE).unwrap_or(asked)
        });
        Ok(Grant {
            access_token: body.access_token,
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at,
            acquired_at: asked,
            scope: None,
        })
    }

    fn check_echo(&self, body: &TokenAnswer, required: bool) -> Result<(), AuthError> {
        let Some((key, asked)) = self.identity.named() else { return Ok(()) };
        let name = self.source.name();
        let message = match self.identity.echo(body) {
            Some(given) if given.eq_ignore_ascii_case(asked) => return Ok(()),
            None if !required => return Ok(()),
            Some(_) => format!("{name} gave the token of another identity than `{key}` asks for"),
            None => {
                format!("{name} does not say whose token it gave, and it may not be the one `{key}` asks for")
            }
        };
        Err(AuthError::new(AuthErrorKind::Configuration, message)
            .with_hint(if self.source == Source::Arc {
                format!(
                    "update the Connected Machine agent, or remove `{key}` to use the machine's own identity"
                )
            } else {
                format!("check `{key}`, and which identities are assigned")
            })
            .with_setting(key))
    }
}

/// A header whose value is not shown.
///
/// # Errors
/// When the value cannot stand in a header.
pub(crate) fn secret_header(
    call: &mut Call,
    name: &'static str,
    value: &Secret,
    whence: &str,
) -> Result<(), AuthError> {
    let mut value = HeaderValue::from_str(value.expose()).map_err(|_| {
        AuthError::new(AuthErrorKind::Setup, format!("{whence} holds characters that no header may hold"))
    })?;
    value.set_sensitive(true);
    call.headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

/// `Metadata: true`, by which metadata services tell programs from redirected browsers.
pub(crate) fn metadata_header(call: &mut Call) {
    call.headers.insert(HeaderName::from_static("metadata"), HeaderValue::from_static("true"));
}
