//! Azure Machine Learning and older App Service: the protocol of 2017-09-01, which writes dates as text.
//!
//! Azure Machine Learning's use of it has no public page; this follows what Microsoft's own libraries agree on.

use async_trait::async_trait;
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use super::{Host, required};
use crate::service::{TokenService, secret_header};
use crate::source::Source;

const ENDPOINT: &str = "MSI_ENDPOINT";
const SECRET: &str = "MSI_SECRET";
/// The identity of the compute, where Azure Machine Learning names one.
const DEFAULT_IDENTITY: &str = "DEFAULT_IDENTITY_CLIENT_ID";
const API_VERSION: &str = "2017-09-01";

#[derive(Debug)]
pub(super) struct MachineLearning(TokenService);

impl MachineLearning {
    pub(super) fn new(context: &FlowContext) -> Result<Self, SettingsError> {
        let [endpoint, _] = required(context, Source::MachineLearning, [ENDPOINT, SECRET])?;
        let default = context.secrets.environment.get(DEFAULT_IDENTITY).map(|id| ("clientid", id.to_owned()));
        let service = TokenService::new(context, Source::MachineLearning, ENDPOINT, endpoint)?;
        Ok(Self(service.defaulting_to(default)))
    }
}

#[async_trait]
impl Host for MachineLearning {
    fn endpoint(&self) -> &str {
        self.0.endpoint()
    }

    fn resource(&self) -> &str {
        self.0.resource()
    }

    async fn token(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let proof = self.0.variable(SECRET)?;
        let mut call = self.0.question(API_VERSION);
        secret_header(&mut call, "secret", &proof, SECRET)?;
        let asked = self.0.now();
        let sent = self.0.send(call).await?;
        self.0.grant(asked, &sent, &[proof.expose()], false)
    }
}
