//! A whole tenant in the process, and clients signed in to it on either backend.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_api::incidents::{Extent, Incident, IncidentQuery};
use defender_xdr_api::{ApiError, Client, Endpoint, World};
use defender_xdr_core::auth::{AuthError, CacheKey, Grant, Identity, Provider, TokenManager, TokenRequest};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{Body, Call, Method, RetryPolicy, Url};
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{Clock, Secret, Timestamp};
use defender_xdr_emulator::caller::Audience;
use defender_xdr_emulator::directory::applications::{AUTOMATION, Application};
use defender_xdr_emulator::{Bearer, Control, Emulator, LoggedRequest, Options};
use jiff::SignedDuration;
use serde_json::Value;

use crate::service::local_http;

/// The tenant's own clock: who waits moves it.
#[derive(Debug)]
struct TenantClock(Control);

#[async_trait]
impl Clock for TenantClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance_clock(SignedDuration::try_from(duration).expect("in range"));
    }
}

/// Signs an application in without a token endpoint.
#[derive(Debug)]
struct Minted {
    control: Control,
    application: &'static Application,
    backend: Backend,
}

#[async_trait]
impl Provider for Minted {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: "https://login.example".into(),
            tenant: "aurora-lab.example".into(),
            application: self.application.id.into(),
            flow: "minted".into(),
            account: None,
            scopes: vec![self.backend.id().into()],
            claims: None,
        }
    }

    async fn acquire(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let audience = match self.backend {
            Backend::Graph => Audience::Graph,
            Backend::Legacy => Audience::Legacy,
        };
        let token = self.control.access_token(self.application.id, &audience, Bearer::Application);
        let now = self.control.now();
        Ok(Grant {
            access_token: Secret::new(token.expect("a known application")),
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at: now.saturating_add(SignedDuration::from_mins(59)).expect("in range"),
            acquired_at: now,
            scope: None,
        })
    }
}

/// A running tenant.
pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
}

impl Tenant {
    /// A tenant with this many incidents.
    pub(crate) async fn with(incidents: usize) -> Self {
        Self::started(Options { incidents, ..Options::default() }).await
    }

    pub(crate) async fn started(options: Options) -> Self {
        let now = Some("2026-11-22T10:00:00Z".parse().expect("a time"));
        Self { emulator: Emulator::start(Options { now, ..options }).await.expect("a free port") }
    }

    pub(crate) fn control(&self) -> &Control {
        self.emulator.control()
    }

    pub(crate) fn client(&self, backend: Backend) -> Client {
        self.client_of(&AUTOMATION, backend)
    }

    pub(crate) fn client_of(&self, application: &'static Application, backend: Backend) -> Client {
        self.client_with(application, backend, Duration::from_mins(2))
    }

    /// A client that waits no longer than this for everything it does.
    pub(crate) fn client_with(
        &self,
        application: &'static Application,
        backend: Backend,
        patience: Duration,
    ) -> Client {
        let control = self.control();
        let clock = Arc::new(TenantClock(control.clone()));
        let provider = Minted { control: control.clone(), application, backend };
        let tokens = TokenManager::new(Box::new(provider), Arc::new(MemoryVault::default()), clock.clone());
        let retry = RetryPolicy::new(patience);
        let world = World { http: local_http(), clock, retry };
        let endpoint = Endpoint::new(backend, self.emulator.origin()).expect("a loopback address");
        Client::new(endpoint, Arc::new(tokens), Identity::Application, world)
    }

    /// Sets behaviour that only some tenants show.
    pub(crate) async fn switch(&self, options: &Value) {
        let url = format!("{}/_control/defender/options", self.emulator.origin());
        let mut call = Call::get(Url::parse(&url).expect("an address"));
        call.method = Method::POST;
        call.body = Body::Json(serde_json::to_vec(options).expect("JSON"));
        let answer = local_http().send(call).await.expect("an answer");
        assert!(answer.is_success(), "{}", answer.describe());
    }

    /// The API requests since the log was last cleared.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        self.control().requests()
    }

    /// Those with this method.
    pub(crate) fn requests_by(&self, method: &str) -> Vec<LoggedRequest> {
        self.requests().into_iter().filter(|request| request.method == method).collect()
    }
}

/// Every incident of a query.
pub(crate) async fn all(client: &Client, query: &IncidentQuery) -> Result<Vec<Incident>, ApiError> {
    let mut list = client.list_incidents(query);
    let mut found = Vec::new();
    while let Some(listed) = list.next().await? {
        found.push(listed.incident.expect("readable"));
    }
    Ok(found)
}

pub(crate) fn everything() -> IncidentQuery {
    IncidentQuery { extent: Extent::All, ..IncidentQuery::default() }
}

pub(crate) fn ids(incidents: &[Incident]) -> Vec<String> {
    incidents.iter().map(|incident| incident.id().to_owned()).collect()
}

/// The id of some incident that can be changed: active, with an owner or without.
pub(crate) async fn some_active_incident(client: &Client) -> String {
    let query = IncidentQuery { status: vec!["active".into()], ..everything() };
    let found = all(client, &query).await.expect("a list");
    found.first().expect("an active incident").id().to_owned()
}
