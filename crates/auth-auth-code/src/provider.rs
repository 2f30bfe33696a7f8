//! The provider: the page's address, redeeming its code, renewing.

use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_core::auth::{
    AuthError, AuthErrorKind, Begin, CacheKey, Configured, Finish, FlowContext, Grant, Instruction, Pending,
    Presence, Provider, Reception, TokenRequest, warn_of_another_account,
};
use defender_xdr_core::entra::TokenEndpoint;
use defender_xdr_core::settings::SettingsError;
use defender_xdr_core::{Secret, Timestamp};
use jiff::SignedDuration;

use crate::answer::{self, Outcome};
use crate::client::{Client, SecretSetting};
use crate::loopback::{Limits, Listener};
use crate::pending::Start;
use crate::pkce::{challenge, equal, random};
use crate::redirect::Redirect;
use crate::{ENTRY, authorize, id_token};

const CODE: &str = "authorization-code";
/// How Cortex XSOAR writes a refresh token in place of a code.
const TOKEN_PREFIX: &str = "refresh_token:";
/// How long a start is good for: enough to sign in somewhere else and bring the code back. The code itself lives
/// about ten minutes.
const START_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Signs a person in on a page in a browser.
#[derive(Debug)]
pub struct AuthCodeProvider {
    endpoint: TokenEndpoint,
    client: Client,
    redirect: Redirect,
    scope: String,
    account: Option<String>,
    code: Option<SecretSetting>,
    refresh_token: Option<Secret>,
}

/// What a code is redeemed with.
struct Redemption<'a> {
    code: &'a Secret,
    redirect_uri: &'a str,
    scope: &'a str,
    verifier: Option<&'a str>,
    nonce: Option<&'a str>,
    claims: Option<&'a str>,
}

impl AuthCodeProvider {
    /// Builds it from settings.
    ///
    /// # Errors
    /// When a setting is missing or malformed.
    pub fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        Ok(Self {
            endpoint: context.token_endpoint(None)?,
            client: Client {
                application_id: context.application_id()?,
                secret: SecretSetting::from_context(context, "client-secret")?,
            },
            redirect: Redirect::from_settings(&context.values)?,
            scope: context.code_flow_scope()?,
            account: context.account(),
            code: SecretSetting::from_context(context, CODE)?,
            refresh_token: context.values.get("refresh-token").map(|value| value.text.clone()),
        })
    }

    /// A listener for the browser, where the person is here and the redirect URI leads here.
    async fn listen(&self, presence: Presence) -> Result<Option<Listener>, AuthError> {
        match (presence, self.redirect.place()) {
            (Presence::Here, Some(place)) => Listener::bind(place).await.map(Some),
            _ => Ok(None),
        }
    }

    /// The page on which this start goes on.
    fn page(&self, start: &Start, mode: &str, request: &TokenRequest) -> String {
        let challenge = challenge(&Secret::new(&*start.verifier));
        let mut parameters = vec![
            ("client_id", self.client.application_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", start.redirect_uri.as_str()),
            ("response_mode", mode),
            ("scope", start.scope.as_str()),
            ("state", start.state.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        parameters.extend(start.nonce.as_deref().map(|nonce| ("nonce", nonce)));
        parameters.extend(self.account.as_deref().map(|account| ("login_hint", account)));
        parameters.extend(request.claims.as_deref().map(|claims| ("claims", claims)));
        authorize::url(self.endpoint.authority.authorization_endpoint(), &parameters)
    }

    async fn redeem_code(&self, redemption: Redemption<'_>) -> Result<Grant, AuthError> {
        let mut fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", redemption.code.expose().to_owned()),
            ("redirect_uri", redemption.redirect_uri.to_owned()),
            ("scope", redemption.scope.to_owned()),
        ];
        // The page asked for them; the token only carries them if the redemption does, too.
        fields.extend(redemption.claims.map(|claims| ("claims", claims.to_owned())));
        fields.extend(redemption.verifier.map(|verifier| ("code_verifier", verifier.to_owned())));
        fields.extend(self.client.fields().await?);
        let redeemed = self.endpoint.redeem_once(fields).await;
        let (grant, id_token) = redeemed.map_err(|error| self.client.explain(error))?;
        if let (Some(id_token), Some(nonce)) = (id_token, redemption.nonce) {
            id_token::check(&id_token, nonce)?;
        }
        if grant.refresh_token.is_none() {
            tracing::warn!(
                "no refresh token came, since `offline_access` was not granted: the session ends at {} UTC",
                grant.expires_at.strftime("%H:%M")
            );
        }
        warn_of_another_account(&grant, self.account.as_deref());
        Ok(grant)
    }
}

#[async_trait]
impl Provider for AuthCodeProvider {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: self.endpoint.authority.identity().to_owned(),
            tenant: self.endpoint.authority.tenant().to_string(),
            application: self.client.application_id.clone(),
            flow: ENTRY.id.to_owned(),
            account: self.account.clone(),
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
            claims: None,
        }
    }

    async fn credential_fingerprint(&self) -> Result<Option<String>, AuthError> {
        let mut parts = Vec::new();
        for setting in [&self.client.secret, &self.code].into_iter().flatten() {
            parts.push(setting.open().await?.fingerprint());
        }
        parts.extend(self.refresh_token.as_ref().map(Secret::fingerprint));
        Ok((!parts.is_empty()).then(|| Secret::new(parts.join("\n")).fingerprint()))
    }

    async fn configured(&self) -> Result<Option<Configured>, AuthError> {
        if let Some(token) = &self.refresh_token {
            return Ok(Some(Configured::RefreshToken(token.clone())));
        }
        let Some(setting) = &self.code else { return Ok(None) };
        let text = setting.open().await?;
        Ok(Some(match text.expose().trim().strip_prefix(TOKEN_PREFIX) {
            Some(token) if token.trim().is_empty() => {
                return Err(AuthError::new(
                    AuthErrorKind::Setup,
                    format!("`{CODE}` begins with `{TOKEN_PREFIX}` and holds no refresh token"),
                )
                .with_hint("put the refresh token behind it, or the code alone")
                .with_setting(CODE));
            }
            Some(token) => Configured::RefreshToken(Secret::new(token.trim())),
            // As it stands: a state in it still has to be compared.
            None => Configured::Code(text),
        }))
    }

    async fn acquire(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        if self.code.is_none() {
            return Err(AuthError::new(AuthErrorKind::NotSignedIn, "not signed in").with_hint(
                "run `defender-xdr auth login`, or `auth start` and `auth complete` from a script",
            ));
        }
        Err(AuthError::new(
            AuthErrorKind::SignInAgain,
            "the code in `authorization-code` has been used already and left no refresh token",
        )
        .with_hint(
            "a code works once: sign in at the address that `defender-xdr auth start` shows and set \
             `authorization-code` to the new code, or run `auth login`; keep `offline_access` in `scope`",
        )
        .with_setting(CODE))
    }

    async fn renew(
        &self,
        refresh_token: &Secret,
        request: &TokenRequest,
    ) -> Result<Option<Grant>, AuthError> {
        let mut fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh_token.expose().to_owned()),
            ("scope", self.scope.clone()),
        ];
        fields.extend(request.fields());
        fields.extend(self.client.fields().await?);
        self.endpoint.redeem(fields).await.map(Some).map_err(|error| self.client.explain(error))
    }

    async fn redeem(&self, code: &Secret) -> Result<Grant, AuthError> {
        let answer = answer::read(code.expose()).map_err(|error| error.with_setting(CODE))?;
        match answer.outcome {
            Outcome::Refused(body) => Err(AuthError::from_entra(body).with_setting(CODE)),
            // Whoever asked for it kept no verifier.
            Outcome::Code(code) => {
                let redemption = Redemption {
                    code: &code,
                    redirect_uri: self.redirect.for_pasting(),
                    scope: &self.scope,
                    verifier: None,
                    nonce: None,
                    claims: None,
                };
                self.redeem_code(redemption).await
            }
        }
    }

    async fn begin(&self, request: &TokenRequest, presence: Presence) -> Result<Begin, AuthError> {
        let listener = self.listen(presence).await?;
        let mut start = Start {
            verifier: random()?.expose().to_owned(),
            state: random()?.expose().to_owned(),
            redirect_uri: self.redirect.for_pasting().to_owned(),
            scope: self.scope.clone(),
            nonce: None,
            claims: request.claims.clone(),
        };
        if let Some(listener) = &listener {
            // The id_token of the answer proves that the code is ours.
            listener.redirect_uri().clone_into(&mut start.redirect_uri);
            start.nonce = Some(random()?.expose().to_owned());
            if !start.scope.split_whitespace().any(|scope| scope == "openid") {
                start.scope = format!("openid {}", start.scope);
            }
        }
        let now = self.endpoint.clock.now();
        let expires_at = now.saturating_add(START_LIFETIME).unwrap_or(Timestamp::MAX);
        let reception = listener.map(|listener| {
            let host = self.endpoint.authority.host();
            Box::new(listener.open(&start.state, host, Limits::default())) as Box<dyn Reception>
        });
        Ok(Begin::Started {
            instruction: Instruction::Authorize {
                authorize_url: self.page(&start, "query", request),
                browser_url: reception.is_some().then(|| self.page(&start, "form_post", request)),
                redirect_uri: start.redirect_uri.clone(),
                expires_at,
            },
            pending: Pending { state: start.to_secret(), expires_at, not_before: now },
            reception,
        })
    }

    async fn finish(&self, pending: &Pending, input: Option<&Secret>) -> Result<Finish, AuthError> {
        let start = Start::read(pending)?;
        if self.endpoint.clock.now() >= pending.expires_at {
            return Err(AuthError::new(AuthErrorKind::Expired, "the sign-in was started too long ago")
                .with_hint(format!(
                    "start again and come back with the code within {} minutes",
                    Duration::try_from(START_LIFETIME).unwrap_or_default().as_secs() / 60
                )));
        }
        let Some(input) = input else { return Ok(Finish::InputWanted) };
        let answer = answer::read(input.expose())?;
        if answer.state.is_some_and(|state| !equal(&start.state, &state)) {
            return Err(AuthError::new(
                AuthErrorKind::SignInAgain,
                "that code belongs to another sign-in than the one started last (`state`)",
            )
            .with_hint("use the address shown last and the code it leads to, or start again"));
        }
        match answer.outcome {
            Outcome::Refused(body) => Err(AuthError::from_entra(body)),
            Outcome::Code(code) => {
                let redemption = Redemption {
                    code: &code,
                    redirect_uri: &start.redirect_uri,
                    scope: &start.scope,
                    verifier: Some(&start.verifier),
                    nonce: start.nonce.as_deref(),
                    claims: start.claims.as_deref(),
                };
                self.redeem_code(redemption).await.map(Finish::Done)
            }
        }
    }
}
