//! Refresh tokens: how long they live and what ends them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::aadsts;
use super::refusal::Refusal;

/// A refresh token dies after this time without use.
/// <https://learn.microsoft.com/entra/identity-platform/refresh-tokens>
const IDLE_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What one refresh token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) application_id: String,
    /// The person's sign-in name.
    pub(crate) user: String,
    /// The tenant segment of the sign-in, in its one spelling.
    pub(crate) segment: String,
    /// The scope of the sign-in, used when a refresh names none.
    pub(crate) scope: String,
    pub(crate) issued: Timestamp,
    pub(crate) last_used: Timestamp,
    /// Since when the token is refused.
    pub(crate) revoked: Option<Timestamp>,
}

impl Session {
    /// Uses the token: a fresh idle period starts, unless it is dead already.
    pub(crate) fn redeem(&mut self, application_id: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.application_id != application_id {
            return Err(aadsts::invalid_refresh_token());
        }
        if let Some(revoked) = self.revoked {
            return Err(aadsts::revoked_refresh_token(&self.issued.to_string(), &revoked.to_string()));
        }
        if now.duration_since(self.last_used) >= IDLE_LIFE {
            return Err(aadsts::idle_refresh_token(&self.issued.to_string()));
        }
        self.last_used = now;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Timestamp {
        "2026-03-01T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(days * 24)
    }

    fn session() -> Session {
        Session {
            application_id: "app".to_owned(),
            user: "dana@aurora-lab.example".to_owned(),
            segment: "organizations".to_owned(),
            scope: "offline_access".to_owned(),
            issued: at(0),
            last_used: at(0),
            revoked: None,
        }
    }

    fn code(result: Result<(), Refusal>) -> Option<u32> {
        result.err().and_then(|refusal| refusal.code)
    }

    #[test]
    fn every_use_starts_ninety_fresh_days() {
        let mut session = session();
        assert_eq!(code(session.redeem("app", at(89))), None);
        assert_eq!(code(session.redeem("app", at(178))), None);
        assert_eq!(code(session.redeem("app", at(268))), Some(700_082));
    }

    #[test]
    fn a_token_belongs_to_one_application() {
        assert_eq!(code(session().redeem("other", at(1))), Some(70_000));
    }

    #[test]
    fn a_revoked_token_is_refused_as_a_bad_token() {
        let mut session = Session { revoked: Some(at(1)), ..session() };
        let refusal = session.redeem("app", at(1)).unwrap_err();
        assert_eq!((refusal.code, refusal.suberror.as_deref()), (Some(50_173), Some("bad_token")));
    }
}
