//! What people copy from the pages can be read by the programs it is for, and the scripts of the recipes do what they say.

use std::fs;
use std::path::Path;
use std::process::Command;

use saphyr_parser::Parser;

use crate::support::{Block, Home, Ran, Run, Stage, pages};

fn blocks(languages: &[&str]) -> Vec<Block> {
    let all = pages().into_iter().flat_map(|page| page.blocks());
    all.filter(|block| languages.contains(&block.language())).collect()
}

#[test]
fn every_yaml_toml_and_json_of_the_pages_can_be_read() {
    let mut read = 0;
    for block in blocks(&["yaml", "toml", "json"]) {
        let trouble = match block.language() {
            "yaml" => Parser::new_from_str(&block.text).find_map(Result::err).map(|error| error.to_string()),
            "toml" => block.text.parse::<toml_edit::DocumentMut>().err().map(|error| error.to_string()),
            _ => serde_json::Deserializer::from_str(&block.text)
                .into_iter::<serde_json::Value>()
                .find_map(Result::err)
                .map(|error| error.to_string()),
        };
        assert!(trouble.is_none(), "{}: {}", block.place, trouble.unwrap_or_default());
        read += 1;
    }
    assert!(read > 20, "only {read} blocks were found");
}

/// A settings file of a page is one that the program reads: no key is misspelt.
#[test]
fn the_program_reads_the_settings_that_the_pages_show() {
    let mut read = 0;
    for block in blocks(&["toml"]) {
        if !block.text.contains("authentication-flow") {
            continue;
        }
        let home = Home::new();
        home.settings(&block.text);
        let ran = Run::new(&home, &["config", "show"]).go();
        assert_eq!(ran.code, 0, "{}: {}", block.place, ran.stderr);
        read += 1;
    }
    assert!(read > 8, "only {read} settings files were found");
}

/// A receiver in the place of `curl`: it fails while there is a file `down`, and keeps what it is sent otherwise.
const RECEIVER: &str = r#"#!/bin/sh
[ ! -e "$HOME/down" ] || exit 22
for word; do case $word in @*/body) cat "${word#@}" >> "$HOME/received" ;; esac; done
echo '{"items":[{"create":{"status":201}},{"create":{"status":409}}]}'
"#;

fn script(page: &str) -> String {
    let pages = pages();
    let page = pages.iter().find(|known| known.name == page).expect("the page");
    let mut blocks = page.blocks().into_iter().filter(|block| block.text.starts_with("#!/bin/sh"));
    blocks.next().expect("a script").text
}

fn go(stage: &Stage, script: &Path) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_defender-xdr")).parent().expect("a directory");
    let home = stage.home.path().display();
    let path = format!("{home}/bin:{}:/usr/local/bin:/usr/bin:/bin", program.display());
    let run = Run::of("sh", &stage.home, &[script.to_str().expect("a path in text")]).env("PATH", &path);
    let run = run.env("SPOOL", &format!("{home}/spool")).env("HEC_URL", "x").env("HEC_HEADER", "x");
    run.env("ELASTIC_URL", "x").env("ELASTIC_HEADER", "x").go()
}

/// The ids that the receiver got, in order.
fn received(stage: &Stage, id: impl Fn(&serde_json::Value) -> Option<String>) -> Vec<String> {
    let text = fs::read_to_string(stage.home.path().join("received")).unwrap_or_default();
    let records = text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    records.filter_map(|record| id(&record)).collect()
}

fn every_incident_arrives_once(page: &str, id: impl Fn(&serde_json::Value) -> Option<String>) {
    let stage = Stage::new();
    stage.home.write("bin/curl", RECEIVER, 0o755);
    let script = stage.home.write("script", &script(page), 0o755);
    if !Path::new("/usr/bin/jq").exists() && !Path::new("/usr/local/bin/jq").exists() {
        // The script is read, at least; whoever copies it has jq.
        let well = Command::new("sh").arg("-n").arg(&script).status().expect("sh runs").success();
        assert!(well, "{page}: sh cannot read the script");
        return;
    }
    stage.home.write("down", "", 0o600);
    assert_ne!(go(&stage, &script).code, 0, "a receiver that is down is told");
    assert!(received(&stage, &id).is_empty());
    fs::remove_file(stage.home.path().join("down")).expect("it is up again");
    go(&stage, &script).well();
    let expected: Vec<String> = stage
        .run(&["fetch", "--checkpoint", "another"])
        .well()
        .lines()
        .iter()
        .map(|incident| incident["id"].as_str().expect("an id").to_owned())
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(received(&stage, &id), expected);
    go(&stage, &script).well();
    assert_eq!(received(&stage, &id), expected, "what was taken is not sent again");
}

#[test]
fn the_script_for_splunk_delivers_each_incident_once_though_the_receiver_fails() {
    every_incident_arrives_once("docs/recipes/splunk.md", |event| {
        assert!(event["time"].is_u64() && event["sourcetype"] == "defender:xdr:incident", "{event}");
        Some(event["event"]["id"].as_str().expect("an id").to_owned())
    });
}

#[test]
fn the_script_for_elastic_delivers_each_incident_once_though_the_receiver_fails() {
    every_incident_arrives_once("docs/recipes/elastic.md", |line| {
        line["create"]["_id"].as_str().map(str::to_owned)
    });
}
