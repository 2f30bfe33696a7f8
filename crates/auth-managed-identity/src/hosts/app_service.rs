//! App Service, Functions, Container Apps and Automation: the protocol of 2019-08-01.
//!
//! Source: "How to use managed identities for App Service and Azure Functions", REST endpoint reference.

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use super::{Host, required};
use crate::service::{TokenService, metadata_header, secret_header};
use crate::source::Source;

const ENDPOINT: &str = "IDENTITY_ENDPOINT";
/// Changes while the app runs: read for each question.
const HEADER: &str = "IDENTITY_HEADER";
const API_VERSION: &str = "2019-08-01";

#[derive(Debug)]
pub(super) struct AppService(TokenService);

impl AppService {
    pub(super) fn new(context: &FlowContext) -> Result<Self, SettingsError> {
        let [endpoint, _] = required(context, Source::AppService, [ENDPOINT, HEADER])?;
        TokenService::new(context, Source::AppService, ENDPOINT, endpoint).map(Self)
    }
}

#[async_trait]
impl Host for AppService {
    fn endpoint(&self) -> &str {
        self.0.endpoint()
    }

    fn resource(&self) -> &str {
        self.0.resource()
    }

    async fn token(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let proof = self.0.variable(HEADER)?;
        let mut call = self.0.question(API_VERSION);
        secret_header(&mut call, "x-identity-header", &proof, HEADER)?;
        // Automation asks for it; the others do not mind.
        metadata_header(&mut call);
        let asked = self.0.now();
        let sent = self.0.send(call).await?;
        self.0.grant(asked, &sent, &[proof.expose()], false)
    }
}
