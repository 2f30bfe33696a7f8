//! A host that follows a script and accepts exactly the questions it expects, and the world a provider lives in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use defender_xdr_auth_managed_identity::{ENTRY, ManagedIdentityProvider};
use defender_xdr_core::auth::{AuthError, FlowContext, Grant, Provider, TokenManager, TokenRequest};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy};
use defender_xdr_core::settings::{SecretResolver, SettingsError};
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{Clock, Environment, ManualClock, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const RESOURCE: &str = "https://graph.microsoft.com/";
pub(crate) const CLIENT: &str = "b7e0c5d1-2f3a-4c6b-8d9e-0a1b2c3d4e5f";
pub(crate) const OBJECT: &str = "c8f1d6e2-3a4b-4d7c-9e0f-1b2c3d4e5f60";
pub(crate) const RESOURCE_ID: &str = "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/Responder";

/// The one question that fits: method, path, the whole query and form, headers that must and must not be there.
#[derive(Clone)]
pub(crate) struct Question {
    method: &'static str,
    path: &'static str,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    pairs.sort();
    pairs
}

impl Question {
    pub(crate) fn get(path: &'static str, query: &[(&str, &str)]) -> Self {
        Self { method: "GET", path, query: owned(query), form: Vec::new(), headers: Vec::new() }
    }

    pub(crate) fn post(path: &'static str, form: &[(&str, &str)]) -> Self {
        Self { method: "POST", path, query: Vec::new(), form: owned(form), headers: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Headers that carry a proof, or that hosts refuse.
const TELLING: [&str; 6] =
    ["authorization", "cookie", "metadata", "secret", "x-forwarded-for", "x-identity-header"];

impl Match for Question {
    fn matches(&self, request: &Request) -> bool {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let mut query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        query.sort();
        let mut form: Vec<(String, String)> = serde_urlencoded::from_bytes(&request.body).unwrap_or_default();
        form.sort();
        let expected = |name: &str| {
            self.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
        };
        request.method.as_str() == self.method
            && request.url.path() == self.path
            && query == self.query
            && form == self.form
            && (self.method == "POST" || request.body.is_empty())
            && TELLING.into_iter().all(|name| header(name) == expected(name))
    }
}

/// Notes when each question came, by the test's clock.
struct Noting {
    clock: Arc<ManualClock>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
    answer: ResponseTemplate,
}

impl Respond for Noting {
    fn respond(&self, _request: &Request) -> ResponseTemplate {
        self.moments.lock().expect("whole").push(self.clock.now());
        self.answer.clone()
    }
}

/// The host, and the world a provider lives in.
pub(crate) struct Stage {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) keys: tempfile::TempDir,
    pub(crate) proxy: Proxy,
    pub(crate) backend: Backend,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) values: Vec<(&'static str, String)>,
    vault: Arc<MemoryVault>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
}

impl Stage {
    /// A host that expects nothing yet: any request fails the test.
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(418).set_body_string("This request was not expected."))
            .with_priority(255)
            .expect(0)
            .mount(&server)
            .await;
        Self {
            server,
            clock: Arc::new(ManualClock::at(start())),
            keys: tempfile::tempdir().expect("a directory"),
            proxy: Proxy::None,
            backend: Backend::Graph,
            variables: Vec::new(),
            values: Vec::new(),
            vault: Arc::default(),
            moments: Arc::default(),
        }
    }

    /// An address of the host.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    pub(crate) fn with_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// The same with one of its own addresses in a variable.
    pub(crate) fn with_address(self, name: &'static str, path: &str) -> Self {
        let address = self.at(path);
        self.with_variable(name, address)
    }

    pub(crate) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.values.push((key, value.into()));
        self
    }

    /// The next question of this kind gets this answer.
    pub(crate) async fn answers(&self, question: &Question, answer: ResponseTemplate) {
        let noting = Noting { clock: Arc::clone(&self.clock), moments: Arc::clone(&self.moments), answer };
        Mock::given(question.clone())
            .respond_with(noting)
            .up_to_n_times(1)
            .expect(1)
            .mount(&self.server)
            .await;
    }

    /// Whole seconds between the start of the test and each question.
    pub(crate) fn seconds(&self) -> Vec<i64> {
        let moments = self.moments.lock().expect("whole");
        moments.iter().map(|moment| moment.duration_since(start()).as_secs()).collect()
    }

    pub(crate) fn context(&self) -> FlowContext {
        FlowContext {
            entry: &ENTRY,
            values: self.values.iter().map(|(key, value)| (*key, value.as_str())).collect(),
            backend: self.backend,
            http: HttpClient::new(HttpSettings {
                proxy: self.proxy.clone(),
                system_roots: false,
                timeout: Duration::from_secs(10),
                ..HttpSettings::default()
            }),
            clock: self.clock.clone(),
            retry: RetryPolicy::new(Duration::from_mins(2)),
            secrets: Arc::new(SecretResolver {
                environment: self.variables.iter().cloned().collect::<Environment>(),
                vault: self.vault.clone(),
            }),
            authority_identity: None,
        }
    }

    pub(crate) fn provider(&self) -> Result<ManagedIdentityProvider, SettingsError> {
        ManagedIdentityProvider::with_arc_keys_in(&self.context(), self.keys.path())
    }

    pub(crate) async fn acquire(&self) -> Result<Grant, AuthError> {
        self.provider().expect("good settings").acquire(&TokenRequest::default()).await
    }

    /// The text of the token that comes.
    pub(crate) async fn token(&self) -> String {
        self.acquire().await.expect("a token").access_token.expose().to_owned()
    }

    /// Why no token comes.
    pub(crate) async fn refusal(&self) -> AuthError {
        self.acquire().await.expect_err("no token was given")
    }

    /// Why no provider can be built.
    pub(crate) fn unusable(&self) -> SettingsError {
        self.provider().expect_err("these settings cannot be used")
    }

    pub(crate) fn manager(&self) -> TokenManager {
        let provider = Box::new(self.provider().expect("good settings"));
        TokenManager::new(provider, self.vault.clone(), self.clock.clone())
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

/// A good answer as the metadata service writes it, with further members.
pub(crate) fn token_with(more: &Value) -> ResponseTemplate {
    let mut body = json!({
        "access_token": "at-1", "refresh_token": "", "expires_in": "86399", "expires_on": "1795435199",
        "not_before": "1795348500", "resource": RESOURCE, "token_type": "Bearer"
    });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn token() -> ResponseTemplate {
    token_with(&json!({}))
}

pub(crate) fn says(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// The three ids, each under its settings key.
pub(crate) const IDS: [(&str, &str); 3] = [
    ("managed-identity-client-id", CLIENT),
    ("managed-identity-object-id", OBJECT),
    ("managed-identity-resource-id", RESOURCE_ID),
];
