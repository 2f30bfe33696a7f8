//! A service whose incidents are published late, share instants, change and merge between two requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_api::{Client, Endpoint, World};
use defender_xdr_core::auth::{AuthError, CacheKey, Grant, Identity, Provider, TokenManager, TokenRequest};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::{HttpClient, HttpSettings, Proxy, RetryPolicy};
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{Clock, ManualClock, Secret, Timestamp};
use jiff::SignedDuration;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// `SplitMix64`: the same numbers for the same seed, everywhere.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// No answer in any time.
    Hangs,
    /// Status 500.
    Fails,
}

#[derive(Debug, Clone, Copy)]
struct Incident {
    updated: Timestamp,
    merged: bool,
}

#[derive(Debug)]
pub(crate) struct Facts {
    backend: Backend,
    /// Things happen between two requests.
    pub(crate) changes: bool,
    published: BTreeMap<(Timestamp, u64), Incident>,
    /// Held back for so many requests.
    held_back: Vec<(u32, Timestamp, u64)>,
    next: u64,
    now: Timestamp,
    /// In ticks of the service's clock.
    longest_step: u64,
    clock: Arc<ManualClock>,
    random: Random,
    /// Requests since the last fetch began, and which of them goes wrong.
    pub(crate) requests: usize,
    pub(crate) fate: Option<(usize, Fate)>,
}

impl Facts {
    /// Ids in the order of creation.
    pub(crate) fn visible(&self) -> Vec<u64> {
        self.published.keys().map(|(_, id)| *id).collect()
    }

    pub(crate) fn created(&self, id: u64) -> Timestamp {
        let found = self.published.keys().find(|(_, other)| *other == id);
        found.expect("published").0
    }

    /// Everything that is held back is published.
    pub(crate) fn publish_all(&mut self) {
        for (_, created, id) in std::mem::take(&mut self.held_back) {
            self.published.insert((created, id), Incident { updated: self.now, merged: false });
        }
    }

    /// All at once.
    pub(crate) fn touch_all(&mut self) {
        self.tick();
        let now = self.now;
        self.published.values_mut().for_each(|incident| incident.updated = now);
    }

    /// So many incidents, so far apart.
    pub(crate) fn burst(&mut self, count: usize, apart: SignedDuration) {
        for _ in 0..count {
            self.now = self.now.saturating_add(apart).expect("in range");
            self.published.insert((self.now, self.next), Incident { updated: self.now, merged: false });
            self.next += 1;
        }
        self.clock.set(self.now);
    }

    fn tick(&mut self) {
        let step = i64::try_from(self.random.below(self.longest_step)).expect("small");
        self.now = self.now.saturating_add(SignedDuration::from_nanos(step * 100)).expect("in range");
        self.clock.set(self.now);
    }

    fn create(&mut self) {
        // Several in one instant are common: one detection, many machines.
        if !self.random.chance(30) {
            self.tick();
        }
        let (id, created) = (self.next, self.now);
        self.next += 1 + u64::from(self.random.chance(10));
        if self.changes && self.random.chance(20) {
            let wait = u32::try_from(self.random.below(30)).expect("small");
            self.held_back.push((wait, created, id));
        } else {
            self.published.insert((created, id), Incident { updated: created, merged: false });
        }
    }

    pub(crate) fn happen(&mut self) {
        self.tick();
        for _ in 0..self.random.below(4) {
            self.create();
        }
        let now = self.now;
        let (due, waiting) =
            std::mem::take(&mut self.held_back).into_iter().partition(|(wait, ..)| *wait == 0);
        self.held_back = waiting;
        self.held_back.iter_mut().for_each(|(wait, ..)| *wait -= 1);
        let due: Vec<(u32, Timestamp, u64)> = due;
        for (_, created, id) in due {
            self.published.insert((created, id), Incident { updated: now, merged: false });
        }
        for _ in 0..self.random.below(4) {
            let at = usize::try_from(self.random.below(self.published.len().max(1) as u64)).expect("small");
            let merges = self.random.chance(30);
            if let Some(incident) = self.published.values_mut().nth(at) {
                *incident = Incident { updated: now, merged: incident.merged || merges };
            }
        }
    }

    fn page(&mut self, request: &Request) -> ResponseTemplate {
        self.requests += 1;
        match self.fate {
            Some((at, Fate::Hangs)) if at == self.requests => {
                return failed(500).set_delay(Duration::from_secs(15));
            }
            Some((at, Fate::Fails)) if at == self.requests => return failed(500),
            _ => {}
        }
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        let number = |name: &str| query.get(name).map(|text| text.parse::<usize>().expect("a number"));
        let (largest, names) = match self.backend {
            Backend::Graph => (50, ["createdDateTime", "lastUpdateDateTime", "id"]),
            Backend::Legacy => (100, ["createdTime", "lastUpdateTime", "incidentId"]),
        };
        let (top, skip) = (number("$top").expect("a size"), number("$skip").unwrap_or(0));
        let ordered = query.contains_key("$orderby");
        if top > largest || (ordered && self.backend == Backend::Legacy) {
            return failed(400);
        }
        let (mut from, mut until, mut changed) = (Timestamp::MIN, Timestamp::MAX, Timestamp::MIN);
        let filter = query.get("$filter").cloned().unwrap_or_default();
        for term in filter.split(" and ").filter(|term| !term.is_empty()) {
            let words: Vec<&str> = term.trim_matches(['(', ')']).split(' ').collect();
            let [name, operator, time] = words[..] else { panic!("`{term}`") };
            let at: Timestamp = time.parse().expect("a time");
            match operator {
                "ge" if name == names[0] => from = at,
                "lt" if name == names[0] => until = at,
                "ge" if name == names[1] => changed = at,
                _ => return failed(400),
            }
        }
        let range = self.published.range((from, 0)..).take_while(|((created, _), _)| *created < until);
        let mut found: Vec<_> = range.filter(|(_, incident)| incident.updated >= changed).collect();
        if !ordered {
            found.sort_by_key(|((_, id), _)| id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
        let records: Vec<_> = found
            .into_iter()
            .skip(skip)
            .take(top)
            .map(|((created, id), incident)| {
                let shown = if self.backend == Backend::Graph { json!(id.to_string()) } else { json!(id) };
                let status = if incident.merged { "redirected" } else { "active" };
                json!({ names[2]: shown, names[0]: time(*created), names[1]: time(incident.updated), "status": status })
            })
            .collect();
        if self.changes && self.random.chance(40) {
            self.happen();
        }
        ResponseTemplate::new(200).set_body_json(json!({ "value": records }))
    }
}

fn time(at: Timestamp) -> String {
    format!("{at:.7}")
}

fn failed(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": { "code": "UnknownError", "message": "" } }))
}

#[derive(Debug, Clone)]
struct Server(Arc<Mutex<Facts>>);

impl Respond for Server {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.lock().expect("whole").page(request)
    }
}

#[derive(Debug)]
struct OneToken(Arc<ManualClock>);

#[async_trait]
impl Provider for OneToken {
    fn cache_key(&self) -> CacheKey {
        CacheKey {
            authority: "https://login.example".into(),
            tenant: "aurora-lab.example".into(),
            application: "one".into(),
            flow: "one".into(),
            account: None,
            scopes: vec![],
            claims: None,
        }
    }

    async fn acquire(&self, _request: &TokenRequest) -> Result<Grant, AuthError> {
        let now = self.0.now();
        Ok(Grant {
            access_token: Secret::new("token".to_owned()),
            refresh_token: None,
            refresh_token_expires_at: None,
            expires_at: now.saturating_add(SignedDuration::from_hours(240)).expect("in range"),
            acquired_at: now,
            scope: None,
        })
    }
}

/// The world, and a client signed in to it.
pub(crate) struct ChangingWorld {
    facts: Arc<Mutex<Facts>>,
    _server: MockServer,
    pub(crate) client: Client,
    pub(crate) clock: Arc<ManualClock>,
}

impl ChangingWorld {
    /// A world with so many incidents of the last hours.
    pub(crate) async fn start(backend: Backend, seed: u64, incidents: usize) -> Self {
        let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::at(now));
        let mut facts = Facts {
            backend,
            changes: false,
            published: BTreeMap::new(),
            held_back: Vec::new(),
            next: 20_000,
            now,
            // Three seconds, or five minutes: what is published late is within a look-back, or long before it.
            longest_step: if seed.is_multiple_of(2) { 30_000_000 } else { 3_000_000_000 },
            clock: Arc::clone(&clock),
            random: Random::new(seed),
            requests: 0,
            fate: None,
        };
        while facts.published.len() < incidents {
            facts.create();
        }
        let facts = Arc::new(Mutex::new(facts));
        let server = MockServer::builder().disable_request_recording().start().await;
        Mock::given(any()).respond_with(Server(Arc::clone(&facts))).mount(&server).await;
        let provider = Box::new(OneToken(Arc::clone(&clock)));
        let tokens = TokenManager::new(provider, Arc::new(MemoryVault::default()), clock.clone());
        let mut retry = RetryPolicy::new(Duration::from_hours(24));
        retry.attempts = 1;
        let http = HttpClient::new(HttpSettings {
            proxy: Proxy::None,
            system_roots: false,
            timeout: Duration::from_secs(20),
            ..HttpSettings::default()
        });
        let world = World { http, clock: clock.clone(), retry };
        let endpoint = Endpoint::new(backend, &server.uri()).expect("a loopback address");
        let client = Client::new(endpoint, Arc::new(tokens), Identity::Application, world);
        Self { facts, _server: server, client, clock }
    }

    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().expect("whole")
    }
}
