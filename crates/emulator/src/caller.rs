//! Who calls an API, as its access token says.

use std::collections::BTreeSet;

/// The API a token was issued for (`aud`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Microsoft Graph.
    Graph,
    /// The legacy Microsoft Defender XDR API ("Microsoft Threat Protection").
    Legacy,
    /// Some other resource of the tenant.
    Other(String),
}

/// What a token allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// App-only: the `roles` claim, empty when no app role was consented.
    Application {
        /// App roles such as `Incident.Read.All`.
        roles: BTreeSet<String>,
    },
    /// On behalf of a person: the `scp` claim.
    Delegated {
        /// Scopes such as `Incident.Read`.
        scopes: BTreeSet<String>,
        /// The person's user principal name.
        user_principal_name: String,
        /// The person's display name.
        display_name: String,
    },
}

/// The bearer of a valid access token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Tenant GUID (`tid`).
    pub tenant_id: String,
    /// Application GUID (`appid`).
    pub application_id: String,
    /// The application's display name, shown in `lastModifiedBy` and as a comment's author.
    pub application_name: String,
    /// The API the token is for.
    pub audience: Audience,
    /// What it allows.
    pub grant: Grant,
}

/// Why a request has no valid caller; each API words it in its own error body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// No `Authorization: Bearer` header.
    Missing,
    /// Not a token of this tenant, or its signature does not fit.
    Invalid,
    /// Past its `exp`.
    Expired,
}
