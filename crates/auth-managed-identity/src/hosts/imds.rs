//! The instance metadata service of virtual machines, scale sets and container instances.
//!
//! Source: "How to use managed identities on an Azure VM to acquire an access token".

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use super::Host;
use super::imds_patience::decide;
use crate::service::{TokenService, metadata_header};
use crate::source::Source;

const BASE: &str = "http://169.254.169.254";
/// Replaces the base, as in Microsoft's own libraries.
const BASE_VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
const PATH: &str = "/metadata/identity/oauth2/token";
const API_VERSION: &str = "2018-02-01";

#[derive(Debug)]
pub(super) struct Imds(TokenService);

impl Imds {
    pub(super) fn new(context: &FlowContext) -> Result<Self, SettingsError> {
        let base = context.secrets.environment.get(BASE_VARIABLE).unwrap_or(BASE);
        let endpoint = format!("{}{PATH}", base.trim().trim_end_matches('/'));
        TokenService::new(context, Source::Imds, BASE_VARIABLE, &endpoint).map(Self)
    }
}

#[async_trait]
impl Host for Imds {
    fn endpoint(&self) -> &str {
        self.0.endpoint()
    }

    fn resource(&self) -> &str {
        self.0.resource()
    }

    async fn token(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let mut call = self.0.question(API_VERSION);
        metadata_header(&mut call);
        let asked = self.0.now();
        let sent = self.0.send_by(call, decide).await?;
        self.0.grant(asked, &sent, &[], false)
    }
}
