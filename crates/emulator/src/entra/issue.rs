//! Issuing tokens to a person whose sign-in is allowed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Entra;
use super::aadsts;
use super::access_token::{AccessToken, identity_claims};
use super::answer::Tokens;
use super::claims_request::AskedClaims;
use super::client::Authentication;
use super::form::Form;
use super::metadata;
use super::refusal::Refusal;
use super::scope::Scope;
use super::session::Session;
use super::tenant_segment::Segment;
use crate::directory::applications::Application;
use crate::directory::people::Person;

/// Dead refresh tokens are remembered this long, so that their holders still learn what happened.
const REMEMBER_SESSIONS: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A person's sign-in that is allowed and waits for its tokens.
pub(super) struct SignIn<'a> {
    pub(super) application: &'static Application,
    pub(super) authentication: Authentication,
    pub(super) person: &'static Person,
    pub(super) scope: &'a Scope,
    /// The `nonce` of an authorization request.
    pub(super) nonce: Option<&'a str>,
    /// What the sign-in and its redemption asked for by the `claims` parameter.
    pub(super) asked: AskedClaims,
}

impl Entra {
    /// Access and identity token of a person.
    pub(super) fn issue(
        &mut self,
        sign_in: SignIn<'_>,
        form: &Form,
        origin: &str,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let SignIn { application, authentication, person, scope, nonce, asked } = sign_in;
        let consented = self.records.consents.of(application, person, &scope.target.audience);
        let granted = scope.target.granted(application, consented)?;
        let lifetime = self.behaviour.access_token_lifetime;
        let resource = &scope.target.resource;
        let token = AccessToken {
            application,
            authentication,
            tenant: person.tenant,
            resource,
            person: Some((person, &granted)),
            asked,
            token_id: self.identifiers.token_id(),
            identity: None,
        };
        let access_token = self.sign(&token.claims(now, lifetime))?;
        let id_token = if scope.openid.openid {
            let issuer = metadata::issuer(origin, Segment::Tenant(person.tenant));
            let token_id = self.identifiers.token_id();
            let times = (now, lifetime);
            let claims =
                identity_claims((&issuer, &token_id), (application, person), (scope.openid, nonce), times);
            Some(self.sign(&claims)?)
        } else {
            None
        };
        let client_info = (form.get("client_info") == Some("1")).then(|| {
            let info = json!({ "uid": person.object_id, "utid": person.tenant.id });
            URL_SAFE_NO_PAD.encode(info.to_string())
        });
        let answer = scope.target.answer(&granted, scope.openid);
        Ok(Tokens {
            access_token,
            resource: resource.clone(),
            scope: Some(answer),
            refresh_token: None,
            id_token,
            client_info,
        })
    }

    pub(super) fn open_session(
        &mut self,
        (application, person): (&Application, &Person),
        segment: Segment,
        scope: String,
        ends: Option<Timestamp>,
        now: Timestamp,
    ) -> String {
        let refresh_token = format!("0.AXYA{}{}", self.identifiers.opaque(), self.identifiers.opaque());
        let session = Session {
            application_id: application.id.to_owned(),
            user: person.user_principal_name.to_owned(),
            segment: segment.canonical().to_owned(),
            scope,
            issued: now,
            last_used: now,
            revoked: None,
            ends,
            ended: None,
        };
        self.records.sessions.retain(|_, session| now.duration_since(session.last_used) < REMEMBER_SESSIONS);
        self.records.sessions.insert(refresh_token.clone(), session);
        refresh_token
    }

    pub(super) fn sign(&self, claims: &Value) -> Result<String, Refusal> {
        self.key.sign(claims).map_err(|_| aadsts::signing_failed())
    }
}
