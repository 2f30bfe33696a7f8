//! New incidents.

use super::{Failure, Instance, Outcome};
use crate::fetch_incidents::{FetchFailed, FetchSettings, fetch_incidents};

pub(super) async fn run(instance: &Instance<'_>) -> Result<Outcome, Failure> {
    let settings = FetchSettings::of(instance.form, instance.name, instance.log)?;
    let now = instance.clock.now();
    let fetched = fetch_incidents(instance.client, &settings, instance.last_run, now, instance.log).await;
    let fetched = fetched.map_err(|failed| match failed {
        FetchFailed::Text(text) => Failure::Argument(text),
        FetchFailed::Api(error) => Failure::Api(error),
    })?;
    Ok(Outcome { incidents: Some(fetched.incidents), last_run: Some(fetched.last_run), ..Outcome::default() })
}
