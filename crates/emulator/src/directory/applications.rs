//! The application registrations and what an administrator consented to for each.

use super::tenants::{AURORA, Tenant};
use crate::caller::Audience;

/// A client secret of an application. Invented, and good for nothing outside the emulator.
#[derive(Debug, PartialEq, Eq)]
pub struct Secret {
    /// The secret value.
    pub value: &'static str,
    /// Whether its end date has passed (AADSTS7000222).
    pub expired: bool,
}

/// Permissions consented on one API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// App roles, for app-only tokens (`roles`).
    pub application: &'static [&'static str],
    /// Scopes, for tokens on behalf of a person (`scp`).
    pub delegated: &'static [&'static str],
}

const NOTHING: Permissions = Permissions { application: &[], delegated: &[] };

/// An application registration.
#[derive(Debug, PartialEq, Eq)]
pub struct Application {
    /// Application (client) GUID.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// The tenant it lives in; `None` for a multi-tenant application, which every tenant knows.
    pub tenant: Option<&'static Tenant>,
    /// Its client secret, if it has one.
    pub secret: Option<Secret>,
    /// "Allow public client flows": whether it may redeem tokens without authenticating itself.
    pub public_client: bool,
    /// Consented on Microsoft Graph.
    pub graph: Permissions,
    /// Consented on the legacy Microsoft Defender XDR API.
    pub legacy: Permissions,
}

impl Application {
    /// What was consented on an API.
    pub fn permissions(&self, audience: &Audience) -> Permissions {
        match audience {
            Audience::Graph => self.graph,
            Audience::Legacy => self.legacy,
            Audience::Other(_) => NOTHING,
        }
    }
}

const FULL_LEGACY: Permissions = Permissions {
    application: &["Incident.ReadWrite.All", "AdvancedHunting.Read.All"],
    delegated: &["Incident.ReadWrite", "AdvancedHunting.Read"],
};

const FULL_GRAPH: Permissions = Permissions {
    application: &["SecurityIncident.ReadWrite.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All"],
    delegated: &["SecurityIncident.ReadWrite.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All"],
};

/// Everything consented, on both APIs.
pub const AUTOMATION: Application = Application {
    id: "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60",
    name: "Aurora Automation",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "aut~Q7.demo-secret-not-real_x1", expired: false }),
    public_client: true,
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
};

/// Set up as the Cortex documentation page asks: legacy only.
pub const CORTEX_PAGE: Application = Application {
    id: "c0de7a11-5e3b-4c92-8d46-1f0a9b7e3c25",
    name: "Cortex Integration",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "ctx~Q7.demo-secret-not-real_x2", expired: false }),
    public_client: true,
    graph: NOTHING,
    legacy: FULL_LEGACY,
};

/// Microsoft Graph only.
pub const GRAPH_ONLY: Application = Application {
    id: "91d4f8b2-6c7e-4a15-b3d0-8e2f5a9c7b14",
    name: "Graph Triage",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "gra~Q7.demo-secret-not-real_x3", expired: false }),
    public_client: true,
    graph: FULL_GRAPH,
    legacy: NOTHING,
};

/// Reads incidents, app-only; no public client.
pub const READER: Application = Application {
    id: "5b7f0c39-2d81-4e6a-97c4-3a1e8d5f6b02",
    name: "Incident Reader",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "rea~Q7.demo-secret-not-real_x4", expired: false }),
    public_client: false,
    graph: Permissions { application: &["SecurityIncident.Read.All"], delegated: &[] },
    legacy: Permissions { application: &["Incident.Read.All"], delegated: &[] },
};

/// Its secret is past its end date.
pub const EXPIRED: Application = Application {
    id: "d2a6b84e-7f19-4c03-8e5d-0b9c1f3a7d56",
    name: "Forgotten Job",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "exp~Q7.demo-secret-not-real_x5", expired: true }),
    public_client: false,
    graph: NOTHING,
    legacy: NOTHING,
};

/// Registered, but nothing consented.
pub const UNCONSENTED: Application = Application {
    id: "e8f31d0a-4c6b-4792-b5a8-6d2e0f7c9b13",
    name: "New Registration",
    tenant: Some(&AURORA),
    secret: Some(Secret { value: "unc~Q7.demo-secret-not-real_x6", expired: false }),
    public_client: true,
    graph: NOTHING,
    legacy: NOTHING,
};

/// The application Cortex XSOAR brings along: multi-tenant, public, legacy and delegated only.
pub const CORTEX_APP: Application = Application {
    id: "9093c354-630a-47f1-b087-6768eb9427e6",
    name: "Cortex XSOAR",
    tenant: None,
    secret: None,
    public_client: true,
    graph: NOTHING,
    legacy: Permissions { application: &[], delegated: &["Incident.ReadWrite", "AdvancedHunting.Read"] },
};

/// Every application.
pub const ALL: &[&Application] =
    &[&AUTOMATION, &CORTEX_PAGE, &GRAPH_ONLY, &READER, &EXPIRED, &UNCONSENTED, &CORTEX_APP];

/// The application with this GUID, in any case.
pub fn find(id: &str) -> Option<&'static Application> {
    ALL.iter().find(|application| application.id.eq_ignore_ascii_case(id)).copied()
}
