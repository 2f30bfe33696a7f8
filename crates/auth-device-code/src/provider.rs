//! The provider: start, poll, renew.

use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_core::auth::{
    AuthError, Begin, CacheKey, Configured, Finish, FlowContext, Grant, Identity, Instruction, Pending,
    Presence, Provider, TokenRequest, warn_of_another_account,
};
use defender_xdr_core::entra::TokenEndpoint;
use defender_xdr_core::settings::SettingsError;
use defender_xdr_core::{Secret, Timestamp};
use jiff::SignedDuration;

use crate::pending::State;
use crate::poll::{DEFAULT_INTERVAL, Next, Rhythm, next};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Entra's codes live this long when it does not say so.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(15);

/// Signs a person in by a code they enter elsewhere.
#[derive(Debug)]
pub struct DeviceCodeProvider {
    flow: &'static str,
    endpoint: TokenEndpoint,
    application_id: String,
    scope: String,
    account: Option<String>,
    refresh_token: Option<Secret>,
}

impl DeviceCodeProvider {
    /// Builds it from settings; without `tenant-id`, any work or school account may sign in.
    ///
    /// # Errors
    /// When a setting is missing or malformed.
    pub fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let application_id = context.application_id()?;
        if let Some(own) = context.entry.default_application_id
            && application_id != own
        {
            return Err(context.values.blame("application-id", SettingsError::new(format!("the {} flow uses the application {own}, not `{application_id}`", context.entry.id))
                .with_hint("remove `application-id`, or set `authentication-flow = \"device-code\"` for an application of your own")));
        }
        Ok(Self {
            flow: context.entry.id,
            endpoint: context.token_endpoint(Some("organizations"))?,
            application_id,
            scope: context.scope(Identity::Delegated)?,
            account: context.account(),
            refresh_token: context.values.get("refresh-token").map(|value| value.text.clone()),
        })
    }

    fn after(&self, duration: Duration) -> Timestamp {
        let now = self.endpoint.clock.now();
        now.saturating_add(SignedDuration::try_from(duration).unwrap_or_default()).unwrap_or(now)
    }
}

#[async_trait]
impl Provider for DeviceCodeProvider {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: self.endpoint.authority.identity().to_owned(),
            tenant: self.endpoint.authority.tenant().to_string(),
            application: self.application_id.clone(),
            flow: self.flow.to_owned(),
            account: self.account.clone(),
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
            claims: None,
        }
    }

    async fn configured(&self) -> Result<Option<Configured>, AuthError> {
        Ok(self.refresh_token.clone().map(Configured::RefreshToken))
    }

    async fn renew(
        &self,
        refresh_token: &Secret,
        request: &TokenRequest,
    ) -> Result<Option<Grant>, AuthError> {
        // A public client: no secret may be sent along.
        let mut fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", self.application_id.clone()),
            ("refresh_token", refresh_token.expose().to_owned()),
            ("scope", self.scope.clone()),
        ];
        fields.extend(request.fields());
        self.endpoint.redeem(fields).await.map(Some)
    }

    async fn begin(&self, request: &TokenRequest, _presence: Presence) -> Result<Begin, AuthError> {
        let mut fields = vec![("client_id", self.application_id.clone()), ("scope", self.scope.clone())];
        fields.extend(request.fields());
        let answer = self.endpoint.authorize_device(fields).await?;
        let interval = answer.interval.unwrap_or(DEFAULT_INTERVAL).max(Duration::from_secs(1));
        let expires_at = self.after(answer.expires_in.unwrap_or(DEFAULT_LIFETIME));
        let state = State {
            device_code: answer.device_code.expose().to_owned(),
            interval: interval.as_secs(),
            faults: 0,
        };
        Ok(Begin::Started {
            pending: Pending { state: state.to_secret(), expires_at, not_before: self.after(interval) },
            instruction: Instruction::DeviceCode {
                verification_uri: answer.verification_uri,
                verification_uri_complete: answer.verification_uri_complete,
                user_code: answer.user_code,
                expires_at,
                message: answer.message,
            },
            // The page is on another device, and leads nowhere.
            reception: None,
        })
    }

    async fn finish(&self, pending: &Pending, _input: Option<&Secret>) -> Result<Finish, AuthError> {
        let state = State::read(pending)?;
        let fields = vec![
            ("grant_type", GRANT_TYPE.to_owned()),
            ("client_id", self.application_id.clone()),
            ("device_code", state.device_code.clone()),
        ];
        // The poll has a rhythm of its own: the general retry would break it.
        let error = match self.endpoint.asked_once().redeem(fields).await {
            Ok(grant) => {
                warn_of_another_account(&grant, self.account.as_deref());
                return Ok(Finish::Done(grant));
            }
            Err(error) => error,
        };
        let rhythm = Rhythm { interval: Duration::from_secs(state.interval), faults: state.faults };
        match next(error, rhythm, self.endpoint.clock.now(), pending.expires_at) {
            Next::Wait(after, rhythm) => {
                let state = State { interval: rhythm.interval.as_secs(), faults: rhythm.faults, ..state };
                let pending =
                    Pending { state: state.to_secret(), not_before: self.after(after), ..pending.clone() };
                Ok(Finish::NotYet { pending, after })
            }
            Next::Stop(error) => Err(error),
        }
    }
}
