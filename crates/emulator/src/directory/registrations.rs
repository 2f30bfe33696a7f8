//! The registrations this directory starts with: one or more for every way to sign in.

use super::applications::{Application, Federation, NOTHING, Permissions, Platform, Redirect, Secret};
use super::tenants::AURORA;

/// The audience of tokens that are exchanged for ours, in the public cloud.
const TOKEN_EXCHANGE: &str = "api://AzureADTokenExchange";

/// Where Cortex sends people: nothing listens there, they copy the address.
const MY_APP: Redirect = Redirect { platform: Platform::Web, uri: "https://localhost/myapp" };

/// Where a program on the person's own machine listens, on any port.
const LOCALHOST: Redirect = Redirect { platform: Platform::PublicClient, uri: "http://localhost" };

/// A registration without anything.
pub(super) const BASE: Application = Application {
    id: "",
    name: "",
    tenant: Some(&AURORA),
    secret: None,
    public_client: false,
    graph: NOTHING,
    legacy: NOTHING,
    redirects: &[],
    federations: &[],
    graph_awaited: &[],
    legacy_awaited: &[],
};

pub(super) const FULL_LEGACY: Permissions = Permissions {
    application: &["Incident.ReadWrite.All", "AdvancedHunting.Read.All"],
    delegated: &["Incident.ReadWrite", "AdvancedHunting.Read"],
};

pub(super) const FULL_GRAPH: Permissions = Permissions {
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
    redirects: &[MY_APP, LOCALHOST],
    ..BASE
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
    redirects: &[MY_APP],
    ..BASE
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
    ..BASE
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
    ..BASE
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
    ..BASE
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
    redirects: &[LOCALHOST],
    ..BASE
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
    ..BASE
};

/// A program on a person's machine: public, with a browser.
pub const DESKTOP: Application = Application {
    id: "4e7b92d6-1a3f-4c58-b06d-9f2c8e5a7d31",
    name: "Aurora Desktop",
    public_client: true,
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    redirects: &[
        LOCALHOST,
        Redirect {
            platform: Platform::PublicClient,
            uri: "https://login.microsoftonline.com/common/oauth2/nativeclient",
        },
    ],
    ..BASE
};

/// A server that people sign in to: it has a secret.
pub const PORTAL: Application = Application {
    id: "7d15c0ae-8f42-4b6e-93d7-2c9a6b1e4f80",
    name: "Aurora Portal",
    secret: Some(Secret { value: "por~Q7.demo-secret-not-real_x7", expired: false }),
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    redirects: &[MY_APP, Redirect { platform: Platform::Web, uri: "http://localhost/portal" }],
    ..BASE
};

/// A page that runs in the browser alone.
pub const BOARD: Application = Application {
    id: "c61e8d3b-5a97-4f04-8b2e-0d7f9a3c6e52",
    name: "Aurora Board",
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    redirects: &[Redirect { platform: Platform::Spa, uri: "http://localhost/board" }],
    public_client: true,
    ..BASE
};

/// Public, registered with wishes that nobody has granted yet.
pub const NEWCOMER: Application = Application {
    id: "29f4a7b8-6c0d-4e93-a5f1-8b3d7e2c9054",
    name: "Aurora Newcomer",
    public_client: true,
    redirects: &[LOCALHOST],
    graph_awaited: &["User.Read", "SecurityIncident.Read.All"],
    legacy_awaited: &["Incident.Read"],
    ..BASE
};

/// Signs in with a certificate, once one is registered.
pub const CERTIFICATE: Application = Application {
    id: "b80d5f1e-3c76-49a2-8e4b-7a1f6d9c2035",
    name: "Aurora Night Job",
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    redirects: &[MY_APP],
    ..BASE
};

/// Signs in with tokens of a cluster or of a build.
pub const WORKLOAD: Application = Application {
    id: "f3926e0c-d4b1-4875-9a6e-5c8f1b7d3e49",
    name: "Aurora Workload",
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    federations: &[
        Federation {
            issuer: "kubernetes",
            subject: "system:serviceaccount:soar:defender-xdr",
            audience: TOKEN_EXCHANGE,
        },
        Federation {
            issuer: "github",
            subject: "repo:aurora-lab/playbooks:ref:refs/heads/main",
            audience: TOKEN_EXCHANGE,
        },
    ],
    ..BASE
};

/// The shell in the portal: people use it as themselves.
pub(crate) const CLOUD_SHELL: Application = Application {
    id: "b677c290-cf4b-4a8e-a60e-91ba650a4abe",
    name: "Cloud Shell",
    tenant: None,
    graph: FULL_GRAPH,
    legacy: FULL_LEGACY,
    ..BASE
};
