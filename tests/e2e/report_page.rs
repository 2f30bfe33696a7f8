//! The page about incidents: whole, the same numbers as the lists, and never half a one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Stage, Terminal};

#[test]
fn both_apis_give_one_page_that_loads_and_runs_nothing() {
    let stage = Stage::new();
    for api in ["graph", "legacy"] {
        let page = stage.run(&["--api", api, "report"]).well().stdout;
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{api}");
        for way in ["<script", " src=", "url(", "<link", "@import", " style="] {
            assert!(!page.contains(way), "{api}: {way}");
        }
        assert!(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"), "{api}");
    }
}

#[test]
fn its_numbers_are_those_of_the_list() {
    let stage = Stage::new();
    for api in ["graph", "legacy"] {
        let listed = stage.run(&["--api", api, "incidents", "list", "--all", "-o", "json"]).well().json();
        let listed = listed.as_array().expect("a list");
        let of = |word: &str| listed.iter().filter(|incident| incident["status"] == word).count();
        let report = stage.run(&["--api", api, "report", "-o", "json"]).well().json();
        assert_eq!(report["merged"], of("redirected"), "{api}");
        assert_eq!(report["incidents"], listed.len() - of("redirected"), "{api}");
        let open: u64 =
            report["open"].as_object().expect("counts").values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(open, (listed.len() - of("redirected") - of("resolved")) as u64, "{api}");
        let alerts = report["detections"][0]["alerts"].as_u64().expect("a count");
        assert!(alerts > 10, "{api}: {alerts}");
    }
}

#[test]
fn filters_choose_and_the_page_says_so() {
    let stage = Stage::new();
    let page = stage.run(&["report", "--severity", "high", "--status", "active"]).well().stdout;
    assert!(page.contains("only status active, severity high"), "{page}");
    assert!(!page.contains("class=\"medium\""));
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let stage = Stage::new();
    let path = stage.home.write("incidents.html", "old", 0o600);
    let name = path.to_str().expect("a path");
    let ran = stage.run(&["report", "--output", name]).well();
    assert_eq!(ran.stdout, "");
    assert!(fs::read_to_string(&path).expect("written").ends_with("</html>\n"));
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o077, 0, "for its owner alone");
    let before = fs::read(&path).expect("written");
    stage.run(&["report", "--output", name, "--filter", "nonsense eq"]).ends(2);
    assert_eq!(fs::read(&path).expect("still there"), before);
    stage.run(&["report", "--output", "/nowhere/at/all.html"]).ends(8);
}

#[test]
fn a_terminal_gets_a_word_instead_of_markup() {
    let stage = Stage::new();
    let terminal = Terminal::open();
    let child = stage.command(&["report"]).on(&terminal).start();
    assert_eq!(child.wait_with_output().expect("it ends").status.code(), Some(2));
    stage.run(&["report", "-o", "csv"]).ends(2);
}
