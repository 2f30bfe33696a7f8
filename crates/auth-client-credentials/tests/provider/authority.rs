//! A token endpoint that follows a script and accepts exactly the request it expects.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use defender_xdr_auth_client_credentials::ENTRY;
use defender_xdr_core::auth::{AuthError, FlowContext, Provider, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy};
use defender_xdr_core::settings::{SecretResolver, SettingsError, Values};
use defender_xdr_core::store::{MemoryVault, Vault};
use defender_xdr_core::{Environment, ManualClock, Timestamp};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
pub(crate) const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
pub(crate) const SECRET: &str = "planted~secret.1";
pub(crate) const SCOPE: &str = "https://graph.microsoft.com/.default";

/// The one request that fits: every header and the whole form.
struct TokenRequest {
    path: String,
    form: Vec<(String, String)>,
}

impl TokenRequest {
    fn new(tenant: &str, scope: &str, secret: &str) -> Self {
        let mut form: Vec<(String, String)> = [
            ("grant_type", "client_credentials"),
            ("client_id", APPLICATION),
            ("client_secret", secret),
            ("scope", scope),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        form.sort();
        Self { path: format!("/{tenant}/oauth2/v2.0/token"), form }
    }
}

impl Match for TokenRequest {
    fn matches(&self, request: &Request) -> bool {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let mut form: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&request.body).expect("the body is a form");
        form.sort();
        request.method.as_str() == "POST"
            && request.url.path() == self.path
            && request.url.query().is_none()
            && header("content-type") == Some("application/x-www-form-urlencoded")
            && header("accept") == Some("application/json")
            && header("client-request-id").is_some_and(is_guid)
            && header("authorization").is_none()
            && header("cookie").is_none()
            && form == self.form
    }
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Notes when each request came, by the test's clock.
struct Noting {
    clock: Arc<ManualClock>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
    answer: ResponseTemplate,
}

impl Respond for Noting {
    fn respond(&self, _request: &Request) -> ResponseTemplate {
        self.moments.lock().expect("whole").push(defender_xdr_core::Clock::now(self.clock.as_ref()));
        self.answer.clone()
    }
}

/// The endpoint, and the world a provider lives in.
pub(crate) struct Authority {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) vault: Arc<MemoryVault>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
}

impl Authority {
    /// An endpoint that expects nothing yet: any request fails the test.
    pub(crate) async fn start() -> Self {
        Self::start_at(start()).await
    }

    /// The same at another time.
    pub(crate) async fn start_at(now: Timestamp) -> Self {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(500).set_body_string("This request was not expected."))
            .with_priority(255)
            .expect(0)
            .mount(&server)
            .await;
        Self { server, clock: Arc::new(ManualClock::at(now)), vault: Arc::default(), moments: Arc::default() }
    }

    /// The next request, with the usual secret, gets this answer.
    pub(crate) async fn answers(&self, answer: ResponseTemplate) {
        self.answers_to(TENANT, SCOPE, SECRET, answer).await;
    }

    pub(crate) async fn answers_to(&self, tenant: &str, scope: &str, secret: &str, answer: ResponseTemplate) {
        let noting = Noting { clock: Arc::clone(&self.clock), moments: Arc::clone(&self.moments), answer };
        Mock::given(TokenRequest::new(tenant, scope, secret))
            .respond_with(noting)
            .up_to_n_times(1)
            .expect(1)
            .mount(&self.server)
            .await;
    }

    /// Whole seconds between the start of the test and each request.
    pub(crate) fn seconds(&self) -> Vec<i64> {
        let moments = self.moments.lock().expect("whole");
        moments.iter().map(|moment| moment.duration_since(start()).as_secs()).collect()
    }

    pub(crate) fn values(&self) -> Values {
        self.values_with(&[])
    }

    /// The usual settings, some replaced; an empty text leaves one out.
    pub(crate) fn values_with(&self, replaced: &[(&str, &str)]) -> Values {
        let host = self.server.uri();
        let usual = [
            ("tenant-id", TENANT),
            ("application-id", APPLICATION),
            ("client-secret", SECRET),
            ("authority-host", host.as_str()),
        ];
        let kept = usual.iter().filter(|(key, _)| replaced.iter().all(|(other, _)| other != key));
        kept.chain(replaced).copied().collect()
    }

    pub(crate) fn context(&self, values: Values) -> FlowContext {
        self.context_in(Environment::from_iter([("THE_SECRET", SECRET)]), values)
    }

    /// A world with other environment variables.
    pub(crate) fn context_in(&self, environment: Environment, values: Values) -> FlowContext {
        FlowContext {
            entry: &ENTRY,
            values,
            backend: Backend::Graph,
            http: HttpClient::new(HttpSettings {
                proxy: Proxy::None,
                system_roots: false,
                timeout: Duration::from_secs(10),
                ..HttpSettings::default()
            }),
            clock: self.clock.clone(),
            retry: RetryPolicy::new(Duration::from_mins(2)),
            secrets: Arc::new(SecretResolver { environment, vault: self.vault.clone() }),
            authority_identity: None,
        }
    }

    pub(crate) fn provider(&self, values: Values) -> Result<Box<dyn Provider>, SettingsError> {
        (ENTRY.build)(&self.context(values))
    }

    /// A manager over the authority's own vault, so that two of them share a cache.
    pub(crate) fn manager(&self, values: Values) -> TokenManager {
        let provider = self.provider(values).expect("good settings");
        TokenManager::new(provider, Arc::clone(&self.vault) as Arc<dyn Vault>, self.clock.clone())
    }

    /// Why the usual sign-in gives no token.
    pub(crate) async fn refusal(&self) -> AuthError {
        self.manager(self.values()).token().await.expect_err("no token was given")
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

/// A good answer.
pub(crate) fn token(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(
        json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": text }),
    )
}

/// Entra's error.
pub(crate) fn error(status: u16, error: &str, code: u32) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({
        "error": error,
        "error_description": format!("AADSTS{code}: The reason. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-22 10:00:00Z"),
        "error_codes": [code], "timestamp": "2026-11-22 10:00:00Z", "trace_id": "1", "correlation_id": "2",
    }))
}
