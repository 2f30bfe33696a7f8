//! A strict Entra ID: the authority half of the tenant.
//!
//! Every rule is a function from state and request to an answer; the paths are those of
//! <https://learn.microsoft.com/entra/identity-platform/v2-protocols>.

mod aadsts;
mod access_token;
mod answer;
pub(crate) mod assertion;
pub(crate) mod authorize;
pub(crate) mod claims_request;
mod client;
mod code_grant;
mod consent;
pub(crate) mod device_code;
mod device_grant;
mod form;
mod html;
mod identifiers;
mod issue;
mod issued_code;
mod metadata;
mod minting;
mod pkce;
mod refresh_grant;
mod refusal;
mod registration;
mod scope;
pub(crate) mod scripted;
pub(crate) mod session;
mod sign_in_page;
mod signing_key;
mod tenant_segment;
mod token_endpoint;

use std::collections::BTreeMap;
use std::time::Duration;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::assertion::trust::Trust;
use self::consent::Consents;
use self::device_code::{Decision, DecisionError, DeviceSignIn, ScriptedFailure};
use self::identifiers::{Identifiers, is_guid};
use self::issued_code::IssuedCode;
use self::refusal::{Envelope, Refusal};
use self::scripted::Scripted;
use self::session::{Ending, Session};
use self::signing_key::SigningKey;
use crate::caller::{Caller, TokenFault};
use crate::directory::{people, tenants};
use crate::exchange::{Request, Response};
use crate::options::{DeviceCodeOptions, ErrorTail, Options, Rotation};

pub use minting::{Bearer, MintError};

/// How this authority behaves where the real one can be configured, or is not documented.
#[derive(Debug)]
pub(crate) struct Behaviour {
    pub(crate) rotation: Rotation,
    pub(crate) access_token_lifetime: SignedDuration,
    pub(crate) device_code: DeviceCodeOptions,
    pub(crate) code: CodeRules,
    pub(crate) single_use_assertions: bool,
    pub(crate) approve_after: Option<Duration>,
    pub(crate) error_tail: ErrorTail,
}

/// How authorization codes are redeemed.
#[derive(Debug)]
pub(crate) struct CodeRules {
    pub(crate) lifetime: SignedDuration,
    pub(crate) redirect_mismatch_is_invalid_client: bool,
    pub(crate) replay_revokes: bool,
}

impl Behaviour {
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            rotation: options.rotation,
            access_token_lifetime: SignedDuration::try_from(options.access_token_lifetime)
                .unwrap_or(SignedDuration::MAX),
            device_code: options.device_code,
            single_use_assertions: options.single_use_assertions,
            code: CodeRules {
                lifetime: SignedDuration::try_from(options.authorization_code.expires_in)
                    .unwrap_or(SignedDuration::MAX),
                redirect_mismatch_is_invalid_client: options
                    .authorization_code
                    .redirect_mismatch_is_invalid_client,
                replay_revokes: options.authorization_code.replay_revokes,
            },
            approve_after: options.approve_device_codes_after,
            error_tail: options.error_tail,
        }
    }
}

/// What sign-ins leave behind.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Records {
    /// By device code.
    device_codes: BTreeMap<String, DeviceSignIn>,
    /// By refresh token.
    sessions: BTreeMap<String, Session>,
    /// By authorization code.
    #[serde(default)]
    codes: BTreeMap<String, IssuedCode>,
    #[serde(default)]
    consents: Consents,
    #[serde(default)]
    pub(crate) trust: Trust,
}

/// The authority and everything it remembers.
#[derive(Debug)]
pub(crate) struct Entra {
    behaviour: Behaviour,
    key: SigningKey,
    identifiers: Identifiers,
    pub(crate) records: Records,
    /// Refusals on demand.
    pub(crate) scripted: Scripted,
    /// Where the authority is reached: the issuers it plays have URLs of their own below.
    pub(crate) origin: String,
    /// `jti` and expiry of assertions used before.
    used_assertions: BTreeMap<String, i64>,
}

impl Entra {
    pub(crate) fn new(behaviour: Behaviour, origin: String) -> Result<Self, Unspecified> {
        Ok(Self {
            behaviour,
            key: SigningKey::generate()?,
            identifiers: Identifiers::new(&SystemRandom::new())?,
            records: Records::default(),
            scripted: Scripted::default(),
            origin,
            used_assertions: BTreeMap::new(),
        })
    }

    /// Takes over what an earlier run left: its signing key (PKCS#8) and its sign-ins.
    pub(crate) fn restore(&mut self, pkcs8: &[u8], records: Records) -> Result<(), Unspecified> {
        self.key = SigningKey::from_pkcs8(pkcs8)?;
        self.records = records;
        Ok(())
    }

    pub(crate) fn signing_key(&self) -> &[u8] {
        self.key.pkcs8()
    }

    pub(crate) fn records(&self) -> &Records {
        &self.records
    }

    /// Answers an authority path or the sign-in page; `None` for every other path.
    pub(crate) fn handle(&mut self, request: &Request, now: Timestamp) -> Option<Response> {
        self.approve_by_themselves(now);
        let path = percent_decode_str(&request.path).decode_utf8_lossy().into_owned();
        if path == "/device" {
            return Some(self.sign_in_page(request, now));
        }
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let envelope = self.envelope(request, now);
        Some(match segments.as_slice() {
            ["common", "discovery", "instance"] => metadata::instance_discovery(request, &envelope),
            [tenant, "v2.0", ".well-known", "openid-configuration"] => {
                metadata::openid_configuration(&request.origin, tenant, &envelope)
            }
            [tenant, "discovery", "v2.0", "keys"] => {
                metadata::keys(&request.origin, tenant, &self.key, &envelope)
            }
            ["_federation", path @ ..] => return self.federation(request, path, now),
            [tenant, "oauth2", "v2.0", "authorize"] => self.authorize(request, tenant, now),
            [tenant, "oauth2", "v2.0", "devicecode"] => {
                self.answer(request, &envelope, |entra| entra.start_device_code(request, tenant, now))
            }
            [tenant, "oauth2", "v2.0", "token"] => self
                .answer(request, &envelope, |entra| entra.token(request, tenant, answer::Version::V2, now)),
            [tenant, "oauth2", "token"] => self
                .answer(request, &envelope, |entra| entra.token(request, tenant, answer::Version::V1, now)),
            _ => return None,
        })
    }

    /// The error a fault rule asks for instead of an answer of the token endpoint.
    pub(crate) fn scripted_error(
        &mut self,
        failure: &ScriptedFailure,
        request: &Request,
        now: Timestamp,
    ) -> Response {
        let envelope = self.envelope(request, now);
        failure.refusal().into_response(&envelope)
    }

    /// Who calls an API of the first tenant.
    pub(crate) fn caller(&self, request: &Request, now: Timestamp) -> Result<Caller, TokenFault> {
        access_token::caller(&self.key, &tenants::AURORA, request.header("authorization"), now)
    }

    /// Whether the token of a request has what a claims challenge demands.
    pub(crate) fn carries(&self, request: &Request, challenge: &Value) -> bool {
        let token = request.header("authorization").and_then(|value| value.split_once(' '));
        let claims = token.and_then(|(_, token)| self.key.verify(token.trim()));
        claims.is_some_and(|claims| claims_request::fulfils(&claims, challenge))
    }

    /// Records a person's decision on a user code.
    pub(crate) fn decide(
        &mut self,
        user_code: &str,
        decision: Decision,
        now: Timestamp,
    ) -> Result<(), DecisionError> {
        self.sign_in_mut(user_code).ok_or(DecisionError::UnknownCode)?.decide(decision, now)
    }

    /// User codes nobody has decided on yet.
    pub(crate) fn waiting(&self, now: Timestamp) -> Vec<String> {
        self.records
            .device_codes
            .values()
            .filter(|code| code.state == Decision::Pending && now < code.expires)
            .map(|code| code.user_code.clone())
            .collect()
    }

    /// Ends every session: its refresh token is refused from now on (AADSTS50173). Answers how many there were.
    pub(crate) fn revoke_sessions(&mut self, now: Timestamp) -> usize {
        let living = self.records.sessions.values_mut().filter(|session| session.revoked.is_none());
        living.map(|session| session.revoked = Some(now)).count()
    }

    /// Ends the refresh tokens of a person, or of everybody, in this way. Answers how many lived until now.
    pub(crate) fn end_sessions(&mut self, user: Option<&str>, ending: Ending) -> usize {
        let living = self.records.sessions.values_mut().filter(|session| {
            session.revoked.is_none()
                && session.ended.is_none()
                && user.is_none_or(|user| session.user.eq_ignore_ascii_case(user))
        });
        living.map(|session| session.ended = Some(ending)).count()
    }

    fn sign_in_mut(&mut self, user_code: &str) -> Option<&mut DeviceSignIn> {
        let typed: String = user_code.chars().filter(char::is_ascii_alphanumeric).collect();
        self.records.device_codes.values_mut().find(|code| code.user_code.eq_ignore_ascii_case(&typed))
    }

    fn answer(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        rule: impl FnOnce(&mut Self) -> Result<Response, Refusal>,
    ) -> Response {
        if request.method != Method::POST {
            return aadsts::only_post().into_response(envelope);
        }
        let response = match rule(self) {
            Ok(response) => envelope.seal(response),
            Err(refusal) => refusal.into_response(envelope),
        };
        // Pages in browsers read the answer across origins.
        match request.header("origin") {
            Some(_) => response.with_header(http::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            None => response,
        }
    }

    fn envelope(&mut self, request: &Request, now: Timestamp) -> Envelope {
        let correlation_id = match request.header("client-request-id") {
            Some(id) if is_guid(id) => id.to_owned(),
            _ => self.identifiers.guid(),
        };
        Envelope { trace_id: self.identifiers.guid(), correlation_id, now, tail: self.behaviour.error_tail }
    }

    /// Demonstrations need nobody at a browser: the first person the sign-in is open to approves it in time.
    fn approve_by_themselves(&mut self, now: Timestamp) {
        let Some(after) = self.behaviour.approve_after else { return };
        for code in self.records.device_codes.values_mut().filter(|code| code.state == Decision::Pending) {
            let due = code.started.saturating_add(after).is_ok_and(|due| due <= now);
            if due
                && now < code.expires
                && let Some(person) = people::ALL.iter().find(|person| code.takes(person))
            {
                code.state = Decision::Approved { user: person.user_principal_name.to_owned() };
            }
        }
    }
}
