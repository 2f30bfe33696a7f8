//! Every field, word and filter there and back: all of the tables, and many filters and bodies put together by chance.
#![expect(clippy::expect_used, reason = "what rolls dice fails a test by panicking")]

use defender_xdr_api::incidents::{Owner, ValueChange};
use defender_xdr_core::backend::Backend::{Graph, Legacy};
use defender_xdr_migrate::correspondence::{Field, Record, enumerations, fields};
use defender_xdr_migrate::translate::{Row, body, context, field, filter, value};

/// A path that leads to a field without a doubt, on the legacy API.
fn legacy_path(field: &Field) -> Option<String> {
    let name = field.legacy?;
    Some(match field.record {
        Record::Of(Owner::Incident) => format!("incident.{name}"),
        Record::Of(Owner::Comment) => format!("comments[].{name}"),
        Record::Of(Owner::Alert) => format!("alerts[].{name}"),
        Record::Of(Owner::Device) => format!("alerts[].devices[].{name}"),
        Record::Of(Owner::Evidence | Owner::Entity(..)) => format!("alerts[].entities[].{name}"),
        Record::Hunting => name.to_owned(),
        Record::Column => format!("Schema[].{name}"),
    })
}

fn targets(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.to.as_deref()).collect()
}

#[test]
fn every_field_goes_there_and_back_but_those_listed_as_without_counterpart() {
    let mut without = Vec::new();
    let mut there_and_back = 0;
    for entry in fields() {
        let Some(path) = legacy_path(entry) else { continue };
        let there = field(&path, Graph).expect("rows");
        let of_record: Vec<_> = there.iter().filter(|row| row.what == entry.record.to_string()).collect();
        assert!(!of_record.is_empty(), "{path}: {there:?}");
        if entry.graph.is_none() {
            without.push(path);
            continue;
        }
        let back = |row: &&&Row| {
            row.to
                .as_deref()
                .is_some_and(|to| targets(&field(to, Legacy).expect("rows")).contains(&path.as_str()))
        };
        // The documentation's second spelling of a comment's time becomes the first one.
        let second_spelling = path == "comments[].createTime";
        assert!(second_spelling || of_record.iter().any(|row| back(&row)), "{path}: {of_record:?}");
        there_and_back += 1;
    }
    assert_eq!(without, ["alerts[].investigationId", "alerts[].devices[].osProcessor", "Stats"]);
    assert!(there_and_back > 70, "{there_and_back}");
}

#[test]
fn what_only_graph_has_is_listed_for_the_legacy_api() {
    let mut count = 0;
    for entry in fields().iter().filter(|entry| entry.legacy.is_none()) {
        let name = entry.graph.as_deref().expect("a field of Graph");
        let path = if entry.record == Record::Of(Owner::Alert) {
            format!("alert.{name}")
        } else {
            format!("incident.{name}")
        };
        let rows = field(&path, Legacy).expect("rows");
        assert!(rows.iter().all(|row| row.to.is_none() && row.note.is_some()), "{path}: {rows:?}");
        count += 1;
    }
    assert!(count > 10, "{count}");
}

#[test]
fn every_word_goes_there_and_back_but_those_listed_as_without_counterpart() {
    let mut without = Vec::new();
    for all in enumerations() {
        let name = format!("{}.{}", all.record, all.field);
        for (graph, legacy, others) in all.words.rows() {
            if all.graph_only(graph).is_some() {
                let rows = value(&format!("{name}={graph}"), Legacy).expect("rows");
                assert_eq!(targets(&rows), Vec::<&str>::new(), "{graph}");
                without.push(format!("{name}={graph}"));
                continue;
            }
            for word in std::iter::once(legacy).chain(others.iter().copied()) {
                let rows = value(&format!("{name}={word}"), Graph).expect("rows");
                assert_eq!(targets(&rows), [graph], "{name}={word}");
            }
            let rows = value(&format!("{name}={graph}"), Legacy).expect("rows");
            assert_eq!(targets(&rows), [legacy], "{name}={graph}");
        }
    }
    assert_eq!(without, ["incident.status=awaitingAction"]);
}

#[test]
fn words_whose_first_letter_alone_differs_go_there_and_back() {
    // "alert resource type" of Defender XDR, with the machine states of Defender for Endpoint.
    let words = [
        (
            "investigationState",
            "Unknown Terminated SuccessfullyRemediated Benign Failed PartiallyRemediated Running \
          PendingApproval PendingResource PartiallyInvestigated TerminatedByUser TerminatedBySystem Queued InnerFailure \
          PreexistingAlert UnsupportedOs UnsupportedAlertType SuppressedAlert",
        ),
        (
            "healthStatus",
            "Active Inactive ImpairedCommunication NoSensorData NoSensorDataImpairedCommunication Unknown",
        ),
        ("riskScore", "None Informational Low Medium High"),
    ];
    for (name, words) in words {
        for word in words.split_whitespace() {
            let rows = value(&format!("{name}={word}"), Graph).expect("rows");
            let graph = rows[0].to.clone().expect("a word");
            assert!(graph.starts_with(|first: char| first.is_ascii_lowercase()));
            let rows = value(&format!("{name}={graph}"), Legacy).expect("rows");
            assert_eq!(rows[0].to.as_deref(), Some(word));
        }
    }
}

#[test]
fn every_incident_field_goes_there_and_back_in_the_cortex_context() {
    for entry in fields().iter().filter(|entry| entry.record == Record::Of(Owner::Incident)) {
        let (Some(name), Some(_)) = (entry.legacy, &entry.graph) else { continue };
        let path = format!("Microsoft365Defender.Incident.{name}");
        let there = context(&path, Graph).expect("rows").remove(0).to.expect("a path");
        let back = context(&there, Legacy).expect("rows").remove(0).to.expect("a path");
        assert_eq!(back, path);
    }
}

/// xorshift64*: the same filters in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

fn condition(dice: &mut Dice) -> String {
    let time = dice.one(&[
        "2026-09-01T00:00:00Z",
        "{since}",
        "$(Get-Date -Format o)",
        "2026-09-01T00:00:00.1234567Z",
    ]);
    let operator = dice.one(&["eq", "ne", "gt", "ge", "lt", "le"]);
    match dice.roll(4) {
        0 => format!("lastUpdateTime {operator} {time}"),
        1 => format!("createdTime {operator} {time}"),
        2 => format!("status {operator} '{}'", dice.one(&["Active", "InProgress", "Resolved", "Redirected"])),
        _ => format!(
            "assignedTo eq '{}'",
            dice.one(&["o''neil", "a and b", "x (y)", "dana@northwind-lab.example", ""])
        ),
    }
}

#[test]
fn filters_go_there_and_back() {
    let mut dice = Dice(0x5EED_0001);
    for _ in 0..2000 {
        let mut terms: Vec<String> = (0..=dice.roll(4)).map(|_| condition(&mut dice)).collect();
        if dice.roll(3) == 0 {
            terms.push(format!("({} or {})", condition(&mut dice), condition(&mut dice)));
        }
        let legacy = terms.join(" and ");
        let there = filter(&legacy, Graph).expect("rows");
        assert_eq!(there.len(), 1, "{there:?}");
        let graph = there[0].to.clone().expect("a filter");
        assert!(!graph.contains("lastUpdateTime") && !graph.contains("'Active'"), "{graph}");
        let back = filter(&graph, Legacy).expect("rows");
        assert_eq!(back[0].to.as_deref(), Some(legacy.as_str()));
    }
}

#[test]
fn no_condition_is_ever_dropped() {
    let mut dice = Dice(0x5EED_0002);
    let foreign = [
        "severity eq 'high'",
        "classification ne 'unknown'",
        "assignedTo eq null",
        "contains(displayName,'a,b')",
    ];
    for _ in 0..1000 {
        let mut terms: Vec<String> = (0..=dice.roll(3)).map(|_| condition(&mut dice)).collect();
        let own = terms.len();
        for _ in 0..=dice.roll(2) {
            let at = dice.roll(terms.len() + 1);
            terms.insert(at, dice.one(&foreign).to_owned());
        }
        let graph = terms
            .iter()
            .map(|term| filter(term, Graph).expect("rows").remove(0).to.unwrap_or_else(|| term.clone()));
        let graph = graph.collect::<Vec<_>>().join(" and ");
        let rows = filter(&graph, Legacy).expect("rows");
        let kept = rows[0].to.as_deref().expect("something is kept");
        let (_, listed) = rows.split_first().expect("rows");
        assert_eq!(listed.len(), terms.len() - own, "{graph}: {rows:?}");
        assert!(listed.iter().all(|row| graph.contains(&row.from) && row.to.is_none()));
        assert!(!kept.contains("severity") && !kept.contains("null"), "{kept}");
    }
}

#[test]
fn every_word_of_an_update_goes_there_and_back() {
    for all in enumerations().iter().filter(|all| all.record == Record::Of(Owner::Incident)) {
        for (graph, legacy, _) in all.words.rows() {
            let old = format!(r#"{{"{}":"{legacy}","assignedTo":"","tags":["a"]}}"#, all.field);
            let settable = !["redirected"].contains(&graph)
                && all.field != "severity"
                && all.graph_only(graph).is_none();
            let there = body(&old, Graph).expect("rows");
            if !settable {
                continue;
            }
            assert!(matches!(all.field, "status" | "classification" | "determination"));
            let new = there[0].to.clone().expect("a body");
            assert!(new.contains(&format!("\"{graph}\"")) && new.contains("null"), "{new}");
            assert_eq!(body(&new, Legacy).expect("rows")[0].to.as_deref(), Some(old.as_str()));
        }
    }
    assert!(enumerations().iter().all(|all| {
        matches!(
            fields()
                .iter()
                .find(|field| field.record == all.record && field.legacy == Some(all.field))
                .map(|field| field.value),
            Some(ValueChange::Words(_))
        )
    }));
}
