//! GitHub Actions: a running job may ask GitHub for a token about itself ("`OpenID` Connect" in GitHub's documentation).

use std::sync::Arc;

use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext};
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::http::{
    Call, HeaderName, HeaderValue, HttpClient, Repeatable, RetryPolicy, Url, send,
};
use defender_xdr_core::settings::SettingsError;
use defender_xdr_core::{Clock, Secret};
use serde::Deserialize;

use super::KEY;

/// The value of `federated-token` that chooses it.
pub(super) const WORD: &str = "github-actions";

const REQUEST_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const REQUEST_TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
const PERMISSION: &str = "give the job `permissions: id-token: write`";

/// Asks GitHub.
#[derive(Debug)]
pub(super) struct GitHubActions {
    /// With the audience.
    url: Url,
    bearer: Secret,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
}

/// GitHub's answer. No `Debug`: it is the token.
#[derive(Deserialize)]
struct Reply {
    value: String,
}

impl GitHubActions {
    pub(super) fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let environment = &context.secrets.environment;
        let fail = |problem: &str| {
            let error =
                SettingsError::new(format!("`{KEY}` is `{WORD}`, and {problem}")).with_hint(PERMISSION);
            context.values.blame(KEY, error)
        };
        let variable = |name: &str| environment.get(name).ok_or_else(|| fail(&format!("{name} is not set")));
        let mut url =
            Url::parse(variable(REQUEST_URL)?).map_err(|_| fail(&format!("{REQUEST_URL} is no address")))?;
        url.query_pairs_mut().append_pair("audience", audience(context.cloud()?));
        Ok(Self {
            url,
            bearer: Secret::new(variable(REQUEST_TOKEN)?),
            http: context.http.clone(),
            clock: Arc::clone(&context.clock),
            retry: context.retry.clone(),
        })
    }

    /// A new token.
    pub(super) async fn fetch(&self) -> Result<Secret, AuthError> {
        let setup = |message: String| {
            AuthError::new(AuthErrorKind::Setup, message).with_hint(PERMISSION).with_setting(KEY)
        };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", self.bearer.expose()))
            .map_err(|_| setup(format!("{REQUEST_TOKEN} cannot stand in a header")))?;
        bearer.set_sensitive(true);
        let mut call = Call::get(self.url.clone());
        call.headers.insert(HeaderName::from_static("authorization"), bearer);
        let (result, _) = send(&self.http, self.clock.as_ref(), &self.retry, Repeatable::Yes, call).await;
        let answer = result.map_err(|error| AuthError::from_http(&error, "ask GitHub for a token"))?;
        if answer.is_success() {
            return serde_json::from_slice::<Reply>(&answer.body)
                .map(|reply| Secret::new(reply.value))
                .map_err(|_| setup("GitHub answered without a token".to_owned()));
        }
        let message = format!("GitHub gave no token: {}", answer.describe());
        Err(if answer.status >= 500 || answer.status == 429 {
            AuthError::new(AuthErrorKind::Unavailable, message).with_hint("try again later")
        } else {
            setup(message)
        })
    }

    /// The job: each answer is another token of the same credential.
    pub(super) fn fingerprint(&self) -> String {
        Secret::new(format!("{} {}", self.url, self.bearer.expose())).fingerprint()
    }
}

/// The audience that federated credentials of a cloud expect ("Workload identity federation", considerations).
fn audience(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::GccHigh | Cloud::Dod => "api://AzureADTokenExchangeUSGov",
        Cloud::China => "api://AzureADTokenExchangeChina",
        _ => "api://AzureADTokenExchange",
    }
}
