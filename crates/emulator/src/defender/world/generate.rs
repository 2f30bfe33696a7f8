//! Invents the incidents of a world: thirty days of them, newest with the highest number.

use super::quirk::{self, Quirk};
use super::random::SplitMix64;
use super::record::{Comment, Record};
use super::story::STORIES;
use super::ticks::{DAY, HOUR, MINUTE, Ticks};
use super::triage::{Classification, Determination, Severity, Status};

const STREAM_INCIDENTS: u64 = 3;
/// The number of the oldest incident.
pub(crate) const FIRST_ID: u64 = 20_001;
/// Credential theft: devices, processes and files.
const STORY_WITH_DEVICE: usize = 0;
/// Beaconing: addresses.
const STORY_WITH_ADDRESS: usize = 6;
const SPAN: i64 = 30 * DAY;

/// All incidents of a world, oldest first.
pub(crate) fn records(seed: u64, count: usize, domain: &str, now: Ticks) -> Vec<Record> {
    let mut records: Vec<Record> = (0..count).map(|index| record(seed, index, count, domain, now)).collect();
    for (index, record) in records.iter_mut().enumerate() {
        plant(record, count - 1 - index, count);
    }
    records
}

/// A new incident at `now` with the given number, of the story that its number draws.
pub(crate) fn fresh(seed: u64, id: u64, now: Ticks) -> Record {
    let mut random = SplitMix64::keyed(seed, STREAM_INCIDENTS, id);
    let story = random.below(u64::try_from(STORIES.len()).unwrap_or(1));
    let story = usize::try_from(story).unwrap_or(0);
    let steps = u64::try_from(STORIES[story].steps.len()).unwrap_or(1);
    Record {
        id,
        story,
        quirk: Quirk::None,
        created: now,
        updated: now,
        status: Status::Active,
        severity: STORIES[story].severity,
        classification: Some(Classification::Unknown),
        determination: Determination::NotAvailable,
        assigned_to: None,
        tags: Vec::new(),
        comments: Vec::new(),
        redirect: None,
        own_alerts: u32::try_from(2 + random.below(steps * 2 + 1)).unwrap_or(1),
        alerts_of: vec![id],
        display_name: None,
        description: None,
        summary: None,
        resolving_comment: None,
        last_modified_by: None,
    }
}

fn record(seed: u64, index: usize, count: usize, domain: &str, now: Ticks) -> Record {
    const SITES: &[&str] = &["site-oslo", "site-turin", "site-cork", "ir-watch", "vip"];
    let position = i64::try_from(index).unwrap_or(0);
    let total = i64::try_from(count).unwrap_or(1).max(1);
    let id = FIRST_ID + u64::try_from(index).unwrap_or(0);
    let mut random = SplitMix64::keyed(seed, STREAM_INCIDENTS, id ^ (1 << 40));
    let slot = SPAN / total;
    // The newest incident is at least a minute old, so that a reader's "since now" starts out empty.
    let age = SPAN - slot * position - random.below_signed(slot.max(1));
    let created = now.plus(-age.max(MINUTE)).cut_to_digits(random.below(8));
    let mut record = fresh(seed, id, created);

    let life = (age - MINUTE).max(1).min(6 * HOUR + random.below_signed(3 * DAY));
    record.updated = created.plus(random.below_signed(life)).cut_to_digits(random.below(8)).max(created);
    let age_in_days = age / DAY;
    let closed_share = if age_in_days > 10 { 80 } else { 25 };
    if random.chance(closed_share) {
        record.status = Status::Resolved;
        let verdict = STORIES[record.story].verdict;
        record.determination = verdict;
        record.classification = [
            Classification::TruePositive,
            Classification::InformationalExpectedActivity,
            Classification::FalsePositive,
        ]
        .into_iter()
        .find(|class| verdict.fits(*class));
    } else if random.chance(30) {
        record.status = Status::InProgress;
    }
    if record.status != Status::Active || random.chance(15) {
        record.assigned_to = Some(match random.below(10) {
            0 => "Unassigned".to_owned(),
            1 => "Night Shift".to_owned(),
            2..=4 => format!("mika@{domain}"),
            _ => format!("dana@{domain}"),
        });
    }
    for _ in 0..random.below(3) {
        let tag = random.word(SITES).to_owned();
        if !record.tags.contains(&tag) {
            record.tags.push(tag);
        }
    }
    if record.assigned_to.is_some() {
        for _ in 0..random.below(3) {
            record.comments.push(comment(&mut random, record.updated, domain));
        }
    }
    record
}

fn comment(random: &mut SplitMix64, at: Ticks, domain: &str) -> Comment {
    const NOTES: &[&str] = &[
        "Host pulled for imaging",
        "Asked the owner; waiting for an answer",
        "Password reset, sessions revoked",
        "Same sender as last week\r\nsee the mail trace",
        "Nothing else seen on the neighbouring machines",
    ];
    let (author, author_display_name) = match random.below(3) {
        0 => ("Aurora Automation".to_owned(), "Aurora Automation".to_owned()),
        1 => (format!("mika@{domain}"), "Mika Holm".to_owned()),
        _ => (format!("dana@{domain}"), "Dana Rook".to_owned()),
    };
    Comment { text: random.word(NOTES).to_owned(), author, author_display_name, at }
}

/// Gives the incidents at fixed places their oddities.
fn plant(record: &mut Record, age: usize, count: usize) {
    record.quirk = quirk::at(age);
    match record.quirk {
        Quirk::Huge => record.own_alerts = 160,
        Quirk::Merged => plant_merge(record, age, count),
        Quirk::NullLists | Quirk::MissingLists => {
            record.tags.clear();
            record.comments.clear();
            record.classification = None;
            record.determination = Determination::NotAvailable;
            // What is not shown must not be found by a filter either.
            if record.quirk == Quirk::MissingLists {
                record.assigned_to = None;
            }
        }
        Quirk::NoSeverity => record.severity = Severity::Unspecified,
        Quirk::UnknownWords | Quirk::DirtyText | Quirk::NumbersAsText | Quirk::SpellingDrift => {
            retell(record, STORY_WITH_DEVICE);
        }
        Quirk::InvalidAddresses => retell(record, STORY_WITH_ADDRESS),
        _ => {}
    }
    if matches!(age, 15 | 33) {
        record.status = Status::AwaitingAction;
        record.assigned_to = None;
    }
}

/// A quirk shows only where the story has the evidence for it.
fn retell(record: &mut Record, story: usize) {
    record.story = story;
    record.severity = STORIES[story].severity;
    record.own_alerts = record.own_alerts.max(4);
}

/// Ages 18, 19 and 20 are husks, each merged into the next older one; age 21 holds all their alerts.
fn plant_merge(record: &mut Record, age: usize, count: usize) {
    let holder_exists = count > 21;
    if !holder_exists {
        record.quirk = Quirk::None;
    } else if age < 21 {
        record.status = Status::Redirected;
        record.redirect = Some(record.id - 1);
        record.alerts_of.clear();
    } else {
        record.alerts_of.extend([record.id + 1, record.id + 2, record.id + 3]);
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, MINUTE, records};
    use crate::defender::world::ticks::Ticks;
    use crate::defender::world::triage::Status;

    fn now() -> Ticks {
        Ticks::parse("2026-09-14T08:00:00Z").unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_incidents_and_another_seed_does_not() {
        let first = records(7, 60, "aurora-lab.example", now());
        assert_eq!(first, records(7, 60, "aurora-lab.example", now()));
        assert_ne!(first, records(8, 60, "aurora-lab.example", now()));
    }

    #[test]
    fn incidents_lie_within_the_last_thirty_days() {
        for record in records(7, 250, "aurora-lab.example", now()) {
            assert!(record.created >= now().plus(-30 * DAY), "{}", record.created.text());
            assert!(record.created <= now().plus(-MINUTE), "{}", record.created.text());
            assert!(record.updated >= record.created && record.updated <= now());
        }
    }

    #[test]
    fn a_chain_of_three_husks_ends_in_an_incident_that_holds_their_alerts() {
        let all = records(7, 250, "aurora-lab.example", now());
        let husks: Vec<_> = all.iter().filter(|record| record.status == Status::Redirected).collect();
        assert_eq!(husks.len(), 3);
        let holder = all.iter().find(|record| record.alerts_of.len() == 4).unwrap();
        assert_eq!(husks.first().unwrap().redirect, Some(holder.id));
    }
}
