//! An authorization code between its issue and its redemption.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::aadsts;
use super::authorize::AuthorizationRequest;
use super::claims_request::AskedClaims;
use super::pkce::Challenge;
use super::refusal::Refusal;
use crate::directory::applications::Platform;
use crate::directory::people::Person;

/// Redeemed and expired codes are remembered this long, so that late redemptions still learn what happened.
const REMEMBER: SignedDuration = SignedDuration::from_hours(24);

/// What one code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IssuedCode {
    pub(crate) application_id: String,
    /// The tenant segment of the sign-in, in its one spelling.
    pub(crate) segment: String,
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    pub(crate) platform: Platform,
    pub(crate) scope: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) nonce: Option<String>,
    pub(crate) asked: AskedClaims,
    issued: Timestamp,
    redeemed: bool,
    /// The refresh token that came of it.
    pub(crate) refresh_token: Option<String>,
}

impl IssuedCode {
    pub(crate) fn of(asked: &AuthorizationRequest, person: &Person, now: Timestamp) -> Self {
        Self {
            application_id: asked.application.id.to_owned(),
            segment: asked.segment.canonical().to_owned(),
            user: person.user_principal_name.to_owned(),
            redirect_uri: asked.reply_to.redirect_uri.clone(),
            platform: asked.platform,
            scope: asked.scope.clone(),
            challenge: asked.challenge.clone(),
            nonce: asked.nonce.clone().filter(|_| asked.openid.openid),
            asked: asked.asked.clone(),
            issued: now,
            redeemed: false,
            refresh_token: None,
        }
    }

    pub(crate) fn is_worth_remembering(&self, now: Timestamp) -> bool {
        now.duration_since(self.issued) < REMEMBER
    }

    /// Whether the code can still be redeemed: once, and in its time.
    pub(crate) fn alive(&self, lifetime: SignedDuration, now: Timestamp) -> Result<(), Refusal> {
        if self.redeemed {
            return Err(aadsts::spent_code());
        }
        if now.duration_since(self.issued) >= lifetime {
            return Err(aadsts::expired_code());
        }
        Ok(())
    }

    pub(crate) fn spend(&mut self, refresh_token: Option<&str>) {
        self.redeemed = true;
        self.refresh_token = refresh_token.map(str::to_owned);
    }
}
