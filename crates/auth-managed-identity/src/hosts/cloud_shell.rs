//! Cloud Shell: gives tokens of the person who opened it, for a fixed list of services.

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use super::{Host, required};
use crate::service::{TokenService, metadata_header};
use crate::source::Source;

const ENDPOINT: &str = "MSI_ENDPOINT";

#[derive(Debug)]
pub(super) struct CloudShell(TokenService);

impl CloudShell {
    pub(super) fn new(context: &FlowContext) -> Result<Self, SettingsError> {
        let [endpoint] = required(context, Source::CloudShell, [ENDPOINT])?;
        TokenService::new(context, Source::CloudShell, ENDPOINT, endpoint).map(Self)
    }
}

#[async_trait]
impl Host for CloudShell {
    fn endpoint(&self) -> &str {
        self.0.endpoint()
    }

    fn resource(&self) -> &str {
        self.0.resource()
    }

    async fn token(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let mut call = self.0.form();
        metadata_header(&mut call);
        let asked = self.0.now();
        let sent = self.0.send(call).await?;
        self.0.grant(asked, &sent, &[], false)
    }
}
