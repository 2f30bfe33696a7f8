//! Machines elsewhere that Azure Arc connects: the agent asks for a key that only its group can read.
//!
//! Source: "Authenticate against Azure resources with Azure Arc-enabled servers".

use std::path::PathBuf;

use async_trait::async_trait;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext, Grant, TokenRequest};
use defender_xdr_core::settings::SettingsError;

use super::Host;
use super::arc_key::{key_file, read_key};
use crate::service::{TokenService, metadata_header, secret_header};
use crate::source::Source;

/// Where the agent listens when no variable says so.
const ENDPOINT: &str = "http://localhost:40342/metadata/identity/oauth2/token";
const ENDPOINT_VARIABLE: &str = "IDENTITY_ENDPOINT";
const API_VERSION: &str = "2020-06-01";

#[derive(Debug)]
pub(super) struct ArcAgent {
    service: TokenService,
    /// Where the agent lays its keys; `None` on systems where that is not known.
    keys: Option<PathBuf>,
}

impl ArcAgent {
    pub(super) fn new(context: &FlowContext, keys: Option<PathBuf>) -> Result<Self, SettingsError> {
        let environment = &context.secrets.environment;
        // App Service has the same variable; only with the second one is it the agent's.
        let endpoint = environment
            .get("IMDS_ENDPOINT")
            .and_then(|_| environment.get(ENDPOINT_VARIABLE))
            .unwrap_or(ENDPOINT);
        Ok(Self { service: TokenService::new(context, Source::Arc, ENDPOINT_VARIABLE, endpoint)?, keys })
    }

    /// The key that the agent's challenge names.
    async fn challenged(&self) -> Result<Secret, AuthError> {
        let Some(directory) = &self.keys else {
            return Err(AuthError::new(
                AuthErrorKind::Setup,
                "managed identities of Azure Arc are supported on Linux only",
            ));
        };
        let mut call = self.service.question(API_VERSION);
        metadata_header(&mut call);
        let sent = self.service.send(call).await?;
        if sent.0.status != 401 {
            return Err(self.service.refusal(&sent, &[]));
        }
        read_key(key_file(sent.0.header("www-authenticate"), directory)?).await
    }
}

#[async_trait]
impl Host for ArcAgent {
    fn endpoint(&self) -> &str {
        self.service.endpoint()
    }

    fn resource(&self) -> &str {
        self.service.resource()
    }

    async fn token(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let key = self.challenged().await?;
        let mut call = self.service.question(API_VERSION);
        metadata_header(&mut call);
        // The key as it stands in the file: not a user name and password in base64.
        let proof = Secret::new(format!("Basic {}", key.expose()));
        secret_header(&mut call, "authorization", &proof, "the key file of the Azure Arc agent")?;
        let asked = self.service.now();
        let sent = self.service.send(call).await?;
        // Older agents ignore the id and give the machine's own token.
        self.service.grant(asked, &sent, &[key.expose()], true)
    }
}
