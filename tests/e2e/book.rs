//! The documentation as a book: every page is in its contents, and every link leads somewhere.

use std::collections::BTreeSet;

use crate::support::{Page, pages, root};

/// Where a Markdown link of this page leads: path and anchor.
fn links(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let mut found = Vec::new();
    for (at, _) in prose.match_indices("](") {
        let rest = &prose[at + 2..];
        if let Some(end) = rest.find(')') {
            found.push(rest[..end].trim_matches(['<', '>']).to_owned());
        }
    }
    found
}

/// The path from the root of the repository, for one that starts at a page.
fn resolved(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(page: &Page) -> BTreeSet<String> {
    let mut made = BTreeSet::new();
    for line in page.prose().lines() {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = |character: &char| character.is_alphanumeric() || [' ', '-', '_'].contains(character);
        let anchor: String = title.trim().to_lowercase().chars().filter(kept).collect();
        let anchor = anchor.replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone()).chain(numbered).find(|anchor| !made.contains(anchor));
        made.extend(free);
    }
    made
}

fn others() -> Vec<Page> {
    let read = |name: &str| Page {
        name: name.to_owned(),
        text: std::fs::read_to_string(root().join(name)).expect("a page of text"),
    };
    ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(read).into()
}

#[test]
fn every_link_of_the_pages_leads_somewhere() {
    let mut pages = pages();
    pages.extend(others());
    let mut troubles = Vec::new();
    for page in &pages {
        for link in links(page) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.name.clone() } else { resolved(&page.name, path) };
            if !root().join(&target).exists() {
                troubles.push(format!("{}: ({link}) leads to no file", page.name));
            } else if let Some(known) = pages.iter().find(|known| known.name == target)
                && !anchor.is_empty()
                && !anchors(known).contains(anchor)
            {
                troubles.push(format!("{}: ({link}): {target} has no such heading", page.name));
            }
        }
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
}

#[test]
fn every_page_is_in_the_contents_of_the_book_once() {
    let pages = pages();
    let contents = pages.iter().find(|page| page.name == "docs/SUMMARY.md").expect("docs/SUMMARY.md");
    let listed: Vec<String> = links(contents).iter().map(|link| resolved(&contents.name, link)).collect();
    let once: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "docs/SUMMARY.md lists a page twice");
    for page in &pages {
        let inside = page.name.starts_with("docs/") && page.name != contents.name;
        assert!(
            !inside || once.contains(&page.name),
            "{} is missing from docs/SUMMARY.md: add a line",
            page.name
        );
    }
}

/// mdBook calls the page of a README `index.html`, and leaves the links to it as they are.
#[test]
fn links_to_a_readme_are_led_on_in_the_book() {
    let configuration = std::fs::read_to_string(root().join("book.toml")).expect("book.toml");
    for page in pages().iter().filter_map(|page| page.name.strip_prefix("docs/")?.strip_suffix("README.md")) {
        let line = format!("\"/{page}README.html\" = \"index.html\"");
        assert!(configuration.contains(&line), "book.toml lacks {line}");
    }
}

/// A link from a page of the book to a Markdown file outside of it leads nowhere in the book.
#[test]
fn pages_of_the_book_lead_to_pages_of_the_book() {
    for page in pages().iter().filter(|page| page.name.starts_with("docs/")) {
        for link in links(page).iter().filter(|link| !link.contains("://")) {
            let path = link.split('#').next().unwrap_or_default();
            let target = resolved(&page.name, path);
            let inside = path.is_empty() || target.starts_with("docs/");
            assert!(inside, "{}: ({link}) leaves the book; name the file in backticks", page.name);
        }
    }
}

#[test]
fn anchors_are_made_as_readers_know_them() {
    let text =
        "# What is wrong: `doctor`\n## Two\n## Two\n```sh\n# not a heading\n```\n#no heading\n".to_owned();
    let made = anchors(&Page { name: "page.md".to_owned(), text });
    let expected = ["two", "two-1", "what-is-wrong-doctor"].map(str::to_owned);
    assert_eq!(made, BTreeSet::from(expected));
}

/// The page of threats names the tests that fail without a defence.
#[test]
fn the_tests_that_the_threat_model_names_are_there() {
    let pages = pages();
    let page = pages.iter().find(|page| page.name == "docs/threat-model.md").expect("the page");
    let mut named = 0;
    for part in page.text.split("(`").skip(1) {
        let group = part.split(')').next().unwrap_or_default();
        for name in group.split(',').map(|name| name.split('`').find(|part| !part.trim().is_empty())) {
            let name = name.unwrap_or_default();
            if name.contains(|character: char| !character.is_ascii_lowercase() && character != '_') {
                continue;
            }
            assert!(root().join(format!("tests/e2e/{name}.rs")).exists(), "{name} is no file of tests/e2e");
            named += 1;
        }
    }
    assert!(named > 10, "only {named} tests are named");
}
