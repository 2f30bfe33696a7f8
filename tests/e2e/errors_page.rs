//! The page of errors knows every kind of error with every exit code it comes with. Both are read from the program's
//! source: an error that no test can provoke is on the page all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::{pages, root};

fn sources(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry")) {
        if entry.path().is_dir() {
            sources(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(entry.path()).expect("source text"));
        }
    }
}

/// `Usage = 2,` by name.
fn numbers() -> BTreeMap<String, u8> {
    let text = fs::read_to_string(root().join("crates/cli/src/exit.rs")).expect("the exit codes");
    let mut numbers = BTreeMap::new();
    for (name, number) in text.lines().filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = ")) {
        numbers.insert(name.to_owned(), number.parse().expect("a number"));
    }
    numbers
}

/// Every `"kind", Exit::Name` of the program.
fn in_the_source() -> BTreeSet<(String, u8)> {
    let numbers = numbers();
    let mut texts = Vec::new();
    sources(&root().join("crates/cli/src"), &mut texts);
    let mut found = BTreeSet::new();
    for text in texts {
        for (at, _) in text.match_indices("Exit::") {
            let before = text[..at].trim_end().trim_end_matches("crate::").trim_end();
            let Some(kind) = before.strip_suffix("\",").and_then(|text| text.rsplit('"').next()) else {
                continue;
            };
            let name = text[at + "Exit::".len()..].chars().take_while(char::is_ascii_alphanumeric);
            found.insert((kind.to_owned(), numbers[&name.collect::<String>()]));
        }
    }
    found
}

fn on_the_page() -> BTreeSet<(String, u8)> {
    let pages = pages();
    let page = pages.iter().find(|page| page.name == "docs/errors.md").expect("the page");
    let mut found = BTreeSet::new();
    for row in page.text.lines().filter_map(|line| line.strip_prefix("| `")) {
        let mut cells = row.split('|').map(str::trim);
        let kind = cells.next().expect("a kind").trim_end_matches('`').to_owned();
        let exit = cells.next().expect("an exit code").parse().expect("a number");
        let told = cells.filter(|cell| !cell.is_empty()).count();
        assert_eq!(told, 2, "`{kind}` with {exit}: what happened, and what to do");
        found.insert((kind, exit));
    }
    found
}

#[test]
fn the_page_of_errors_has_every_kind_with_its_exit_codes_and_no_other() {
    let (source, page) = (in_the_source(), on_the_page());
    assert!(
        source.len() > 20 && source.contains(&("usage".to_owned(), 2)),
        "the source was not understood: {source:?}"
    );
    let missing: Vec<_> = source.difference(&page).collect();
    let invented: Vec<_> = page.difference(&source).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "docs/errors.md lacks {missing:?} and invents {invented:?}"
    );
}
