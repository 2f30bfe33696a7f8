//! Tokens for tests, without any sign-in.

use jiff::{SignedDuration, Timestamp};

use super::Entra;
use super::access_token::AccessToken;
use super::claims_request::AskedClaims;
use super::client::Authentication;
use crate::caller::Audience;
use crate::directory::managed_identities::ManagedIdentity;
use crate::directory::people::Person;
use crate::directory::registrations::CLOUD_SHELL;
use crate::directory::resources;
use crate::directory::tenants::{self, AURORA};
use crate::directory::{applications, people};

/// Whom a minted access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer<'a> {
    /// The application itself.
    Application,
    /// A person, by sign-in name.
    Person(&'a str),
}

/// Why no token can be minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MintError {
    /// No application has this GUID.
    #[error("no application has this id")]
    UnknownApplication,
    /// Nobody has this sign-in name.
    #[error("nobody here has this sign-in name")]
    UnknownPerson,
    /// No tenant has this GUID or domain.
    #[error("no tenant has this id or domain")]
    UnknownTenant,
    /// The system gave no random numbers to sign with.
    #[error("the system gave no random numbers to sign with")]
    Signing,
}

impl Entra {
    /// An access token with everything consented to the application on that API, as if just issued.
    pub(crate) fn mint(
        &mut self,
        application_id: &str,
        audience: &Audience,
        bearer: Bearer<'_>,
        tenant: Option<&str>,
        now: Timestamp,
    ) -> Result<String, MintError> {
        let application = applications::find(application_id).ok_or(MintError::UnknownApplication)?;
        let tenant = match tenant {
            None => &AURORA,
            Some(name) => tenants::find(name).ok_or(MintError::UnknownTenant)?,
        };
        let resource = match audience {
            Audience::Graph => resources::DEFAULT,
            Audience::Legacy => "https://api.security.microsoft.com",
            Audience::Other(resource) => resource,
        };
        let scopes: Vec<String> =
            application.permissions(audience).delegated.iter().map(|&scope| scope.to_owned()).collect();
        let (person, authentication) = match bearer {
            Bearer::Application => (None, Authentication::Secret),
            Bearer::Person(name) => {
                let person = people::find(name).ok_or(MintError::UnknownPerson)?;
                (Some((person, scopes.as_slice())), Authentication::Public)
            }
        };
        let token = AccessToken {
            application,
            authentication,
            tenant,
            resource,
            person,
            asked: AskedClaims::default(),
            token_id: self.identifiers.token_id(),
            identity: None,
        };
        let claims = token.claims(now, self.behaviour.access_token_lifetime);
        self.key.sign(&claims).map_err(|_| MintError::Signing)
    }

    /// An access token of a managed identity.
    pub(crate) fn mint_for_identity(
        &mut self,
        identity: &'static ManagedIdentity,
        resource: &str,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<String, MintError> {
        let token = AccessToken {
            application: &identity.application,
            authentication: Authentication::Assertion,
            tenant: &AURORA,
            resource,
            person: None,
            asked: AskedClaims::default(),
            token_id: self.identifiers.token_id(),
            identity: Some(identity),
        };
        self.key.sign(&token.claims(now, lifetime)).map_err(|_| MintError::Signing)
    }

    /// An access token of somebody who works in Cloud Shell.
    pub(crate) fn mint_for_shell(
        &mut self,
        person: &'static Person,
        resource: &str,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<String, MintError> {
        let permissions = resources::audience(resource).map(|audience| CLOUD_SHELL.permissions(&audience));
        let scopes: Vec<String> = permissions
            .map(|permissions| permissions.delegated.iter().map(|&scope| scope.to_owned()).collect())
            .unwrap_or_default();
        let token = AccessToken {
            application: &CLOUD_SHELL,
            authentication: Authentication::Public,
            tenant: person.tenant,
            resource,
            person: Some((person, &scopes)),
            asked: AskedClaims::default(),
            token_id: self.identifiers.token_id(),
            identity: None,
        };
        self.key.sign(&token.claims(now, lifetime)).map_err(|_| MintError::Signing)
    }

    /// A fresh GUID, for answers that carry one.
    pub(crate) fn fresh_guid(&mut self) -> String {
        self.identifiers.guid()
    }
}
