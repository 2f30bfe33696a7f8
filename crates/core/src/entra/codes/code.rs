//! One AADSTS number: what it is, why it comes, what to do.

use crate::auth::AuthErrorKind;

/// What Microsoft's text about an AADSTS number comes to.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The number after `AADSTS`.
    pub number: u32,
    /// What kind of failure it is.
    pub kind: AuthErrorKind,
    /// Why it comes, as a fragment without a full stop.
    pub cause: &'static str,
    /// What to do, as a fragment without a full stop.
    pub remedy: &'static str,
    /// Ids of flows that may pass where this one was refused, the likeliest first.
    pub other_flows: &'static [&'static str],
}

/// Flows with which a device that the tenant knows can prove itself, or that sign nobody in.
const PAST_A_POLICY: &[&str] = &["auth-code", "client-credentials", "managed-identity"];
/// Flows of an application that is no public client.
const OF_A_CONFIDENTIAL_CLIENT: &[&str] = &["client-credentials", "auth-code"];

pub(super) const fn code(
    number: u32,
    kind: AuthErrorKind,
    cause: &'static str,
    remedy: &'static str,
) -> Code {
    Code { number, kind, cause, remedy, other_flows: &[] }
}

impl Code {
    /// A policy stands in the way of this flow, not of every flow.
    pub(super) const fn depends_on_flow(mut self) -> Self {
        self.other_flows = PAST_A_POLICY;
        self
    }

    /// The application is not one for this flow.
    pub(super) const fn wants_a_credential(mut self) -> Self {
        self.other_flows = OF_A_CONFIDENTIAL_CLIENT;
        self
    }

    /// Cause and remedy in one line.
    pub fn hint(&self) -> String {
        format!("{}: {}", self.cause, self.remedy)
    }
}
