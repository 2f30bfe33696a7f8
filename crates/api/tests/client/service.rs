//! A scripted API: accepts what a test expects, in order, and notes when it came.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_api::{Client, Endpoint, World};
use defender_xdr_core::auth::{AuthError, CacheKey, Grant, Identity, Provider, TokenManager, TokenRequest};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::ErrorBody;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy};
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{Clock, ManualClock, Secret, Timestamp};
use jiff::SignedDuration;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// Gives `token-1`, `token-2` and so on.
#[derive(Debug)]
pub(crate) struct Numbered {
    given: Arc<AtomicUsize>,
    challenges: Arc<Mutex<Vec<String>>>,
    /// Only a person could answer a challenge.
    wants_a_person: bool,
    clock: Arc<ManualClock>,
}

impl Numbered {
    pub(crate) fn new(clock: Arc<ManualClock>) -> Self {
        Self { given: Arc::default(), challenges: Arc::default(), wants_a_person: false, clock }
    }
}

#[async_trait]
impl Provider for Numbered {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: "https://login.example".into(),
            tenant: "aurora-lab.example".into(),
            application: "numbered".into(),
            flow: "numbered".into(),
            account: None,
            scopes: vec![],
            claims: None,
        }
    }

    async fn acquire(&self, request: &TokenRequest) -> Result<Grant, AuthError> {
        if let Some(claims) = &request.claims {
            self.challenges.lock().expect("whole").push(claims.clone());
            if self.wants_a_person {
                return Err(AuthError::from_entra(ErrorBody {
                    error: "interaction_required".into(),
                    error_description: "AADSTS50076: a second factor is needed.".into(),
                    suberror: Some("basic_action".into()),
                    ..ErrorBody::default()
                }));
            }
        }
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let now = self.clock.now();
        Ok(Grant {
            access_token: Secret::new(format!("token-{number}")),
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at: now.saturating_add(SignedDuration::from_hours(24)).expect("in range"),
            acquired_at: now,
            scope: None,
        })
    }
}

/// One request: method, path with query, token, and the JSON sent.
pub(crate) struct Expected {
    method: &'static str,
    target: String,
    token: &'static str,
    json: Option<Value>,
}

impl Expected {
    pub(crate) fn get(target: &str) -> Self {
        Self { method: "GET", target: target.to_owned(), token: "token-1", json: None }
    }

    pub(crate) fn sends(method: &'static str, target: &str, json: Value) -> Self {
        Self { method, target: target.to_owned(), token: "token-1", json: Some(json) }
    }

    pub(crate) fn with_token(self, token: &'static str) -> Self {
        Self { token, ..self }
    }
}

impl Match for Expected {
    fn matches(&self, request: &Request) -> bool {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let target = format!("{}{query}", request.url.path());
        let json = serde_json::from_slice::<Value>(&request.body).ok();
        let is_graph = target.starts_with("/v1.0/");
        let prefers = header("prefer") == Some("include-unknown-enum-members");
        request.method.as_str() == self.method
            && target == self.target
            && header("authorization") == Some(&format!("Bearer {}", self.token))
            && header("accept") == Some("application/json")
            && prefers == is_graph
            && json == self.json
            && (self.json.is_some() || request.body.is_empty())
            && (self.json.is_none() || header("content-type") == Some("application/json; charset=utf-8"))
    }
}

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

/// The scripted API and a client signed in to it.
pub(crate) struct Service {
    pub(crate) server: MockServer,
    pub(crate) client: Client,
    pub(crate) clock: Arc<ManualClock>,
    tokens: Arc<AtomicUsize>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
    challenges: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// An API that expects nothing yet: any request fails the test.
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_for(backend, Identity::Application, false).await
    }

    /// The same with tokens of somebody; a challenge may want that person.
    pub(crate) async fn start_for(backend: Backend, identity: Identity, wants_a_person: bool) -> Self {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(418).set_body_string("This request was not expected."))
            .with_priority(255)
            .expect(0)
            .mount(&server)
            .await;
        let clock = Arc::new(ManualClock::at(start()));
        let tokens = Arc::new(AtomicUsize::new(0));
        let challenges = Arc::default();
        let provider = Numbered {
            given: Arc::clone(&tokens),
            challenges: Arc::clone(&challenges),
            wants_a_person,
            clock: Arc::clone(&clock),
        };
        let manager = TokenManager::new(Box::new(provider), Arc::new(MemoryVault::default()), clock.clone());
        let world = World {
            http: local_http(),
            clock: clock.clone(),
            retry: RetryPolicy::new(Duration::from_mins(2)),
        };
        let endpoint = Endpoint::new(backend, &server.uri()).expect("a loopback address");
        let client = Client::new(endpoint, Arc::new(manager), identity, world);
        Self { server, client, clock, tokens, moments: Arc::default(), challenges }
    }

    /// The next such request gets this answer.
    pub(crate) async fn answers(&self, expected: Expected, answer: ResponseTemplate) {
        let noting = Noting { clock: Arc::clone(&self.clock), moments: Arc::clone(&self.moments), answer };
        Mock::given(expected).respond_with(noting).up_to_n_times(1).expect(1).mount(&self.server).await;
    }

    /// How many tokens were asked for.
    pub(crate) fn tokens_given(&self) -> usize {
        self.tokens.load(Ordering::SeqCst)
    }

    /// The claims challenges that were passed on, in order.
    pub(crate) fn challenges(&self) -> Vec<String> {
        self.challenges.lock().expect("whole").clone()
    }

    /// Whole seconds between the start of the test and each request.
    pub(crate) fn seconds(&self) -> Vec<i64> {
        let moments = self.moments.lock().expect("whole");
        moments.iter().map(|moment| moment.duration_since(start()).as_secs()).collect()
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

pub(crate) fn local_http() -> HttpClient {
    HttpClient::new(HttpSettings {
        proxy: Proxy::None,
        system_roots: false,
        timeout: Duration::from_secs(20),
        ..HttpSettings::default()
    })
}

pub(crate) fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// Where a backend keeps its incidents.
pub(crate) fn incidents(backend: Backend) -> &'static str {
    match backend {
        Backend::Graph => "/v1.0/security/incidents",
        Backend::Legacy => "/api/incidents",
    }
}
