//! The application registrations and what an administrator consented to for each.

use serde::{Deserialize, Serialize};

use super::managed_identities;
use super::registrations::CLOUD_SHELL;
use super::tenants::Tenant;
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

pub(super) const NOTHING: Permissions = Permissions { application: &[], delegated: &[] };

/// What kind of application is behind a redirect URI: the "platform" of the registration. It decides how a code sent
/// there is redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// A server: redeems with its secret or an assertion.
    Web,
    /// "Mobile and desktop": redeems without any credential.
    PublicClient,
    /// A page in a browser: redeems across origins, with PKCE, and gets refresh tokens of 24 hours.
    Spa,
}

/// A registered redirect URI.
#[derive(Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The kind of application.
    pub platform: Platform,
    /// The URI as registered.
    pub uri: &'static str,
}

/// Trust in the tokens of an issuer outside: a federated credential.
/// <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>
#[derive(Debug, PartialEq, Eq)]
pub struct Federation {
    /// One of the emulator's own issuers, by name: its URL ends with `/_federation/{name}`.
    pub issuer: &'static str,
    /// The `sub` expected.
    pub subject: &'static str,
    /// The `aud` expected.
    pub audience: &'static str,
}

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
    /// Registered redirect URIs.
    pub redirects: &'static [Redirect],
    /// Issuers whose tokens it may sign in with.
    pub federations: &'static [Federation],
    /// Delegated permissions of Microsoft Graph that the registration asks for and nobody consented to yet.
    pub graph_awaited: &'static [&'static str],
    /// The same for the legacy API.
    pub legacy_awaited: &'static [&'static str],
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

    /// What the registration asks for beyond that.
    pub fn awaited(&self, audience: &Audience) -> &'static [&'static str] {
        match audience {
            Audience::Graph => self.graph_awaited,
            Audience::Legacy => self.legacy_awaited,
            Audience::Other(_) => &[],
        }
    }
}

pub use super::registrations::{
    AUTOMATION, BOARD, CERTIFICATE, CORTEX_APP, CORTEX_PAGE, DESKTOP, EXPIRED, GRAPH_ONLY, NEWCOMER, PORTAL,
    READER, UNCONSENTED, WORKLOAD,
};

/// Every application.
pub const ALL: &[&Application] = &[
    &AUTOMATION,
    &CORTEX_PAGE,
    &GRAPH_ONLY,
    &READER,
    &EXPIRED,
    &UNCONSENTED,
    &CORTEX_APP,
    &DESKTOP,
    &PORTAL,
    &BOARD,
    &NEWCOMER,
    &CERTIFICATE,
    &WORKLOAD,
];

/// The application or managed identity a token was made for.
pub(crate) fn of_token(id: &str) -> Option<&'static Application> {
    let identities = managed_identities::ALL.iter().map(|identity| &identity.application);
    find(id).or_else(|| identities.chain([&CLOUD_SHELL]).find(|application| application.id == id))
}

/// The application with this GUID, in any case.
pub fn find(id: &str) -> Option<&'static Application> {
    ALL.iter().find(|application| application.id.eq_ignore_ascii_case(id)).copied()
}
