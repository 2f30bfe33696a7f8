//! The authorization code grant (RFC 6749 section 4.1.3): a code becomes tokens, once.

use jiff::{SignedDuration, Timestamp};

use super::Entra;
use super::aadsts;
use super::answer::{Tokens, Version};
use super::claims_request::AskedClaims;
use super::client::{Authentication, Client};
use super::form::Form;
use super::issue::SignIn;
use super::refusal::Refusal;
use super::scope::{Scope, SeveralApis};
use super::scripted::Moment;
use super::tenant_segment::Segment;
use crate::directory::applications::Platform;
use crate::directory::people;
use crate::exchange::Request;

/// A refresh token of a page in a browser, and all that follow from it, end after a day.
const DAY_OF_A_PAGE: SignedDuration = SignedDuration::from_hours(24);

impl Entra {
    pub(super) fn redeem_code(
        &mut self,
        client: &Client,
        form: &Form,
        (segment, version): (Segment, Version),
        request: &Request,
        now: Timestamp,
    ) -> Result<Tokens, Refusal> {
        let application = client.application;
        segment.admits(application)?;
        let code = form.require("code")?;
        let redirect_uri = form.require("redirect_uri")?;
        if form.is_empty("scope") {
            return Err(aadsts::empty_scope());
        }
        if !code.starts_with("1.A") || code.len() < 40 || code.contains(['&', '=', '%', ' ']) {
            return Err(aadsts::malformed_code());
        }
        let issued = self.records.codes.get(code).ok_or_else(aadsts::invalid_code)?.clone();
        if issued.application_id != application.id {
            return Err(aadsts::invalid_code());
        }
        if issued.segment != segment.canonical() {
            return Err(aadsts::grant_for_another_tenant());
        }
        let authentication = authenticate(client, issued.platform, request)?;
        if let Err(refusal) = issued.alive(self.behaviour.code.lifetime, now) {
            self.punish_replay(issued.refresh_token.as_deref(), now);
            return Err(refusal);
        }
        if redirect_uri != issued.redirect_uri {
            let refusal = aadsts::other_reply_address(redirect_uri, &issued.redirect_uri);
            return Err(if self.behaviour.code.redirect_mismatch_is_invalid_client {
                refusal.blaming_the_client()
            } else {
                refusal
            });
        }
        match (&issued.challenge, form.get("code_verifier")) {
            (Some(challenge), verifier) => challenge.check(verifier)?,
            (None, _) if issued.platform == Platform::Spa => return Err(aadsts::page_without_pkce()),
            // A verifier for a code that was asked for without one: somebody swapped codes (RFC 9700 section 4.8.2).
            (None, Some(_)) => return Err(aadsts::verifier_does_not_fit()),
            (None, None) => {}
        }
        let person = people::find(&issued.user).ok_or_else(aadsts::invalid_code)?;
        if let Some(refusal) = self.scripted.strike(Moment::AuthorizationCode, application, Some(person)) {
            return Err(refusal);
        }
        let tenant = person.tenant.display_name;
        let (openid, targets) = Scope::spanning(&issued.scope, tenant)?;
        let first = targets.into_iter().next().ok_or_else(aadsts::invalid_code)?;
        let narrowed = match (form.get("resource"), form.get("scope")) {
            (Some(resource), _) => Some(format!("{resource}/.default")),
            (None, Some(scope)) => Some(scope.to_owned()),
            (None, None) => None,
        };
        let target = match narrowed {
            None => first,
            Some(text) => {
                let asked = Scope::delegated(&text, tenant, SeveralApis::Refuse)?.target;
                let (_, agreed) = Scope::spanning(&issued.scope, tenant)?;
                if text.split_whitespace().all(super::scope::is_openid_word) {
                    first
                } else if agreed.iter().any(|target| target.audience == asked.audience) {
                    asked
                } else {
                    return Err(aadsts::scope_was_not_agreed_to());
                }
            }
        };
        let scope = Scope { openid, target };
        let sign_in = SignIn {
            application,
            authentication,
            person,
            scope: &scope,
            nonce: issued.nonce.as_deref(),
            asked: AskedClaims::read(form)?.and(&issued.asked),
        };
        let mut tokens = self.issue(sign_in, form, &request.origin, now)?;
        if openid.offline_access {
            let ends =
                (issued.platform == Platform::Spa).then(|| now.saturating_add(DAY_OF_A_PAGE).unwrap_or(now));
            let text = match version {
                Version::V2 => issued.scope.clone(),
                Version::V1 => format!("offline_access {}/.default", scope.target.resource),
            };
            let token = self.open_session((application, person), segment, text, ends, now);
            tokens.refresh_token = Some(token);
        }
        if let Some(record) = self.records.codes.get_mut(code) {
            record.spend(tokens.refresh_token.as_deref());
        }
        Ok(tokens)
    }

    /// Whoever redeems a code again may have stolen it (RFC 6749 section 4.1.2): a switch ends what came of it.
    fn punish_replay(&mut self, refresh_token: Option<&str>, now: Timestamp) {
        if self.behaviour.code.replay_revokes
            && let Some(session) = refresh_token.and_then(|token| self.records.sessions.get_mut(token))
        {
            session.revoked.get_or_insert(now);
        }
    }
}

/// What the platform of the redirect URI demands of the client.
fn authenticate(client: &Client, platform: Platform, request: &Request) -> Result<Authentication, Refusal> {
    match platform {
        Platform::Web => {
            same_origin_only(request)?;
            client.confidential()
        }
        Platform::PublicClient => {
            same_origin_only(request)?;
            client.public()
        }
        Platform::Spa => {
            cross_origin_only(request)?;
            client.public()
        }
    }
}

/// Only a page in a browser sends `Origin`.
pub(super) fn same_origin_only(request: &Request) -> Result<(), Refusal> {
    match request.header("origin") {
        None => Ok(()),
        Some(_) => Err(aadsts::cross_origin_without_page()),
    }
}

/// Tokens of a page are only for a page.
pub(super) fn cross_origin_only(request: &Request) -> Result<(), Refusal> {
    match request.header("origin") {
        Some(_) => Ok(()),
        None => Err(aadsts::page_without_origin()),
    }
}
