//! How Graph's collection of alerts is read to its end: by the time of the last change, not by links.
//!
//! Links to further pages have been observed to be missing, and `$skip` ends at 500 ("List `alerts_v2`"). So each page asks
//! for what was changed at or after the last change seen; what comes twice is dropped by its id. An alert that is changed
//! meanwhile only moves to a later page. The order is looked at as it arrives: a service that does not keep it is
//! followed by its links.

use std::borrow::Cow;

use defender_xdr_core::Timestamp;
use serde::Deserialize;

use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};

/// The largest `$top`; a larger one is cut down without a word.
pub(super) const LARGEST_PAGE: usize = 1000;
/// The largest `$skip`.
const DEEPEST_SKIP: usize = 500;

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// At the first alert changed at or after the text of a time (`None`: the very first), passing over so many.
    Time(Option<String>, usize),
    /// Where the service says.
    Link(String),
    /// Nowhere: that was all.
    End,
}

/// The part of an alert that decides where the next page starts.
#[derive(Deserialize)]
struct Stamp<'a> {
    #[serde(borrow, rename = "lastUpdateDateTime")]
    updated: Option<Cow<'a, str>>,
}

/// The place after a page.
///
/// # Errors
/// When the rest cannot be reached: what was read is good, and not all.
pub(super) fn after(place: &Place, page: &RawPage, page_size: usize) -> Result<Place, ApiError> {
    let link = || page.next_link.clone().map(Place::Link);
    let is_short = page.len() < page_size;
    let (cursor, skipped) = match place {
        Place::Time(cursor, skipped) => (cursor, *skipped),
        Place::Link(_) | Place::End if is_short => return Ok(link().unwrap_or(Place::End)),
        Place::Link(_) | Place::End => return link().ok_or_else(out_of_order),
    };
    let Ok(reached) = cursor.as_deref().map(str::parse::<Timestamp>).transpose() else {
        return link().ok_or_else(out_of_order);
    };
    let Some(latest) = latest(page, reached) else {
        return if is_short { Ok(link().unwrap_or(Place::End)) } else { link().ok_or_else(out_of_order) };
    };
    match latest {
        // A short page is the end, unless the service says that it goes on.
        _ if is_short && page.next_link.is_none() => Ok(Place::End),
        Some((at, text)) if reached.is_none_or(|reached| at > reached) => Ok(Place::Time(Some(text), 0)),
        _ if page.len() == 0 => Ok(link().unwrap_or(Place::End)),
        _ if skipped < DEEPEST_SKIP => {
            Ok(Place::Time(cursor.clone(), (skipped + page.len()).min(DEEPEST_SKIP)))
        }
        _ => Err(ApiError::new(
            ApiErrorKind::Partial,
            format!(
                "more than {} alerts were changed at the same moment ({}), and the service shows no more of them",
                DEEPEST_SKIP + page_size,
                cursor.as_deref().unwrap_or("unknown")
            ),
        )
        .with_hint("list them in parts, such as by `--severity`, `--status` or `--service-source`")),
    }
}

/// The latest change on a page, with its own text; the outer `None` when the page is not in order.
#[expect(clippy::option_option, reason = "no time at all and no order are two findings")]
fn latest(page: &RawPage, from: Option<Timestamp>) -> Option<Option<(Timestamp, String)>> {
    let mut latest: Option<(Timestamp, String)> = None;
    for index in 0..page.len() {
        let stamp = serde_json::from_str::<Stamp<'_>>(page.record(index)).ok();
        let Some(text) = stamp.and_then(|stamp| stamp.updated) else { continue };
        let Ok(at) = text.parse::<Timestamp>() else { continue };
        let floor = latest.as_ref().map(|(at, _)| *at).or(from);
        if floor.is_some_and(|floor| at < floor) {
            return None;
        }
        latest = Some((at, text.into_owned()));
    }
    Some(latest)
}

fn out_of_order() -> ApiError {
    ApiError::new(
        ApiErrorKind::Partial,
        "the service neither keeps the order asked for nor links to the next page: the list may go on",
    )
    .with_hint("list less at a time, such as with `--since`")
}

#[cfg(test)]
mod tests;
