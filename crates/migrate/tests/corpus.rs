//! How well a scan finds what must change, over invented files of the kinds that people have.
//!
//! A list beside each set says by file, line and kind what must be found; everything else must not be. It was written with the
//! files, by what a reader has to change. The scanner was mended by what it missed in `files`; `unseen` was written afterwards,
//! in other languages and styles, and nothing was mended by it. The figures stand in `docs/benchmarks.md`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "what reads the lists fails a test by panicking, and the figures are for people"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use defender_xdr_migrate::scan::{Kind, Scanned, Scanner, TreeOptions, scan_paths};

/// How often a kind is in a line of a file.
type Counts = BTreeMap<(String, usize, Kind), usize>;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn expected(list: &str) -> Counts {
    let text = fs::read_to_string(corpus().join(list)).expect("what must be found");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [file, line, kind, count] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four cells: {row}")
        };
        let kind = Kind::ALL.into_iter().find(|known| known.id() == kind).expect("a kind");
        ((file.to_owned(), line.parse().expect("a line"), kind), count.parse().expect("a number"))
    })
    .collect()
}

fn found(set: &str) -> (Counts, usize) {
    let root = corpus().join(set);
    let report = scan_paths(&Scanner::new(), std::slice::from_ref(&root), TreeOptions::default());
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    let mut counts = Counts::new();
    for (path, finding) in report.findings {
        let file =
            path.strip_prefix(&root).expect("below the root").to_str().expect("a name in text").to_owned();
        *counts.entry((file, finding.line, finding.kind)).or_default() += 1;
    }
    (counts, report.files + report.binary)
}

/// What was rightly found, wrongly found, and not found, of a kind.
fn tally(found: &Counts, expected: &Counts, kind: Kind) -> (usize, usize, usize) {
    let of = |counts: &Counts| -> usize {
        counts.iter().filter(|((_, _, of), _)| *of == kind).map(|(_, count)| count).sum()
    };
    let common = found.iter().filter(|((_, _, of), _)| *of == kind);
    let right: usize = common.map(|(place, count)| *count.min(expected.get(place).unwrap_or(&0))).sum();
    (right, of(found) - right, of(expected) - right)
}

fn differences(found: &Counts, expected: &Counts) -> String {
    let mut text = String::new();
    for (places, others, what) in [(expected, found, "missing"), (found, expected, "too much")] {
        for ((file, line, kind), count) in places {
            let other = others.get(&(file.clone(), *line, *kind)).unwrap_or(&0);
            if count > other {
                let _ = writeln!(text, "{what}: {file}:{line} {kind} {}", count - other);
            }
        }
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "the corpus has far fewer places than a float can count")]
fn share(part: usize, rest: usize) -> f64 {
    if part + rest == 0 { 1.0 } else { part as f64 / (part + rest) as f64 }
}

/// The least precision and recall.
type Least = fn(Kind) -> (f64, f64);

/// Measures a set, prints the table, and fails below the least.
fn measure(set: &str, list: &str, least_files: usize, least: Least) {
    let (found, files) = found(set);
    let expected = expected(list);
    assert!(files >= least_files, "{files} files");
    let told = differences(&found, &expected);
    let mut table = String::from(
        "| Kind | Right | Wrong | Missed | Precision | Recall |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let mut failures = Vec::new();
    for kind in Kind::ALL {
        let (right, wrong, missed) = tally(&found, &expected, kind);
        let (precision, recall) = (share(right, wrong), share(right, missed));
        let _ = writeln!(table, "| {kind} | {right} | {wrong} | {missed} | {precision:.3} | {recall:.3} |");
        let (least_precision, least_recall) = least(kind);
        if precision < least_precision || recall < least_recall {
            failures.push(kind.id());
        }
    }
    println!("{set}: {files} files\n{table}{told}");
    assert!(failures.is_empty(), "below what is stated: {failures:?}\n{table}{told}");
}

#[test]
fn in_the_files_it_was_made_with_all_that_must_change_is_found() {
    measure("files", "expected.tsv", 60, |kind| match kind {
        Kind::Value => (0.97, 1.0),
        _ => (1.0, 1.0),
    });
}

#[test]
fn in_files_it_was_not_made_with_hosts_scopes_and_permissions_are_all_found() {
    measure("unseen", "unseen.tsv", 16, |kind| match kind {
        Kind::Host | Kind::Scope | Kind::Permission => (1.0, 1.0),
        Kind::Field => (0.95, 0.65),
        _ => (0.95, 0.95),
    });
}

/// xorshift64*: the same changes in every run.
fn roll(state: &mut u64, sides: usize) -> usize {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    usize::try_from(state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).expect("31 bits") % sides.max(1)
}

#[test]
fn torn_files_and_odd_characters_are_read_to_their_end() {
    let scanner = Scanner::new();
    let mut dice = 0x5EED_0003;
    let mut found_at_all = 0;
    for entry in walk(&corpus().join("files")) {
        let bytes = fs::read(entry).expect("a file");
        if bytes.len() > 20_000 {
            continue;
        }
        for _ in 0..40 {
            let mut torn = bytes.clone();
            for _ in 0..=roll(&mut dice, 4) {
                let at = roll(&mut dice, torn.len());
                match roll(&mut dice, 3) {
                    0 => torn.truncate(at),
                    1 => drop(torn.splice(at..at, "ü→\u{1F600}".bytes())),
                    _ => drop(torn.drain(at..(at + 7).min(torn.len()))),
                }
            }
            let Scanned::Text(findings) = scanner.scan(&torn) else { continue };
            found_at_all += findings.len();
            assert!(findings.iter().all(|finding| !finding.found.is_empty() && finding.line > 0));
        }
    }
    assert!(found_at_all > 1000, "{found_at_all}");
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
