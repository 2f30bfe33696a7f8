//! An authority that follows a script and accepts exactly the requests it expects.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use defender_xdr_auth_device_code::DEVICE_CODE;
use defender_xdr_core::auth::{FlowContext, Instruction, Presence, ProviderEntry, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy};
use defender_xdr_core::settings::{SecretResolver, Values};
use defender_xdr_core::store::{MemoryVault, Vault};
use defender_xdr_core::{Clock, Environment, ManualClock, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
pub(crate) const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
pub(crate) const SCOPE: &str = "offline_access https://graph.microsoft.com/.default";
pub(crate) const DEVICE_CODE_VALUE: &str = "planted-device-code";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a request is for.
#[derive(Clone, Copy)]
pub(crate) enum Asks<'a> {
    /// A device code.
    Start,
    /// The token behind the device code.
    Poll,
    /// A new token for this refresh token.
    Renewal(&'a str),
}

/// The one request that fits: every header and the whole form.
struct Expected {
    path: String,
    form: Vec<(String, String)>,
}

impl Expected {
    fn new(asks: Asks<'_>, tenant: &str, application: &str, scope: &str) -> Self {
        let (endpoint, fields): (&str, Vec<(&str, &str)>) = match asks {
            Asks::Start => ("devicecode", vec![("scope", scope)]),
            Asks::Poll => ("token", vec![("grant_type", DEVICE_GRANT), ("device_code", DEVICE_CODE_VALUE)]),
            Asks::Renewal(token) => {
                ("token", vec![("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)])
            }
        };
        let fields = fields.into_iter().chain([("client_id", application)]);
        let mut form: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        form.sort();
        Self { path: format!("/{tenant}/oauth2/v2.0/{endpoint}"), form }
    }
}

impl Match for Expected {
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
        self.moments.lock().expect("whole").push(self.clock.now());
        self.answer.clone()
    }
}

/// The authority, and the world a provider lives in.
pub(crate) struct Authority {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) vault: Arc<MemoryVault>,
    moments: Arc<Mutex<Vec<Timestamp>>>,
}

impl Authority {
    /// An authority that expects nothing yet: any request fails the test.
    pub(crate) async fn start() -> Self {
        Self::on(MockServer::start().await).await
    }

    /// The same on a server of the test's own, which is gone when dropped instead of serving another test.
    pub(crate) async fn that_can_vanish() -> Self {
        Self::on(MockServer::builder().start().await).await
    }

    async fn on(server: MockServer) -> Self {
        Mock::given(any())
            .respond_with(ResponseTemplate::new(500).set_body_string("This request was not expected."))
            .with_priority(255)
            .expect(0)
            .mount(&server)
            .await;
        let clock = Arc::new(ManualClock::at(beginning()));
        Self { server, clock, vault: Arc::default(), moments: Arc::default() }
    }

    /// An authority that has given a device code to be polled every five seconds for fifteen minutes.
    pub(crate) async fn started() -> (Self, TokenManager) {
        let authority = Self::start().await;
        authority.answers(Asks::Start, start_answer(&json!({}))).await;
        let manager = authority.manager(authority.values());
        manager.begin(Presence::Elsewhere).await.expect("started").expect("a person must act");
        (authority, manager)
    }

    /// The next request of this kind gets this answer.
    pub(crate) async fn answers(&self, asks: Asks<'_>, answer: ResponseTemplate) {
        self.answers_to(Expected::new(asks, TENANT, APPLICATION, SCOPE), answer).await;
    }

    /// The same for another tenant, application and scope.
    pub(crate) async fn answers_for(
        &self,
        (tenant, application, scope): (&str, &str, &str),
        asks: Asks<'_>,
        answer: ResponseTemplate,
    ) {
        self.answers_to(Expected::new(asks, tenant, application, scope), answer).await;
    }

    async fn answers_to(&self, expected: Expected, answer: ResponseTemplate) {
        let noting = Noting { clock: Arc::clone(&self.clock), moments: Arc::clone(&self.moments), answer };
        Mock::given(expected).respond_with(noting).up_to_n_times(1).expect(1).mount(&self.server).await;
    }

    /// Whole seconds between the beginning of the test and each request.
    pub(crate) fn seconds(&self) -> Vec<i64> {
        let moments = self.moments.lock().expect("whole");
        moments.iter().map(|moment| moment.duration_since(beginning()).as_secs()).collect()
    }

    pub(crate) fn values(&self) -> Values {
        let host = self.server.uri();
        [("tenant-id", TENANT), ("application-id", APPLICATION), ("authority-host", host.as_str())]
            .into_iter()
            .collect()
    }

    pub(crate) fn context(
        &self,
        entry: &'static ProviderEntry,
        backend: Backend,
        values: Values,
    ) -> FlowContext {
        FlowContext {
            entry,
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
                environment: Environment::default(),
                vault: self.vault.clone(),
            }),
            authority_identity: None,
        }
    }

    /// A manager of the device code flow over the authority's own vault.
    pub(crate) fn manager(&self, values: Values) -> TokenManager {
        self.manager_of(&DEVICE_CODE, Backend::Graph, values)
    }

    pub(crate) fn manager_of(
        &self,
        entry: &'static ProviderEntry,
        backend: Backend,
        values: Values,
    ) -> TokenManager {
        let provider = (entry.build)(&self.context(entry, backend, values)).expect("good settings");
        TokenManager::new(provider, Arc::clone(&self.vault) as Arc<dyn Vault>, self.clock.clone())
    }
}

pub(crate) fn beginning() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

/// A start answer with some members replaced; a null leaves one out.
pub(crate) fn start_answer(replaced: &Value) -> ResponseTemplate {
    let mut body = json!({
        "user_code": "ABCD-EFGH", "device_code": DEVICE_CODE_VALUE,
        "verification_uri": "https://microsoft.com/devicelogin", "expires_in": 900, "interval": 5,
        "message": "To sign in, open the page and enter the code.",
    });
    for (name, value) in replaced.as_object().expect("members") {
        let members = body.as_object_mut().expect("an object");
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    ResponseTemplate::new(200).set_body_json(body)
}

/// A token answer; `refresh` is left out when empty.
pub(crate) fn tokens(access: &str, refresh: &str) -> ResponseTemplate {
    let mut body = json!({
        "token_type": "Bearer", "scope": "SecurityIncident.Read.All", "expires_in": 3599,
        "ext_expires_in": 3599, "access_token": access,
    });
    if !refresh.is_empty() {
        body["refresh_token"] = refresh.into();
    }
    ResponseTemplate::new(200).set_body_json(body)
}

/// Entra's error; code 0 is none.
pub(crate) fn error(status: u16, error: &str, code: u32) -> ResponseTemplate {
    let mut body =
        json!({ "error": error, "error_description": "The reason. Trace ID: 1 Correlation ID: 2" });
    if code > 0 {
        body["error_codes"] = json!([code]);
        body["error_description"] = format!("AADSTS{code}: The reason. Trace ID: 1 Correlation ID: 2").into();
    }
    ResponseTemplate::new(status).set_body_json(body)
}

pub(crate) fn pending() -> ResponseTemplate {
    error(400, "authorization_pending", 70016)
}

/// What a person is shown.
pub(crate) fn shown(instruction: Instruction) -> (String, String, Timestamp, Option<String>) {
    match instruction {
        Instruction::DeviceCode { verification_uri, user_code, expires_at, message, .. } => {
            (verification_uri, user_code, expires_at, message)
        }
        other => panic!("a device code shows a page and a code, not {other:?}"),
    }
}
