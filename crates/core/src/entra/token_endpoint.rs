//! The token endpoint, asked in the same way by every flow: a form, no redirects, Entra's errors read well.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::authority::Authority;
use super::wire::{DeviceAuthorization, ErrorBody, TokenBody};
use crate::auth::{AuthError, AuthErrorKind, Grant};
use crate::http::{self, Answer, Call, HttpClient, Repeatable, RetryPolicy, Url};
use crate::{Clock, Secret};

/// Entra gives tokens of one hour when it does not say how long they live.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3595);

/// Speaks to one authority.
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    /// Whom to ask.
    pub authority: Authority,
    /// How to reach it.
    pub http: HttpClient,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// When to ask again.
    pub retry: RetryPolicy,
}

impl TokenEndpoint {
    /// Redeems something for a token.
    ///
    /// # Errors
    /// Entra's refusal as an [`AuthError`] with its number, or the transport's fault.
    pub async fn redeem(&self, fields: Vec<(&'static str, String)>) -> Result<Grant, AuthError> {
        self.ask(fields, Repeatable::Yes).await.map(|(grant, _)| grant)
    }

    /// Redeems something that works only once, such as an authorization code: asked again only when the service
    /// certainly saw nothing of it. With the `id_token`, when one came.
    ///
    /// # Errors
    /// As [`TokenEndpoint::redeem`].
    pub async fn redeem_once(
        &self,
        fields: Vec<(&'static str, String)>,
    ) -> Result<(Grant, Option<Secret>), AuthError> {
        self.ask(fields, Repeatable::WhenUntouched).await
    }

    async fn ask(
        &self,
        fields: Vec<(&'static str, String)>,
        repeatable: Repeatable,
    ) -> Result<(Grant, Option<Secret>), AuthError> {
        let asked = self.clock.now();
        let body: TokenBody = self.post(self.authority.token_endpoint(), fields, repeatable).await?;
        if let Some(kind) = &body.token_type
            && !kind.eq_ignore_ascii_case("bearer")
        {
            return Err(AuthError::new(
                AuthErrorKind::Unavailable,
                format!("{} gave a token of type `{kind}`, not a bearer token", self.authority.host()),
            ));
        }
        let after = |life: Duration| {
            let life = SignedDuration::try_from(life).unwrap_or(SignedDuration::from_hours(24));
            asked.saturating_add(life).unwrap_or(asked)
        };
        let grant = Grant {
            access_token: body.access_token,
            refresh_token: body.refresh_token,
            refresh_token_expires_at: body.refresh_token_expires_in.map(after),
            expires_at: after(body.expires_in.unwrap_or(DEFAULT_LIFETIME)),
            acquired_at: asked,
            scope: body.scope,
        };
        Ok((grant, body.id_token))
    }

    /// Starts a device authorization (RFC 8628 section 3.1).
    pub async fn authorize_device(
        &self,
        fields: Vec<(&'static str, String)>,
    ) -> Result<DeviceAuthorization, AuthError> {
        self.post(self.authority.device_authorization_endpoint(), fields, Repeatable::Yes).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        url: Url,
        fields: Vec<(&'static str, String)>,
        repeatable: Repeatable,
    ) -> Result<T, AuthError> {
        let mut call = Call::form(url, fields);
        // Comes back as `correlation_id`, so that one request can be found in the tenant's sign-in log.
        let request_id = Uuid::new_v4().to_string();
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            call.headers.insert("client-request-id", value);
        }
        let (result, exhausted) =
            http::send(&self.http, self.clock.as_ref(), &self.retry, repeatable, call).await;
        let answer = result.map_err(|error| AuthError::from_http(&error, "sign in"))?;
        if answer.is_success() {
            return serde_json::from_slice(&answer.body).map_err(|_| self.unreadable(&answer));
        }
        let refused = self.refusal(&answer, exhausted.map(|exhausted| exhausted.until));
        Err(refused.answering(answer.status, &answer.body))
    }

    fn refusal(&self, answer: &Answer, until: Option<Timestamp>) -> AuthError {
        let body =
            serde_json::from_slice::<ErrorBody>(&answer.body).ok().filter(|body| !body.error.is_empty());
        if answer.status == 429 || (answer.status == 503 && until.is_some()) {
            return AuthError::new(
                AuthErrorKind::Throttled,
                format!("{} is throttling sign-ins", self.authority.host()),
            )
            .with_hint("wait, and keep the token cache: most throttling comes from signing in too often")
            .with_until(until);
        }
        match body {
            Some(body) => AuthError::from_entra(body).with_tenant(self.authority.tenant().as_str()),
            None => self.unreadable(answer),
        }
    }

    /// Not Entra's JSON: an outage, a proxy's page, a cut body, the wrong server.
    fn unreadable(&self, answer: &Answer) -> AuthError {
        let host = self.authority.host();
        let what = answer.describe_without_body_on_success();
        if answer.status >= 500 {
            return AuthError::new(AuthErrorKind::Unavailable, format!("{host} has a fault: {what}"))
                .with_hint("try again later; behind a proxy, check `proxy`");
        }
        AuthError::new(
            AuthErrorKind::Unreadable,
            format!("{host} did not answer as a token endpoint: {what}"),
        )
        .with_hint("check `authority-host`, `cloud` and `proxy`: something else may be answering")
    }

    /// The same endpoint, asked only once per question: for whoever has a rhythm of their own.
    #[must_use]
    pub fn asked_once(&self) -> Self {
        Self { retry: RetryPolicy { attempts: 0, ..self.retry.clone() }, ..self.clone() }
    }
}
