//! New incidents since a checkpoint.
//!
//! A poll has two halves. The first looks for what was published late: everything that has changed since the last complete
//! poll began and was created before the place that was reached. The second goes on from that place, a little before it,
//! since the service's own clocks differ. What was delivered is remembered by id and comes once.

use std::collections::VecDeque;
use std::time::Duration;

use defender_xdr_core::Timestamp;

use super::checkpoint::{Checkpoint, Late};
use super::hole::{Hole, MissingPart};
use super::position::FetchPosition;
use super::record_text::RecordText;
use super::walk::IncidentWalk;
use super::walk_page::WalkPage;
use crate::client::Client;
use crate::error::ApiError;
use crate::incidents::IncidentQuery;

/// The first poll's beginning counts as a day earlier: our clock may be far ahead of the service's.
const FIRST_LOOK_BACK: Duration = Duration::from_hours(24);

/// How to fetch.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// Which incidents; its extent, offset and `created_since` have no meaning here.
    pub query: IncidentQuery,
    /// How far a poll looks back over the place it had reached (fifteen minutes).
    pub look_back: Duration,
    /// Incidents are given out without a look at whether their text is JSON (no): for whoever reads every one of them
    /// anyway, and tells of a broken one.
    pub unchecked: bool,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self { query: IncidentQuery::default(), look_back: Duration::from_mins(15), unchecked: false }
    }
}

/// A fetch: polls, one after the other.
#[derive(Debug)]
pub struct Fetch<'a> {
    client: &'a Client,
    options: FetchOptions,
    checkpoint: Checkpoint,
    poll: Option<Poll<'a>>,
    /// Where the next poll goes on.
    left_at: Option<FetchPosition>,
    holes: Vec<Hole>,
    /// A hole is met again by every poll that looks back far enough; it is told once.
    told: Vec<Hole>,
}

#[derive(Debug)]
struct Poll<'a> {
    began: Timestamp,
    /// Where its halves began.
    late_from: Timestamp,
    onward_from: Timestamp,
    late: Option<IncidentWalk<'a>>,
    onward: IncidentWalk<'a>,
    /// What of the last page is still to be delivered.
    found: VecDeque<NewIncident>,
    /// The newest times that were seen: the service's own clock.
    created: Option<Timestamp>,
    changed: Option<Timestamp>,
}

/// New incidents, in the order of creation, and the checkpoint that holds once they are safe.
#[derive(Debug)]
pub struct Batch {
    /// The new incidents; none if only the checkpoint has moved.
    pub incidents: Vec<NewIncident>,
    /// To be kept when these incidents are.
    pub checkpoint: Checkpoint,
}

/// A new incident.
#[derive(Debug)]
pub struct NewIncident {
    /// Its id: each comes once.
    pub id: String,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// The server's own JSON text.
    pub raw: RecordText,
}

impl Client {
    /// A fetch that goes on from a checkpoint. Nothing is sent before the first [`Fetch::next`].
    pub fn fetch(&self, checkpoint: Checkpoint, options: FetchOptions) -> Fetch<'_> {
        Fetch {
            client: self,
            options,
            checkpoint,
            poll: None,
            left_at: None,
            holes: Vec::new(),
            told: Vec::new(),
        }
    }

    /// The same in the middle of a poll: `position` is from [`Fetch::position`], and belongs to this checkpoint.
    pub fn resume_fetch(
        &self,
        checkpoint: Checkpoint,
        options: FetchOptions,
        position: FetchPosition,
    ) -> Fetch<'_> {
        Fetch { left_at: Some(position), ..self.fetch(checkpoint, options) }
    }
}

impl<'a> Fetch<'a> {
    /// The next batch with at most `most` incidents: pages are not asked to be longer than that; `None` when everything there is has been delivered: the poll is
    /// over, [`Fetch::checkpoint`] is to be kept, and another call begins the next poll.
    ///
    /// # Errors
    /// [`ApiError`] when the service gives no page. Another call goes on where this one failed.
    pub async fn next(&mut self, most: usize) -> Result<Option<Batch>, ApiError> {
        let mut poll = match self.poll.take() {
            Some(poll) => poll,
            None => self.begin()?,
        };
        let read = if poll.found.is_empty() { self.read(&mut poll, most).await } else { Ok(true) };
        self.collect_holes(&mut poll);
        if matches!(read, Ok(false)) {
            self.checkpoint.reach(poll.onward.frontier().max(poll.created), poll.began);
            self.checkpoint.saw_changes(poll.changed, poll.began);
            return Ok(None);
        }
        if let Err(error) = read {
            self.poll = Some(poll);
            return Err(error);
        }
        let count = most.min(poll.found.len());
        let incidents: Vec<NewIncident> = poll.found.drain(..count).collect();
        for new in &incidents {
            self.checkpoint.delivered.insert(&new.id);
        }
        if let Some(late) = &poll.late {
            if poll.found.is_empty()
                && let Some(reached) = late.frontier()
            {
                self.checkpoint.late = Some(Late { began: poll.began, reached });
            }
        } else {
            let reached = poll.onward.frontier();
            // Never past what is still to be delivered.
            let left = poll.found.front().map(|new| new.created.unwrap_or(self.checkpoint.created));
            self.checkpoint.reach(left.map_or(reached, |left| reached.map(|at| at.min(left))), poll.began);
        }
        self.poll = Some(poll);
        Ok(Some(Batch { incidents, checkpoint: self.checkpoint.clone() }))
    }

    /// How far it has come.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Where in its poll it is; `None` between two polls. It belongs to the checkpoint of the same moment.
    pub fn position(&self) -> Option<FetchPosition> {
        let Some(poll) = &self.poll else { return self.left_at };
        // Never past what is still to be delivered.
        let left = poll.found.front().map(|new| new.created.unwrap_or(Timestamp::MIN));
        let reached = |frontier: Option<Timestamp>, from: Timestamp| {
            let frontier = frontier.unwrap_or(from).max(from);
            left.map_or(frontier, |left| frontier.min(left).max(from))
        };
        let late = poll.late.as_ref().map(|late| reached(late.frontier(), poll.late_from));
        let onward =
            if late.is_some() { poll.onward_from } else { reached(poll.onward.frontier(), poll.onward_from) };
        let width = poll.late.as_ref().unwrap_or(&poll.onward).width();
        Some(FetchPosition { began: poll.began, late, onward, width })
    }

    /// What could not be read since the last call.
    pub fn take_holes(&mut self) -> Vec<Hole> {
        std::mem::take(&mut self.holes)
    }

    /// Reads the next page of a poll, of which at most so many are of use; false at its end.
    async fn read(&mut self, poll: &mut Poll<'a>, wanted: usize) -> Result<bool, ApiError> {
        let mut holes = Vec::new();
        if let Some(late) = &mut poll.late {
            late.expect(wanted);
            if let Some(page) = late.next().await? {
                poll.found = self.checkpoint.new_ones(page, self.options.unchecked, &mut holes);
                poll.changed =
                    poll.changed.max(page.incidents().filter_map(|incident| incident.updated()).max());
                self.report(holes);
                return Ok(true);
            }
            let left = late.holes();
            self.report(left);
            poll.late = None;
            self.checkpoint.late = None;
            self.checkpoint.saw_changes(poll.changed, poll.began);
        }
        poll.onward.expect(wanted);
        let Some(page) = poll.onward.next().await? else { return Ok(false) };
        poll.found = self.checkpoint.new_ones(page, self.options.unchecked, &mut holes);
        poll.created = poll.created.max(page.incidents().filter_map(|incident| incident.created()).max());
        poll.changed = poll.changed.max(page.incidents().filter_map(|incident| incident.updated()).max());
        self.report(holes);
        Ok(true)
    }

    fn begin(&mut self) -> Result<Poll<'a>, ApiError> {
        let client: &'a Client = self.client;
        let left_at = self.left_at.take();
        let under_way = self.checkpoint.late;
        let began = left_at.map(|left| left.began).or(under_way.map(|late| late.began));
        let began = began.unwrap_or_else(|| client.now());
        let back = |at: Timestamp| {
            at.saturating_sub(self.options.look_back).unwrap_or(Timestamp::MIN).max(self.checkpoint.since)
        };
        let of = |from| IncidentQuery { created_since: Some(from), ..self.options.query.clone() };
        let from = back(self.checkpoint.created);
        // What the checkpoint has forgotten since is not read again.
        let since = self.checkpoint.since;
        let reached = left_at.and_then(|left| left.late).or(under_way.map(|late| late.reached));
        let late_from = reached.map_or(since, |late| late.max(since));
        let mut late = match self.checkpoint.polled {
            Some(polled) if from > late_from && left_at.is_none_or(|left| left.late.is_some()) => {
                Some(client.walk_range(&of(late_from), Some(from), Some(back(polled)))?)
            }
            _ => None,
        };
        if late.is_none() {
            self.checkpoint.late = None;
        }
        let onward_from = left_at.map_or(from, |left| left.onward.max(since));
        let mut onward = client.walk_range(&of(onward_from), None, None)?;
        late.as_mut().unwrap_or(&mut onward).begin_with(left_at.and_then(|left| left.width));
        // Whoever is stopped in the middle of the first poll must hear of what is published behind its place, too.
        let first =
            began.saturating_sub(FIRST_LOOK_BACK).unwrap_or(Timestamp::MIN).max(self.checkpoint.since);
        self.checkpoint.polled.get_or_insert(first);
        Ok(Poll {
            began,
            late_from,
            onward_from,
            late,
            onward,
            found: VecDeque::new(),
            created: None,
            changed: None,
        })
    }

    fn collect_holes(&mut self, poll: &mut Poll<'a>) {
        let mut holes = poll.onward.holes();
        holes.extend(poll.late.as_mut().map(IncidentWalk::holes).unwrap_or_default());
        self.report(holes);
    }

    fn report(&mut self, holes: Vec<Hole>) {
        for hole in holes {
            if !self.told.contains(&hole) {
                self.told.push(hole.clone());
                self.holes.push(hole);
            }
        }
    }
}

impl Checkpoint {
    /// What of a page is new, in its order.
    fn new_ones(&self, page: &WalkPage, unchecked: bool, holes: &mut Vec<Hole>) -> VecDeque<NewIncident> {
        let mut found = VecDeque::new();
        for walked in page.incidents().filter(|walked| !self.delivered.contains(walked.id())) {
            match walked.fault(unchecked) {
                None => found.push_back(NewIncident {
                    id: walked.id().to_owned(),
                    created: walked.created(),
                    raw: walked.to_text(),
                }),
                Some(reason) => holes.push(Hole {
                    missing: MissingPart::Incident,
                    id: (!walked.id().is_empty()).then(|| walked.id().to_owned()),
                    created_from: walked.created(),
                    reason,
                }),
            }
        }
        found
    }

    /// What has changed up to the newest change that was seen, and before the beginning of the poll, has been seen.
    fn saw_changes(&mut self, newest: Option<Timestamp>, began: Timestamp) {
        self.polled = self.polled.max(newest.map(|at| at.min(began)));
    }

    /// Moves the place that was reached, but not past the time of the poll.
    fn reach(&mut self, at: Option<Timestamp>, began: Timestamp) {
        self.created = self.created.max(at.unwrap_or(self.created).min(began));
    }
}
