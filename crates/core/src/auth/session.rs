//! What is kept between runs for one cache key, and its sealed form.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::grant::Grant;
use super::pending::Pending;
use super::provider::Configured;
use super::refusal::Refusal;
use crate::Secret;

/// Everything kept for one cache key.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub(super) access: Option<StoredAccess>,
    pub(super) refresh_token: Option<Secret>,
    /// Which refresh token of the settings `refresh_token` descends from: a rotated one wins until the
    /// configured value changes.
    pub(super) configured_from: Option<String>,
    /// Fingerprint of the code of the settings that was redeemed, or is being redeemed.
    pub(super) spent_code: Option<String>,
    /// When the refresh token was given.
    pub(super) refreshed_at: Option<Timestamp>,
    /// When the refresh token ends, if the service said so.
    pub(super) refresh_ends_at: Option<Timestamp>,
    /// A claims challenge that no token has answered yet.
    pub(super) claims: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) pending: Option<Pending>,
    pub(super) refusal: Option<Refusal>,
}

#[derive(Debug, Clone)]
pub(super) struct StoredAccess {
    pub(super) token: Secret,
    pub(super) acquired_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Session {
    /// Takes over what a grant brings. Without a new refresh token the old one stays.
    pub(super) fn accept(&mut self, grant: Grant) {
        self.access = Some(StoredAccess {
            token: grant.access_token,
            acquired_at: grant.acquired_at,
            expires_at: grant.expires_at,
        });
        if grant.refresh_token.is_some() {
            self.refresh_token = grant.refresh_token;
            self.refresh_ends_at = grant.refresh_token_expires_at;
        }
        // Also an old refresh token that was used again starts its window anew.
        self.refreshed_at = self.refresh_token.is_some().then_some(grant.acquired_at);
        if grant.scope.is_some() {
            self.scope = grant.scope;
        }
        self.refusal = None;
        self.claims = None;
    }

    /// Whether the settings bring something that this session does not descend from.
    pub(super) fn is_outdated_by(&self, configured: Option<&Configured>) -> bool {
        match configured {
            None => false,
            Some(Configured::RefreshToken(token)) => {
                self.configured_from.as_ref() != Some(&token.fingerprint())
            }
            Some(Configured::Code(code)) => self.spent_code.as_ref() != Some(&code.fingerprint()),
        }
    }

    /// Starts anew with what the settings bring; a code has to be redeemed. A started sign-in stays, since the code
    /// may be its answer; so does the refusal of a refresh token of the settings, which may be this one.
    pub(super) fn adopt(&mut self, configured: Option<Configured>) -> Option<Secret> {
        let pending = self.pending.take();
        match configured? {
            Configured::RefreshToken(token) => {
                *self = Self {
                    configured_from: Some(token.fingerprint()),
                    refresh_token: Some(token),
                    refusal: self.refusal.take().filter(|refusal| refusal.of_configured_token),
                    ..Self::default()
                };
                None
            }
            Configured::Code(code) => {
                *self = Self { spent_code: Some(code.fingerprint()), pending, ..Self::default() };
                Some(code)
            }
        }
    }

    /// The same session, in which this code of the settings counts as spent.
    pub(super) fn having_spent(self, code: &Secret) -> Self {
        Self { spent_code: Some(code.fingerprint()), ..self }
    }

    /// The refusal of this session's own credential, not of a refresh token that the settings brought in its place.
    pub(super) fn own_refusal(&self) -> Option<&Refusal> {
        let own = self.refresh_token.as_ref().map(Secret::fingerprint);
        self.refusal.as_ref().filter(|refusal| !refusal.of_configured_token || self.configured_from == own)
    }

    /// A sign-in by a person counts more than what the settings bring, until that changes.
    pub(super) fn supersede(&mut self, configured: Option<&Configured>) {
        match configured {
            None => {}
            Some(Configured::RefreshToken(token)) => self.configured_from = Some(token.fingerprint()),
            Some(Configured::Code(code)) => self.spent_code = Some(code.fingerprint()),
        }
    }

    /// When the refresh token ends, as far as that can be known.
    pub(super) fn refresh_token_ends(&self) -> Option<Timestamp> {
        self.refresh_token.as_ref()?;
        self.refresh_ends_at.or_else(|| self.refreshed_at?.saturating_add(IDLE_LIFE).ok())
    }
}

/// A refresh token of Entra dies when it was not used for this long ("Refresh tokens in the Microsoft identity
/// platform", token lifetime).
const IDLE_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The sealed form: version 1.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    version: u32,
    access_token: Option<Cow<'a, str>>,
    acquired_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    refresh_token: Option<Cow<'a, str>>,
    configured_from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spent_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refreshed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_ends_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    scope: Option<String>,
    pending_state: Option<Cow<'a, str>>,
    pending_expires_at: Option<Timestamp>,
    pending_not_before: Option<Timestamp>,
    refusal: Option<Refusal>,
}

impl Session {
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let record = Record {
            version: 1,
            access_token: self.access.as_ref().map(|access| access.token.expose().into()),
            acquired_at: self.access.as_ref().map(|access| access.acquired_at),
            expires_at: self.access.as_ref().map(|access| access.expires_at),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose().into()),
            configured_from: self.configured_from.clone(),
            spent_code: self.spent_code.clone(),
            refreshed_at: self.refreshed_at,
            refresh_ends_at: self.refresh_ends_at,
            claims: self.claims.clone(),
            scope: self.scope.clone(),
            pending_state: self.pending.as_ref().map(|pending| pending.state.expose().into()),
            pending_expires_at: self.pending.as_ref().map(|pending| pending.expires_at),
            pending_not_before: self.pending.as_ref().map(|pending| pending.not_before),
            refusal: self.refusal.clone(),
        };
        // Strings, numbers and times only: serialising cannot fail.
        Zeroizing::new(serde_json::to_vec(&record).unwrap_or_default())
    }

    /// Reads the sealed form; `None` when it is of another version or not ours.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let record: Record<'_> =
            serde_json::from_slice(bytes).ok().filter(|record: &Record<'_>| record.version == 1)?;
        let access = match (record.access_token, record.acquired_at, record.expires_at) {
            (Some(token), Some(acquired_at), Some(expires_at)) => {
                Some(StoredAccess { token: Secret::new(token), acquired_at, expires_at })
            }
            _ => None,
        };
        let pending = match (record.pending_state, record.pending_expires_at, record.pending_not_before) {
            (Some(state), Some(expires_at), Some(not_before)) => {
                Some(Pending { state: Secret::new(state), expires_at, not_before })
            }
            _ => None,
        };
        Some(Self {
            access,
            refresh_token: record.refresh_token.map(Secret::new),
            configured_from: record.configured_from,
            spent_code: record.spent_code,
            refreshed_at: record.refreshed_at,
            refresh_ends_at: record.refresh_ends_at,
            claims: record.claims,
            scope: record.scope,
            pending,
            refusal: record.refusal,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_survives_its_sealed_form() {
        let at: Timestamp = "2026-11-22T10:00:00.5Z".parse().expect("a time");
        let session = Session {
            access: Some(StoredAccess { token: Secret::new("t"), acquired_at: at, expires_at: at }),
            refresh_token: Some(Secret::new("r")),
            configured_from: Some("f".into()),
            spent_code: Some("c".into()),
            refreshed_at: Some(at),
            refresh_ends_at: Some(at),
            claims: Some("{}".into()),
            scope: Some("s".into()),
            pending: Some(Pending { state: Secret::new("{\"a\":\"\\\"\"}"), expires_at: at, not_before: at }),
            refusal: Some(Refusal {
                until: at,
                credential: None,
                kind: crate::auth::AuthErrorKind::InvalidClient,
                message: "m".into(),
                hint: None,
                code: Some("AADSTS7000215".into()),
                of_configured_token: true,
            }),
        };
        let back = Session::from_bytes(&session.to_bytes()).expect("readable");
        assert_eq!(session.to_bytes(), back.to_bytes());
        assert!(Session::from_bytes(b"{\"version\":2}").is_none());
    }

    #[test]
    fn a_grant_without_a_refresh_token_keeps_the_old_one() {
        let at: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let mut session = Session { refresh_token: Some(Secret::new("old")), ..Session::default() };
        session.accept(Grant {
            access_token: Secret::new("a"),
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at: at,
            acquired_at: at,
            scope: None,
        });
        assert_eq!(session.refresh_token_ends().expect("90 days later").to_string(), "2027-02-20T10:00:00Z");
        assert_eq!(session.refresh_token.expect("kept").expose(), "old");
    }
}
