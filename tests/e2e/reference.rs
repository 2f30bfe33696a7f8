//! The pages made of the program, and its whole help text. With `UPDATE_SNAPSHOTS=1` they are written anew;
//! `cargo xtask generate` sets it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{Home, Run};

const ADVICE: &str = "is stale: `cargo xtask generate` makes it anew; look at what changed, and commit it";

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so")]
fn updates() -> bool {
    std::env::var("UPDATE_SNAPSHOTS").is_ok_and(|value| value == "1")
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn write(path: &Path, text: &str) {
    File::create(path).expect("a file").write_all(text.as_bytes()).expect("it takes the text");
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

/// Pages are made of a build with the flows it has by default.
fn is_default_build(home: &Home) -> bool {
    let flows = Run::new(home, &["auth", "flows"]).go().well().records();
    flows.len() == 5 && cfg!(feature = "emulator")
}

#[test]
fn the_reference_says_what_the_program_does() {
    let home = Home::new();
    assert!(is_default_build(&home), "the pages are made of the default features");
    let made = home.path().join("reference");
    let path = made.to_str().expect("a path in text");
    Run::new(&home, &["man", "--reference", path]).go().well();
    let (made, kept) = (texts(&made), in_repository("docs/reference"));
    if updates() {
        fs::create_dir_all(&kept).expect("a folder");
        for name in texts(&kept).keys().filter(|name| !made.contains_key(*name)) {
            fs::remove_file(kept.join(name)).expect("it can be removed");
        }
        for (name, text) in &made {
            write(&kept.join(name), text);
        }
        return;
    }
    let kept = texts(&kept);
    assert_eq!(made.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>(), "docs/reference {ADVICE}");
    for (name, text) in &made {
        assert!(kept[name] == *text, "docs/reference/{name} {ADVICE}");
    }
}

#[test]
fn the_help_text_is_the_one_that_was_looked_at() {
    let home = Home::new();
    let mut text = String::new();
    help(&home, &mut Vec::new(), &mut text);
    let path = in_repository("tests/snapshots/help.txt");
    if updates() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        write(&path, &text);
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).position(|(kept, text)| kept != text);
    assert!(kept == text, "tests/snapshots/help.txt, line {:?}, {ADVICE}", differs.map(|line| line + 1));
}

/// The help of a command and of all within it.
fn help<'t>(home: &Home, path: &mut Vec<String>, text: &'t mut String) -> &'t mut String {
    let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
    words.push("--help");
    let shown = Run::new(home, &words).go().well().stdout;
    let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
    text.extend(["$ defender-xdr ", &words.join(" "), "\n", &lines.join("\n"), "\n\n"]);
    let commands =
        shown.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        path.push(name.to_owned());
        help(home, path, text);
        path.pop();
    }
    text
}

#[test]
fn each_command_has_a_manual_page() {
    let home = Home::new();
    let dir = home.path().join("man1");
    Run::new(&home, &["man", "--dir", dir.to_str().expect("a path in text")]).go().well();
    let pages = texts(&dir);
    for name in ["defender-xdr.1", "defender-xdr-incidents-list.1", "defender-xdr-auth-login.1"] {
        assert!(pages[name].contains(".TH") && pages[name].contains("NAME"), "{name}");
    }
    let page = Run::new(&home, &["man", "incidents", "list"]).go().well().stdout;
    assert_eq!(page.trim_end(), pages["defender-xdr-incidents-list.1"].trim_end());
    Run::new(&home, &["man", "incident"]).go().ends(2).saying(&["--help"]);
}
