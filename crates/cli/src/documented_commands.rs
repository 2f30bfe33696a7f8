//! Every command line on the pages of the documentation is one that this program takes. For tests only.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::args::Arguments;

/// Blocks that hold command lines. Elsewhere, the name of the program is mostly that of something else.
const LANGUAGES: [&str; 6] = ["console", "dockerfile", "ini", "sh", "text", "yaml"];

/// The pages, but for those that are made from the definition of the command line.
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
fn pages(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("reference") {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Lines of fenced blocks with their numbers; one that ends in a backslash goes on in the next.
fn lines(page: &str) -> Vec<(usize, String)> {
    let mut inside: Option<bool> = None;
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in page.lines().enumerate() {
        if let Some((before, words)) = line.split_once("```")
            && !before.contains(char::is_alphabetic)
        {
            let language = words.split(',').next().unwrap_or_default();
            inside = inside.is_none().then(|| LANGUAGES.contains(&language));
        } else if inside == Some(true) {
            let (text, more) = line.strip_suffix('\\').map_or((line, false), |text| (text, true));
            match found.last_mut().filter(|_| goes_on) {
                Some((_, whole)) => whole.push_str(text.trim_start_matches("> ")),
                None => found.push((index + 1, text.to_owned())),
            }
            goes_on = more;
            if line.starts_with("error: ") && found.len() > 1 {
                // The page shows what the command above is told: it is wrong on purpose.
                found.remove(found.len() - 2);
            }
        }
    }
    found
}

/// What begins behind the name of the program, where that stands as a command does.
fn invocations(line: &str) -> Vec<&str> {
    const NAME: &str = "defender-xdr";
    let mut found: Vec<&str> =
        line.split_once("cargo run --release -- ").map(|(_, rest)| rest).into_iter().collect();
    for (at, _) in line.match_indices(NAME) {
        let rest = &line[at + NAME.len()..];
        if !(rest.is_empty() || rest.starts_with(' ')) {
            continue;
        }
        let before = &line[..at];
        let by_path = before.ends_with("/bin/");
        let word = before.split_whitespace().next_back().unwrap_or_default();
        let alone = before.trim().is_empty() || before.ends_with(' ');
        let command = ["", "$", "|", "||", "&&", ";", "then", "do", "run:", "exec", ">"].contains(&word);
        let variable = word.contains('=') && !word.starts_with('-');
        if by_path || before.ends_with("$(") || (alone && (command || variable)) {
            found.push(rest);
        }
    }
    found
}

/// The words of a simple command, up to the pipe, redirection or comment behind it.
fn words(rest: &str) -> Vec<String> {
    let mut quote = None;
    let mut end = rest.len();
    let mut before = ' ';
    for (at, character) in rest.char_indices() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '|' | '<' | '>' | ';' | '&' | ')') => {
                end = at;
                break;
            }
            (None, '#') if before == ' ' => {
                end = at;
                break;
            }
            _ => {}
        }
        before = character;
    }
    shlex::split(&rest[..end]).unwrap_or_default()
}

/// A command as YAML and Dockerfiles have it, word by word.
fn as_list(line: &str) -> Option<Vec<String>> {
    let list = &line[line.find("[\"defender-xdr\"")?..];
    let list: Vec<String> = serde_json::from_str(&list[..=list.rfind(']')?]).ok()?;
    Some(list[1..].to_vec())
}

#[test]
fn every_command_line_of_the_pages_is_one_that_the_program_takes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = vec![root.join("README.md")];
    pages(&root.join("docs"), &mut found);
    let mut troubles = Vec::new();
    let mut read = 0;
    for page in found {
        let text = fs::read_to_string(&page).expect("a page");
        for (number, line) in lines(&text) {
            let mut commands: Vec<_> = invocations(&line).into_iter().map(words).collect();
            commands.extend(as_list(&line));
            for words in commands.into_iter().filter(|words| !words.is_empty()) {
                read += 1;
                let all = std::iter::once("defender-xdr".to_owned()).chain(words);
                let Err(error) = Arguments::try_parse_from(all) else { continue };
                if ![ErrorKind::DisplayHelp, ErrorKind::DisplayVersion].contains(&error.kind()) {
                    troubles.push(format!("{}:{number}: {}\n{error}", page.display(), line.trim()));
                }
            }
        }
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
    assert!(read > 60, "only {read} command lines were found");
}

#[test]
fn command_lines_are_found_where_they_stand() {
    let found = |line: &str| invocations(line).into_iter().map(words).collect::<Vec<_>>();
    assert_eq!(found("$ defender-xdr -q fetch --max 2 | x  # y"), [["-q", "fetch", "--max", "2"]]);
    assert_eq!(found("*/5 * * * * me flock -n l /usr/local/bin/defender-xdr fetch > x"), [["fetch"]]);
    assert_eq!(found("ExecStart=/usr/bin/defender-xdr hunt 'a | b'"), [["hunt", "a | b"]]);
    assert_eq!(found("A=b defender-xdr fetch || x"), [["fetch"]]);
    assert_eq!(found("cargo test -p defender-xdr --test e2e"), Vec::<Vec<String>>::new());
    assert_eq!(as_list("command: [\"defender-xdr\", \"fetch\"]"), Some(vec!["fetch".to_owned()]));
}
