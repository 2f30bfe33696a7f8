//! New incidents for the platform: at most so many, in the order of creation, each once.
//!
//! What was read when the time is up is delivered, and the next fetch goes on behind it, in the middle of a poll if need be.

mod incident;
mod settings;

use std::time::Duration;

use defender_xdr_api::fetch::{
    Batch, Checkpoint, FetchOptions, FetchPosition, Hole, MissingPart, NewIncident,
};
use defender_xdr_api::incidents::IncidentQuery;
use defender_xdr_api::{ApiError, Client};
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;
use serde_json::{Map, Value};

pub use incident::cortex_incident;
pub use settings::FetchSettings;

use crate::last_run::{LastRun, Original};
use crate::log::{Level, Log};

/// When nothing at all arrived in time.
const TIME_OUT: &str =
    "Fetch incidents - Time out. Please change first_fetch parameter to be more recent one";

/// What a fetch brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// New incidents as the platform takes them.
    pub incidents: Vec<Value>,
    /// The state to be kept with them.
    pub last_run: Value,
}

/// Why a fetch brought nothing and came no further.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchFailed {
    /// The state, or the time.
    #[error("{0}")]
    Text(String),
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// Why a poll ended before its end.
enum Cut {
    Time,
    Api(ApiError),
}

/// Fetches once: to the end of the poll, or as many as are wanted, or as long as there is time.
///
/// # Errors
/// [`FetchFailed`] when nothing was reached that could be kept.
pub async fn fetch_incidents(
    client: &Client,
    settings: &FetchSettings,
    last_run: &Map<String, Value>,
    now: Timestamp,
    log: &Log,
) -> Result<Fetched, FetchFailed> {
    let (mut incidents, mut state) = begin(settings, last_run, now)?;
    let query = IncidentQuery { expand_alerts: true, ..IncidentQuery::default() };
    let options = FetchOptions { query, unchecked: true, ..FetchOptions::default() };
    let look_back = SignedDuration::try_from(options.look_back).unwrap_or_default();
    let begun = (state.checkpoint.clone(), state.position);
    let wanted = settings.most.saturating_sub(incidents.len());
    let found = if wanted == 0 {
        Vec::new()
    } else {
        let make = Maker { backend: client.backend(), mirrored: settings.mirrored(), now, log };
        let (found, cut) = poll(client, settings.timeout, options, &mut state, wanted, &make).await;
        let progress =
            !found.is_empty() || !incidents.is_empty() || begun != (state.checkpoint.clone(), state.position);
        match cut {
            None => {}
            Some(Cut::Time) if progress => {
                log.add(Level::Info, "the time for fetching was up; the next fetch goes on");
            }
            Some(Cut::Time) => return Err(FetchFailed::Text(TIME_OUT.to_owned())),
            Some(Cut::Api(error)) if progress => {
                log.add(Level::Warning, format!("fetching ended early, and the next fetch goes on: {error}"));
            }
            Some(Cut::Api(error)) => return Err(error.into()),
        }
        found
    };
    let mut found = found;
    found.sort_by_key(|made| made.created);
    incidents.extend(found.into_iter().map(|made| made.incident));
    let kept = state.kept(look_back).map_err(|error| FetchFailed::Text(error.to_string()))?;
    if let Some(left) = kept.shrunk_to {
        log.add(
            Level::Warning,
            format!("too many incidents at once: what turns up more than {left:#} late is not fetched"),
        );
    }
    Ok(Fetched { incidents, last_run: kept.value })
}

/// What is delivered whatever happens, and where to go on.
fn begin(
    settings: &FetchSettings,
    last_run: &Map<String, Value>,
    now: Timestamp,
) -> Result<(Vec<Value>, LastRun), FetchFailed> {
    if let Some(state) = LastRun::read(last_run).map_err(|error| FetchFailed::Text(error.to_string()))? {
        return Ok((Vec::new(), state));
    }
    if let Some(original) = Original::read(last_run, now) {
        return Ok(original.take_over(settings.most));
    }
    let since = settings.since(now).map_err(FetchFailed::Text)?;
    Ok((Vec::new(), LastRun::new(since)))
}

/// Reads on from a state, and moves it to the end of what is returned.
async fn poll(
    client: &Client,
    timeout: Option<Duration>,
    options: FetchOptions,
    state: &mut LastRun,
    wanted: usize,
    make: &Maker<'_>,
) -> (Vec<Made>, Option<Cut>) {
    let mut fetch = match state.position {
        Some(position) => client.resume_fetch(state.checkpoint.clone(), options, position),
        None => client.fetch(state.checkpoint.clone(), options),
    };
    let mut found = Vec::new();
    let time = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(time);
    let cut = loop {
        if found.len() >= wanted {
            break None;
        }
        let next = tokio::select! {
            biased;
            next = fetch.next(wanted - found.len()) => next,
            () = &mut time => break Some(Cut::Time),
        };
        match next {
            Ok(Some(batch)) => found.extend(take(state, batch, fetch.position(), make)),
            Ok(None) => {
                let checkpoint = fetch.checkpoint();
                go_on(state, checkpoint, None);
                break None;
            }
            Err(error) => break Some(Cut::Api(error)),
        }
    };
    for hole in fetch.take_holes() {
        make.tell(&hole);
    }
    (found, cut)
}

/// Takes a batch into the state; what the original had delivered is left out. A broken incident is not delivered: perhaps
/// it can be read the next time.
fn take(state: &mut LastRun, batch: Batch, position: Option<FetchPosition>, make: &Maker<'_>) -> Vec<Made> {
    let Batch { incidents, checkpoint } = batch;
    let mut found = Vec::with_capacity(incidents.len());
    for new in incidents {
        let owed = state.owed.as_ref();
        let owed = owed.is_none_or(|owed| new.created != Some(owed.created) || owed.ids.contains(&new.id));
        match make.incident(&new) {
            Ok(incident) => {
                state.deliver(&new.id, new.created);
                if owed {
                    found.push(Made { created: new.created, incident });
                }
            }
            Err(hole) => make.tell(&hole),
        }
    }
    go_on(state, &checkpoint, position);
    found
}

/// An incident as the platform takes it.
struct Made {
    created: Option<Timestamp>,
    incident: Value,
}

/// What every incident needs to become one of the platform's.
struct Maker<'a> {
    backend: Backend,
    mirrored: Map<String, Value>,
    now: Timestamp,
    log: &'a Log,
}

impl Maker<'_> {
    fn incident(&self, new: &NewIncident) -> Result<Value, Hole> {
        cortex_incident(self.backend, new, &self.mirrored, self.now).map_err(|error| Hole {
            missing: MissingPart::Incident,
            id: Some(new.id.clone()),
            created_from: new.created,
            reason: format!("it is no JSON: {error}"),
        })
    }

    fn tell(&self, hole: &Hole) {
        let id = hole.id.as_deref().unwrap_or("without an id");
        self.log.add(Level::Warning, format!("incident {id}, {:?} missing: {}", hole.missing, hole.reason));
    }
}

fn go_on(state: &mut LastRun, checkpoint: &Checkpoint, position: Option<FetchPosition>) {
    // Ids are in the state already.
    (state.checkpoint.created, state.checkpoint.polled) = (checkpoint.created, checkpoint.polled);
    state.position = position;
}
