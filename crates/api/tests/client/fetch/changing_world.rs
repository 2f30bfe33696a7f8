//! Many small incidents that change between two requests, served by the rules of either API and by nothing more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use defender_xdr_api::{Client, Endpoint, World};
use defender_xdr_core::auth::{Identity, TokenManager};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::http::RetryPolicy;
use defender_xdr_core::store::MemoryVault;
use defender_xdr_core::{ManualClock, Timestamp};
use jiff::SignedDuration;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::service::{Numbered, local_http, start};

/// `SplitMix64`: the same numbers for the same seed, everywhere.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What the service does besides what it should.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(super) struct Habits {
    /// Things happen between two requests.
    pub(super) changes: bool,
    /// But seldom.
    pub(super) calm: bool,
    /// Without an order that was asked for.
    pub(super) newest_first: bool,
    /// `$orderby` is ignored.
    pub(super) ignores_order: bool,
    /// `$orderby` is refused.
    pub(super) refuses_order: bool,
    /// `lt` is refused.
    pub(super) refuses_lt: bool,
    /// Any page with this incident fails.
    pub(super) poison: Option<u64>,
    /// Any page with this incident and its alerts fails.
    pub(super) heavy: Option<u64>,
    /// Also a request for it alone.
    pub(super) heavy_alone: bool,
    /// Whatever is asked about one incident is refused.
    pub(super) refuses_single: bool,
    /// What comes for this incident is no JSON.
    pub(super) broken: Option<u64>,
    /// Pages are cut short, and a link leads on.
    pub(super) cuts_pages: bool,
    /// This incident's alerts go on behind a link.
    pub(super) many_alerts: Option<u64>,
    /// So many requests with this status: once the poisoned incident has been asked for, it is well again.
    pub(super) heals: bool,
    /// Requests for one incident are throttled.
    pub(super) throttles_single: bool,
    /// Everything fails.
    pub(super) down: bool,
}

#[derive(Debug)]
pub(super) struct Facts {
    backend: Backend,
    pub(super) habits: Habits,
    /// Creation time and id, to the time of the last change.
    published: BTreeMap<(Timestamp, u64), Timestamp>,
    /// Held back for so many requests.
    held_back: Vec<(u32, Timestamp, u64)>,
    next: u64,
    now: Timestamp,
    clock: Arc<ManualClock>,
    port: u16,
    random: Random,
    pub(super) requests: usize,
    pub(super) largest_skip: usize,
}

impl Facts {
    /// Ids that may be seen now.
    pub(super) fn visible(&self) -> Vec<u64> {
        self.published.keys().map(|(_, id)| *id).collect()
    }

    /// An incident of the first weeks is published now.
    pub(super) fn publish_behind(&mut self) -> u64 {
        let ((created, _), _) = self.published.iter().nth(10).expect("some");
        let (created, id) = (*created, self.next);
        self.next += 1;
        self.published.insert((created, id), self.now);
        id
    }

    /// The newest incident says that it will be changed in many years.
    pub(super) fn touch_in_the_future(&mut self) {
        let far = self.now.saturating_add(SignedDuration::from_hours(24 * 365 * 50)).expect("in range");
        *self.published.values_mut().next_back().expect("some") = far;
    }

    fn tick(&mut self) {
        // Up to two seconds while things happen, up to an hour in the past.
        let ticks = if self.habits.changes { 20_000_000 } else { 36_000_000_000 };
        let step = i64::try_from(self.random.below(ticks)).expect("small");
        self.now = self.now.saturating_add(SignedDuration::from_nanos(step * 100)).expect("in range");
    }

    fn create(&mut self) {
        // Several in one instant are common: one detection, many machines.
        if !self.random.chance(30) {
            self.tick();
        }
        let (id, created) = (self.next, self.now);
        self.next += 1 + u64::from(self.random.chance(10));
        if self.habits.changes && self.random.chance(10) {
            let wait = u32::try_from(self.random.below(60)).expect("small");
            self.held_back.push((wait, created, id));
        } else {
            self.published.insert((created, id), created);
        }
    }

    fn happen(&mut self) {
        self.tick();
        for _ in 0..self.random.below(4) {
            self.create();
        }
        let now = self.now;
        self.clock.set(now);
        for (wait, created, id) in &mut self.held_back {
            if *wait == 0 {
                self.published.insert((*created, *id), now);
            }
            *wait = wait.saturating_sub(1);
        }
        let published = &self.published;
        self.held_back.retain(|(_, created, id)| !published.contains_key(&(*created, *id)));
        for _ in 0..self.random.below(6) {
            let at = usize::try_from(self.random.below(self.published.len().max(1) as u64)).expect("small");
            // Updates, merges, comments: all move the time of the last change, and nothing else that matters here.
            if let Some(updated) = self.published.values_mut().nth(at % 500) {
                *updated = now;
            }
        }
    }

    fn page(&mut self, request: &Request) -> ResponseTemplate {
        self.requests += 1;
        if self.habits.down {
            return failed(500);
        }
        let query: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        let number = |name: &str| query.get(name).map(|text| text.parse::<usize>().expect("a number"));
        let (largest, names) = match self.backend {
            Backend::Graph => (50, ("createdDateTime", "lastUpdateDateTime", "id")),
            Backend::Legacy => (100, ("createdTime", "lastUpdateTime", "incidentId")),
        };
        let (top, skip) = (number("$top").expect("a size"), number("$skip").unwrap_or(0));
        self.largest_skip = self.largest_skip.max(skip);
        if top > largest {
            return failed(400);
        }
        let ordered = query.contains_key("$orderby");
        if ordered && (self.habits.refuses_order || self.backend == Backend::Legacy) {
            return failed(400);
        }
        let (mut from, mut until, mut changed) = (Timestamp::MIN, Timestamp::MAX, Timestamp::MIN);
        let filter = query.get("$filter").cloned().unwrap_or_default();
        for term in filter.split(" and ").filter(|term| !term.is_empty()) {
            let words: Vec<&str> = term.trim_matches(['(', ')']).split(' ').collect();
            let [name, operator, time] = words[..] else { panic!("`{term}`") };
            let at: Timestamp = time.parse().expect("a time");
            match (name, operator) {
                (name, "ge") if name == names.0 => from = at,
                (name, "lt") if name == names.0 && !self.habits.refuses_lt => until = at,
                (name, "ge") if name == names.1 => changed = at,
                _ => return failed(400),
            }
        }
        let range = self.published.range((from, 0)..).take_while(|((created, _), _)| *created < until);
        let found = range
            .filter(|(_, updated)| **updated >= changed)
            .map(|((created, id), updated)| (*created, *id, *updated));
        let page: Vec<(Timestamp, u64, Timestamp)> = if ordered && !self.habits.ignores_order {
            found.skip(skip).take(top).collect()
        } else {
            let mut found: Vec<_> = found.collect();
            if self.habits.newest_first {
                found.reverse();
            } else {
                found.sort_by_key(|(_, id, _)| id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            }
            found.into_iter().skip(skip).take(top).collect()
        };
        if self.habits.heals && top == 1 && skip > 0 {
            self.habits.poison = None;
        }
        let has = |poison: Option<u64>| poison.is_some_and(|bad| page.iter().any(|(_, id, _)| *id == bad));
        if has(self.habits.poison) || (query.contains_key("$expand") && has(self.habits.heavy)) {
            return failed(500);
        }
        let cut = if self.habits.cuts_pages && page.len() > 3 { 3 } else { page.len() };
        let link = (cut < page.len()).then(|| {
            let mut link = request.url.clone();
            let pairs: Vec<_> =
                query.iter().filter(|(name, _)| *name != "$skip" && *name != "$top").collect();
            link.query_pairs_mut()
                .clear()
                .extend_pairs(pairs)
                .append_pair("$skip", &(skip + cut).to_string())
                .append_pair("$top", &top.to_string());
            link.set_port(Some(self.port)).expect("a port");
            link.set_host(Some("127.0.0.1")).expect("a host");
            format!(",\"@odata.nextLink\":\"{link}\"")
        });
        let records: Vec<String> = page[..cut]
            .iter()
            .map(|(created, id, updated)| {
                let shown = if self.backend == Backend::Graph { json!(id.to_string()) } else { json!(id) };
                let many = match self.habits.many_alerts {
                    Some(many) if many == *id && query.contains_key("$expand") => format!(
                        ",\"alerts\":[{{\"id\":\"first\"}}],\"alerts@odata.nextLink\":\"http://127.0.0.1:{}/v1.0/security/incidents/{id}/alerts\"",
                        self.port
                    ),
                    _ => String::new(),
                };
                let broken = if self.habits.broken == Some(*id) { ",\"more\":undefined" } else { "" };
                let record = json!({ names.2: shown, names.0: time(*created), names.1: time(*updated) });
                record.to_string().replace('}', &format!("{many}{broken}}}"))
            })
            .collect();
        let body = format!("{{\"value\":[{}]{}}}", records.join(","), link.unwrap_or_default());
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        if self.habits.changes && self.random.chance(if self.habits.calm { 4 } else { 40 }) {
            self.happen();
        }
        answer
    }

    fn single(&self, request: &Request) -> ResponseTemplate {
        if self.habits.refuses_single {
            return failed(403);
        }
        if self.habits.throttles_single {
            return failed(429).insert_header("retry-after", "100000");
        }
        let mut segments = request.url.path().rsplit('/');
        let last = segments.next().unwrap_or_default();
        if last == "alerts" {
            let id = segments.next().unwrap_or_default();
            return if self.habits.heavy_alone && self.habits.heavy.is_some_and(|bad| bad.to_string() == id) {
                failed(500)
            } else {
                ResponseTemplate::new(200)
                    .set_body_json(json!({ "value": [{ "id": format!("alert-of-{id}") }] }))
            };
        }
        // With its alerts it is too heavy.
        if request.url.query().is_none() {
            return ResponseTemplate::new(200).set_body_json(json!({ "id": last }));
        }
        failed(504)
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
        let mut facts = self.0.lock().expect("whole");
        if request.url.path().ends_with("/incidents") { facts.page(request) } else { facts.single(request) }
    }
}

/// The world, and a client signed in to it.
pub(super) struct ChangingWorld {
    facts: Arc<Mutex<Facts>>,
    _server: MockServer,
    pub(super) client: Client,
}

impl ChangingWorld {
    /// A world with so many incidents of the last months.
    pub(super) async fn start(backend: Backend, seed: u64, incidents: usize, habits: Habits) -> Self {
        let mut facts = Facts {
            backend,
            habits: Habits { changes: false, ..habits },
            published: BTreeMap::new(),
            held_back: Vec::new(),
            next: 20_000,
            now: start().saturating_sub(SignedDuration::from_hours(24 * 60)).expect("in range"),
            clock: Arc::new(ManualClock::at(start())),
            port: 0,
            random: Random::new(seed),
            requests: 0,
            largest_skip: 0,
        };
        while facts.published.len() < incidents {
            facts.create();
            if facts.random.chance(1) {
                // A burst: more in one instant than fit on a page of either API.
                let most = facts.random.below(140);
                let now = facts.now;
                for _ in 0..most {
                    facts.published.insert((now, facts.next), now);
                    facts.next += 1;
                }
            }
        }
        facts.habits = habits;
        let clock = Arc::clone(&facts.clock);
        clock.set(facts.now);
        let facts = Arc::new(Mutex::new(facts));
        let server = MockServer::builder().disable_request_recording().start().await;
        facts.lock().expect("whole").port = server.address().port();
        Mock::given(any()).respond_with(Server(Arc::clone(&facts))).mount(&server).await;
        let manager = TokenManager::new(
            Box::new(Numbered::new(Arc::clone(&clock))),
            Arc::new(MemoryVault::default()),
            clock.clone(),
        );
        let mut retry = RetryPolicy::new(Duration::from_hours(24));
        retry.attempts = 1;
        let world = World { http: local_http(), clock, retry };
        let endpoint = Endpoint::new(backend, &server.uri()).expect("a loopback address");
        let client = Client::new(endpoint, Arc::new(manager), Identity::Application, world);
        Self { facts, _server: server, client }
    }

    pub(super) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().expect("whole")
    }
}
