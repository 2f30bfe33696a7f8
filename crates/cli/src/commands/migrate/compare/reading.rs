//! Both sides at once, in the order of creation: the side that is behind reads next, so that no more waits for its
//! counterpart than a few pages hold.

use std::collections::{BTreeMap, HashSet};

use defender_xdr_api::fetch::{Hole, IncidentWalk};
use defender_xdr_api::incidents::{Incident, IncidentQuery};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use defender_xdr_migrate::compare::{Class, Difference, Second, Tally, compare, missing, second};

use super::Window;
use super::side::Side;
use crate::failure::Failure;
use crate::progress::Progress;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) tally: Tally,
    pub(super) holes: Vec<(Backend, Hole)>,
    /// Records that are no incidents.
    pub(super) unreadable: usize,
    /// Whether the limit ended it.
    pub(super) cut: bool,
}

/// One side being listed.
struct Stream<'a> {
    side: &'a Side,
    walk: IncidentWalk<'a>,
    /// Those that the other side has not shown yet.
    waiting: BTreeMap<String, Incident>,
    done: bool,
}

impl<'a> Stream<'a> {
    fn new(side: &'a Side, query: &IncidentQuery) -> Result<Self, Failure> {
        let walk = side.told(side.client.walk_incidents(query))?;
        Ok(Self { side, walk, waiting: BTreeMap::new(), done: false })
    }

    /// Everything created before this was listed.
    fn frontier(&self) -> Timestamp {
        if self.done { Timestamp::MAX } else { self.walk.frontier().unwrap_or(Timestamp::MIN) }
    }

    /// The incidents of the next page; how many records were none.
    async fn read(&mut self) -> Result<(Vec<Incident>, usize), Failure> {
        let page = self.side.told(self.walk.next().await)?;
        let Some(page) = page else {
            self.done = true;
            return Ok((Vec::new(), 0));
        };
        let (mut incidents, mut unreadable) = (Vec::with_capacity(page.len()), 0);
        for walked in page.incidents() {
            match walked.incident() {
                Ok(incident) => incidents.push(incident),
                Err(problem) => {
                    tracing::warn!("the {} side: {problem}; it is left out", self.side.backend);
                    unreadable += 1;
                }
            }
        }
        Ok((incidents, unreadable))
    }
}

/// An incident to judge.
enum Work {
    /// As the legacy API and as Graph listed it.
    Both(Incident, Incident),
    /// As the only side listed it.
    Alone(Backend, Incident),
}

impl Work {
    fn created(&self) -> Option<Timestamp> {
        match self {
            Self::Both(incident, _) | Self::Alone(_, incident) => incident.created(),
        }
    }
}

/// Both sides being listed.
pub(super) struct Reading<'a> {
    legacy: Stream<'a>,
    graph: Stream<'a>,
    with_alerts: bool,
    limit: u64,
    now: Timestamp,
    /// Those that both sides have listed, and that others may precede.
    ready: Vec<Work>,
    /// Those that were looked up: they may still come along in a list.
    settled: HashSet<String>,
    found: Found,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        legacy: &'a Side,
        graph: &'a Side,
        query: &IncidentQuery,
        window: &Window,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        Ok(Self {
            legacy: Stream::new(legacy, query)?,
            graph: Stream::new(graph, query)?,
            with_alerts: window.with_alerts,
            limit: window.limit.unwrap_or(u64::MAX),
            now,
            ready: Vec::new(),
            settled: HashSet::new(),
            found: Found::default(),
        })
    }

    /// Reads and compares until both lists end, or as many were compared as were asked for.
    pub(super) async fn run(mut self, progress: &mut Progress) -> Result<Found, Failure> {
        while !(self.legacy.done && self.graph.done) {
            let behind = if self.legacy.frontier() <= self.graph.frontier() {
                Backend::Legacy
            } else {
                Backend::Graph
            };
            let (stream, other) = match behind {
                Backend::Legacy => (&mut self.legacy, &mut self.graph),
                Backend::Graph => (&mut self.graph, &mut self.legacy),
            };
            let (incidents, unreadable) = stream.read().await?;
            self.found.unreadable += unreadable;
            for incident in incidents {
                if self.settled.contains(incident.id()) {
                    continue;
                }
                match (other.waiting.remove(incident.id()), behind) {
                    (Some(there), Backend::Legacy) => self.ready.push(Work::Both(incident, there)),
                    (Some(there), Backend::Graph) => self.ready.push(Work::Both(there, incident)),
                    (None, _) => {
                        stream.waiting.insert(incident.id().to_owned(), incident);
                    }
                }
            }
            for work in self.due() {
                match work {
                    Work::Both(legacy, graph) => self.pair(&legacy, &graph).await?,
                    Work::Alone(side, incident) => self.alone(side, &incident).await?,
                }
                progress.tick();
                if self.is_enough() {
                    return Ok(self.ended(true));
                }
            }
        }
        Ok(self.ended(false))
    }

    fn is_enough(&self) -> bool {
        let count = self.found.tally.compared() + self.found.tally.missing().len();
        u64::try_from(count).unwrap_or(u64::MAX) >= self.limit
    }

    fn ended(mut self, cut: bool) -> Found {
        for stream in [&mut self.legacy, &mut self.graph] {
            let backend = stream.side.backend;
            self.found.holes.extend(stream.walk.holes().into_iter().map(|hole| (backend, hole)));
        }
        self.found.cut = cut;
        self.found
    }

    /// What can be judged by now, the oldest first: whatever was created before the point up to which both sides were
    /// listed. What has no counterpart there will get none.
    fn due(&mut self) -> Vec<Work> {
        let reached = self.legacy.frontier().min(self.graph.frontier());
        let is_due =
            |created: Option<Timestamp>| reached == Timestamp::MAX || created.is_some_and(|at| at < reached);
        let (mut due, early): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.ready).into_iter().partition(|work| is_due(work.created()));
        self.ready = early;
        for stream in [&mut self.legacy, &mut self.graph] {
            let backend = stream.side.backend;
            let late = stream.waiting.extract_if(.., |_, incident| is_due(incident.created()));
            due.extend(late.map(|(_, incident)| Work::Alone(backend, incident)));
        }
        due.sort_by_key(Work::created);
        due
    }

    /// An incident of which only one side told. It is looked for before it counts as missing.
    async fn alone(&mut self, has: Backend, first: &Incident) -> Result<(), Failure> {
        self.settled.insert(first.id().to_owned());
        match (self.legacy.side.read(first.id()).await?, self.graph.side.read(first.id()).await?) {
            (Some(legacy), Some(graph)) => self.found.tally.add(compare(&legacy, &graph, self.with_alerts)),
            (Some(legacy), None) => self.found.tally.add_missing(missing(&legacy, Backend::Graph, self.now)),
            (None, Some(graph)) => self.found.tally.add_missing(missing(&graph, Backend::Legacy, self.now)),
            // The list has it, and nobody can read it.
            (None, None) => {
                let lacks = match has {
                    Backend::Legacy => self.legacy.side.other(),
                    Backend::Graph => self.graph.side.other(),
                };
                self.found.tally.add_missing(missing(first, lacks, self.now));
            }
        }
        Ok(())
    }

    /// An incident that both sides listed. Before anything about it counts as unexplained, it is read again.
    async fn pair(&mut self, legacy: &Incident, graph: &Incident) -> Result<(), Failure> {
        let differences = compare(legacy, graph, self.with_alerts);
        if is_explained(&differences) {
            self.found.tally.add(differences);
            return Ok(());
        }
        let id = legacy.id();
        match (self.legacy.side.read(id).await?, self.graph.side.read(id).await?) {
            (Some(again), Some(too)) => match second((legacy, graph), (&again, &too), self.with_alerts) {
                Second::Stands(left) => self.found.tally.add(left),
                Second::Changed(left) => self.found.tally.add_changed(left),
            },
            (Some(again), None) => self.found.tally.add_missing(missing(&again, Backend::Graph, self.now)),
            (None, Some(too)) => self.found.tally.add_missing(missing(&too, Backend::Legacy, self.now)),
            (None, None) => self.found.tally.add(differences),
        }
        Ok(())
    }
}

fn is_explained(differences: &[Difference]) -> bool {
    differences.iter().all(|difference| difference.class != Class::Unexplained)
}
