//! An authority that accepts exactly the requests it expects, and the page's address taken apart.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use defender_xdr_auth_auth_code::ENTRY;
use defender_xdr_core::auth::{FlowContext, Instruction, Presence, Provider, Started, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy, Url};
use defender_xdr_core::settings::{SecretResolver, Values};
use defender_xdr_core::store::{MemoryVault, Vault};
use defender_xdr_core::{Environment, ManualClock, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, ResponseTemplate};

pub(crate) const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
pub(crate) const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
pub(crate) const SCOPE: &str = "offline_access https://graph.microsoft.com/.default";
pub(crate) const PASTED_TO: &str = "https://localhost/myapp";

/// The one request that fits: every header and the whole form.
pub(crate) struct Expected {
    form: Vec<(String, String)>,
}

impl Expected {
    /// A form with the application's id and these fields.
    pub(crate) fn form(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().chain([&("client_id", APPLICATION)]);
        let mut form: Vec<_> =
            fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        form.sort();
        Self { form }
    }

    /// The redemption of a code that was asked for elsewhere.
    pub(crate) fn bare_code(code: &str) -> Self {
        Self::form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", PASTED_TO),
            ("scope", SCOPE),
        ])
    }

    /// The redemption of a refresh token.
    pub(crate) fn renewal(token: &str) -> Self {
        Self::form(&[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", SCOPE)])
    }
}

impl Match for Expected {
    fn matches(&self, request: &Request) -> bool {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        request.method.as_str() == "POST"
            && request.url.path() == format!("/{TENANT}/oauth2/v2.0/token")
            && request.url.query().is_none()
            && header("content-type") == Some("application/x-www-form-urlencoded")
            && header("accept") == Some("application/json")
            // With one, Entra takes the client for a web page (AADSTS9002326).
            && header("origin").is_none()
            && header("authorization").is_none()
            && form_of(request) == self.form
    }
}

fn form_of(request: &Request) -> Vec<(String, String)> {
    let mut form: Vec<_> = serde_urlencoded::from_bytes(&request.body).expect("the body is a form");
    form.sort();
    form
}

/// The authority, and the world a provider lives in.
pub(crate) struct Authority {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) vault: Arc<MemoryVault>,
}

impl Authority {
    /// An authority that expects nothing yet: any request fails the test.
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(500).set_body_string("This request was not expected."))
            .with_priority(255)
            .expect(0)
            .mount(&server)
            .await;
        Self { server, clock: Arc::new(ManualClock::at(beginning())), vault: Arc::default() }
    }

    /// The next request like this gets this answer, and comes once.
    pub(crate) async fn answers(&self, expected: Expected, answer: ResponseTemplate) {
        Mock::given(expected).respond_with(answer).up_to_n_times(1).expect(1).mount(&self.server).await;
    }

    /// The next request, whatever it is, gets this answer: [`Authority::last_form`] tells what it was.
    pub(crate) async fn answers_anything(&self, answer: ResponseTemplate) {
        Mock::given(any()).respond_with(answer).up_to_n_times(1).expect(1).mount(&self.server).await;
    }

    /// The form of the last request.
    pub(crate) async fn last_form(&self) -> BTreeMap<String, String> {
        let requests = self.server.received_requests().await.expect("recorded");
        form_of(requests.last().expect("a request")).into_iter().collect()
    }

    pub(crate) async fn requests(&self) -> usize {
        self.server.received_requests().await.expect("recorded").len()
    }

    /// The settings of a public client, and more.
    pub(crate) fn values(&self, more: &[(&str, &str)]) -> Values {
        let host = self.server.uri();
        let basic =
            [("tenant-id", TENANT), ("application-id", APPLICATION), ("authority-host", host.as_str())];
        basic.into_iter().chain(more.iter().copied()).collect()
    }

    pub(crate) fn context(&self, backend: Backend, values: Values) -> FlowContext {
        FlowContext {
            entry: &ENTRY,
            values,
            backend,
            http: HttpClient::new(HttpSettings {
                proxy: Proxy::None,
                system_roots: false,
                timeout: Duration::from_secs(10),
                ..HttpSettings::default()
            }),
            clock: self.clock.clone(),
            retry: RetryPolicy::new(Duration::from_mins(2)),
            secrets: Arc::new(SecretResolver {
                environment: Environment::from_iter([("CODE", "from-env")]),
                vault: self.vault.clone(),
            }),
            authority_identity: None,
        }
    }

    pub(crate) fn provider(&self, more: &[(&str, &str)]) -> Box<dyn Provider> {
        (ENTRY.build)(&self.context(Backend::Graph, self.values(more))).expect("good settings")
    }

    /// A manager over the authority's own vault.
    pub(crate) fn manager(&self, more: &[(&str, &str)]) -> TokenManager {
        self.manager_of(Backend::Graph, self.values(more))
    }

    pub(crate) fn manager_of(&self, backend: Backend, values: Values) -> TokenManager {
        let provider = (ENTRY.build)(&self.context(backend, values)).expect("good settings");
        TokenManager::new(provider, Arc::clone(&self.vault) as Arc<dyn Vault>, self.clock.clone())
    }
}

/// The parameters of the page that a start leads to.
pub(crate) struct Page {
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) url: String,
    pub(crate) browser_url: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) expires_at: Timestamp,
}

impl Page {
    pub(crate) fn of(instruction: &Instruction) -> Self {
        let Instruction::Authorize { authorize_url, browser_url, redirect_uri, expires_at } = instruction
        else {
            panic!("a page, not {instruction:?}")
        };
        let url = Url::parse(authorize_url).expect("an address");
        let pairs: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let parameters: BTreeMap<_, _> = pairs.iter().cloned().collect();
        let by_form = authorize_url.replace("response_mode=query", "response_mode=form_post");
        assert!(browser_url.as_ref().is_none_or(|url| *url == by_form), "the same but for the way to answer");
        assert_eq!(pairs.len(), parameters.len(), "no parameter twice");
        Self {
            parameters,
            url: authorize_url.clone(),
            browser_url: browser_url.clone(),
            redirect_uri: redirect_uri.clone(),
            expires_at: *expires_at,
        }
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

/// Starts a sign-in whose code a person brings.
pub(crate) async fn start_elsewhere(manager: &TokenManager) -> Page {
    let started = started(manager, Presence::Elsewhere).await;
    assert!(started.reception.is_none(), "nobody waits");
    Page::of(&started.instruction)
}

pub(crate) async fn started(manager: &TokenManager, presence: Presence) -> Started {
    manager.begin(presence).await.expect("started").expect("a person must act")
}

pub(crate) fn beginning() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

/// A token answer with more members.
pub(crate) fn tokens_with(access: &str, more: &Value) -> ResponseTemplate {
    let mut body = json!({
        "token_type": "Bearer", "scope": "SecurityIncident.Read.All", "expires_in": 3599,
        "ext_expires_in": 3599, "access_token": access,
    });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    ResponseTemplate::new(200).set_body_json(body)
}

/// A token answer; `refresh` is left out when empty.
pub(crate) fn tokens(access: &str, refresh: &str) -> ResponseTemplate {
    let more = if refresh.is_empty() { json!({}) } else { json!({ "refresh_token": refresh }) };
    tokens_with(access, &more)
}

/// Entra's error.
pub(crate) fn error(status: u16, error: &str, code: u32) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({
        "error": error, "error_codes": [code],
        "error_description": format!("AADSTS{code}: The reason. Trace ID: 1 Correlation ID: 2"),
    }))
}
