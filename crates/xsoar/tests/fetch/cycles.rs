//! Fetch after fetch, as the platform makes them: what is returned is kept with its state, or both are lost.

use std::time::Duration;

use defender_xdr_core::Clock;
use defender_xdr_core::backend::Backend;
use defender_xdr_xsoar::fetch_incidents::{FetchFailed, FetchSettings, fetch_incidents};
use defender_xdr_xsoar::log::Log;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::changing_world::{ChangingWorld, Fate, Random};

const BACKENDS: [Backend; 2] = [Backend::Graph, Backend::Legacy];

/// A platform with an instance.
pub(crate) struct Platform {
    pub(crate) world: ChangingWorld,
    pub(crate) settings: FetchSettings,
    pub(crate) last_run: Map<String, Value>,
    /// Ids in the order they came.
    pub(crate) delivered: Vec<u64>,
    pub(crate) log: Log,
}

impl Platform {
    pub(crate) fn new(world: ChangingWorld, most: usize) -> Self {
        let form = json!({ "first_fetch": "10 days", "max_fetch": most, "fetch_timeout": "" });
        let log = Log::default();
        let settings = FetchSettings::of(form.as_object().expect("an object"), "one", &log);
        let settings = settings.expect("settings");
        Self { world, settings, last_run: Map::new(), delivered: Vec::new(), log }
    }

    /// One fetch. When the platform dies before it has kept the answer, nothing has happened.
    pub(crate) async fn fetch(&mut self, dies: bool) -> Result<usize, FetchFailed> {
        self.world.facts().requests = 0;
        let now = self.world.clock.now();
        let fetched =
            fetch_incidents(&self.world.client, &self.settings, &self.last_run, now, &self.log).await?;
        assert!(fetched.incidents.len() <= self.settings.most, "more than was asked for");
        assert!(fetched.last_run.to_string().len() < 64 * 1024, "a large state");
        if dies {
            return Ok(fetched.incidents.len());
        }
        let ids: Vec<u64> = fetched.incidents.iter().map(id).collect();
        let times: Vec<_> = ids.iter().map(|id| self.world.facts().created(*id)).collect();
        assert!(times.is_sorted(), "out of order: {times:?}");
        self.delivered.extend(&ids);
        self.last_run.clone_from(fetched.last_run.as_object().expect("an object"));
        Ok(ids.len())
    }

    /// Fetches, each time with so many requests and then silence.
    async fn fetch_with(&mut self, requests: usize, times: usize) {
        self.world.facts().fate = Some((requests + 1, Fate::Hangs));
        for _ in 0..times {
            // A fetch that leaves nothing to be kept is told; the next one begins where it did.
            let _told = self.fetch(false).await;
        }
    }

    /// Fetches until nothing more comes.
    pub(crate) async fn drain(&mut self) {
        let mut idle = 0;
        for _ in 0..2_000 {
            idle = if self.fetch(false).await.expect("a fetch") == 0 { idle + 1 } else { 0 };
            if idle == 4 {
                return;
            }
        }
        panic!("it never ends");
    }

    /// Each incident came once.
    pub(crate) fn check(&self) {
        let mut delivered = self.delivered.clone();
        delivered.sort_unstable();
        let twice: Vec<_> = delivered.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
        assert!(twice.is_empty(), "came twice: {twice:?}");
        let mut visible = self.world.facts().visible();
        visible.sort_unstable();
        let missing: Vec<_> = visible.iter().filter(|id| delivered.binary_search(id).is_err()).collect();
        assert!(missing.is_empty(), "never came: {missing:?}");
        assert_eq!(delivered, visible);
    }
}

fn id(incident: &Value) -> u64 {
    let whole: Value = serde_json::from_str(incident["rawJSON"].as_str().expect("a text")).expect("JSON");
    let id = whole["incidentId"].as_u64().expect("a number");
    assert_eq!(incident["name"], format!("Microsoft 365 Defender {id}"));
    assert_eq!(incident["occurred"], whole["createdTime"]);
    id
}

#[tokio::test]
async fn each_incident_comes_once_while_the_world_changes_and_the_platform_dies() {
    for backend in BACKENDS {
        for seed in 0..6 {
            let mut random = Random::new(seed);
            let mut platform = Platform::new(ChangingWorld::start(backend, seed, 250).await, 20);
            platform.world.facts().changes = true;
            for _ in 0..60 {
                let fails = random.chance(25).then(|| usize::try_from(random.below(6)).expect("small") + 1);
                platform.world.facts().fate = fails.map(|at| (at, Fate::Fails));
                let dies = random.chance(25);
                // A failure that leaves nothing to be kept is told; the next fetch begins where this one did.
                let _told = platform.fetch(dies).await;
                platform.world.facts().happen();
            }
            {
                let mut facts = platform.world.facts();
                (facts.changes, facts.fate) = (false, None);
                facts.publish_all();
            }
            platform.drain().await;
            platform.check();
        }
    }
}

#[tokio::test]
async fn a_time_out_at_any_request_loses_and_doubles_nothing() {
    for backend in BACKENDS {
        let mut platform = Platform::new(ChangingWorld::start(backend, 99, 400).await, 200);
        platform.world.facts().changes = true;
        platform.settings.timeout = Some(Duration::from_millis(120));
        for step in 0..24 {
            platform.world.facts().fate = Some((1 + step % 8, Fate::Hangs));
            match platform.fetch(step % 5 == 4).await {
                Ok(_) => {}
                Err(error) => assert_eq!(
                    error.to_string(),
                    "Fetch incidents - Time out. Please change first_fetch parameter to be more recent one"
                ),
            }
        }
        {
            let mut facts = platform.world.facts();
            (facts.changes, facts.fate) = (false, None);
            facts.publish_all();
        }
        platform.settings.timeout = None;
        platform.drain().await;
        platform.check();
    }
}

#[tokio::test]
async fn a_poll_that_never_fits_into_the_time_gets_on_all_the_same() {
    for backend in BACKENDS {
        let mut platform = Platform::new(ChangingWorld::start(backend, 7, 0).await, 200);
        // All within one look-back, so that every poll has to pass all of them.
        platform.world.facts().burst(1_500, SignedDuration::from_millis(200));
        platform.settings.timeout = Some(Duration::from_millis(150));
        // So many requests in each fetch, then silence.
        platform.fetch_with(24, 1).await;
        platform.fetch_with(3, 60).await;
        platform.check();
        // Everything changes at once, and has to be read again.
        platform.world.facts().touch_all();
        platform.world.facts().burst(3, SignedDuration::from_secs(1));
        platform.fetch_with(24, 12).await;
        platform.check();
    }
}

#[tokio::test]
async fn what_the_original_left_is_delivered_first_and_nothing_twice() {
    for backend in BACKENDS {
        let mut platform = Platform::new(ChangingWorld::start(backend, 5, 120).await, 10);
        let ids = platform.world.facts().visible();
        let item = |id: &u64| {
            let created = format!("{:.7}", platform.world.facts().created(*id));
            let raw = json!({ "incidentId": id, "createdTime": created, "old": true });
            json!({ "name": format!("Microsoft 365 Defender {id}"), "occurred": created, "rawJSON": raw.to_string() })
        };
        // It has delivered forty, and read forty more.
        let queue: Vec<Value> = ids[40..80].iter().map(item).collect();
        let newest = queue[39]["occurred"].clone();
        // What shares the newest time it has read may have been delivered, and is left to it.
        platform.last_run =
            json!({ "last_run": newest, "incidents_queue": queue }).as_object().expect("an object").clone();
        platform.drain().await;
        let mut first = platform.delivered[..40].to_vec();
        first.sort_unstable();
        assert_eq!(first, ids[40..80]);
        let mut twice = platform.delivered.clone();
        twice.sort_unstable();
        twice.dedup();
        assert_eq!(twice.len(), platform.delivered.len(), "nothing twice");
        let instants = |id: &u64| platform.world.facts().created(*id);
        let newest = instants(&ids[79]);
        assert!(
            ids[80..].iter().filter(|id| instants(id) > newest).all(|id| platform.delivered.contains(id))
        );
        assert!(ids[..40].iter().all(|id| !platform.delivered.contains(id)));
    }
}
