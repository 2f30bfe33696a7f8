//! What was found, for people and for programs, and how the command ends.

use defender_xdr_core::Timestamp;
use defender_xdr_migrate::compare::{Class, Count, Difference, Missing};
use serde::Serialize;
use serde_json::Value;

use super::super::super::incidents::holes::outcome;
use super::Window;
use super::reading::Found;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Table;
use crate::world::World;

#[derive(Serialize)]
struct Asked {
    since: Timestamp,
    /// Absent: until now.
    until: Option<Timestamp>,
    with_alerts: bool,
    /// Whether `--limit` ended it.
    cut: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    verdict: &'static str,
    window: Asked,
    compared: usize,
    unreadable: usize,
    expected: Vec<Count>,
    unexplained: &'a [Difference],
    missing: &'a [Missing],
}

/// A cell holds no more.
const LONGEST: usize = 60;

pub(super) fn show(world: &World, window: &Window, found: &Found) -> Result<Exit, Failure> {
    let tally = &found.tally;
    let holes: Vec<_> = found.holes.iter().map(|(_, hole)| hole.clone()).collect();
    let unreadable = found.unreadable + holes.len();
    // Nothing compared says nothing.
    let is_empty = tally.compared() == 0 && unreadable == 0;
    let go = tally.is_go() && !is_empty;
    let shown = Shown {
        verdict: if go && unreadable == 0 { "go" } else { "no-go" },
        window: Asked {
            since: window.since,
            until: window.until,
            with_alerts: window.with_alerts,
            cut: found.cut,
        },
        compared: tally.compared(),
        unreadable,
        expected: tally.expected(),
        unexplained: tally.unexplained(),
        missing: tally.missing(),
    };
    let mut output = world.output();
    output.object(&shown, || expected(&shown))?;
    let lost: Vec<_> = shown.missing.iter().filter(|missing| missing.class == Class::Unexplained).collect();
    if world.takes_tables() && !(shown.unexplained.is_empty() && lost.is_empty()) {
        output.line("")?;
        output.table(&unexplained(shown.unexplained, &lost))?;
    }
    output.finish()?;
    world.say(&summary(&shown, lost.len()));
    if is_empty {
        world.say("there was nothing to compare: take a longer time with `--since`");
    }
    if go {
        return outcome(found.unreadable, &holes);
    }
    Ok(Exit::Negative)
}

fn expected(shown: &Shown<'_>) -> Table {
    let mut table = Table::new(&["rule", "count", "incidents", "why"]).wrapping();
    for count in &shown.expected {
        let number = |number: usize| number.to_string();
        table.row(&[
            count.rule.to_owned(),
            number(count.count),
            number(count.incidents),
            count.why.to_owned(),
        ]);
    }
    table
}

fn unexplained(differences: &[Difference], lost: &[&Missing]) -> Table {
    let mut table = Table::new(&["incident", "where", "legacy", "graph"]);
    for difference in differences {
        let side = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".to_owned(), cell);
        table.row(&[
            difference.id.clone(),
            difference.path.clone(),
            side(&difference.legacy),
            side(&difference.graph),
        ]);
    }
    for missing in lost {
        let side = |on: &str| if missing.on == on { "missing" } else { "there" }.to_owned();
        table.row(&[missing.id.clone(), "the incident".to_owned(), side("legacy"), side("graph")]);
    }
    table
}

fn cell(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn summary(shown: &Shown<'_>, lost: usize) -> String {
    let expected: usize = shown.expected.iter().map(|count| count.count).sum();
    let unexplained = shown.unexplained.len();
    let cut = if shown.window.cut { " (the limit ended it)" } else { "" };
    format!(
        "{}: {} compared{cut}, {} explained by rules, {} not, {lost} missing on one side",
        shown.verdict,
        counted(shown.compared, "incident"),
        counted(expected, "difference"),
        unexplained
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
