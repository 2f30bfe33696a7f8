//! What the pages show is what the program says: every `console` block is run and compared.
//!
//! Lines that begin with `$ ` are commands, those with `> ` right behind go on with the command. They run in order, a page in one `sh`, in a
//! home of its own and on a terminal 120 columns wide. The lines behind a command are its output, on stdout and stderr; `…` is
//! anything, as a line any lines; without such lines only the exit code is looked at. That must be 0, or the next command must be
//! `$ echo $?`. There are no settings: pages use `--demo`, or start `defender-xdr emulator` as `docs/emulator.md` does.
//! `console,ignore` is not run, and a comment (`<!-- … -->`) just above it says why.

use std::fmt::Write as _;

use crate::support::{Block, Home, Page, Run, Terminal, pages};

/// A wide terminal, and so long that nothing leaves it.
const SIZE: (u16, u16) = (2000, 120);

/// Stands in front of the exit code of a command, and in no output.
const MARK: &str = "@@ended-with ";

/// Every run on the invented tenant says this first; the pages leave it out.
const DEMONSTRATION: &str = "demonstration tenant: everything shown is invented";

/// A command and what a page shows of its output.
#[derive(Debug, PartialEq)]
struct Step {
    command: String,
    output: Vec<String>,
}

fn steps(block: &Block) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.text.lines().map(str::trim_end) {
        let known = steps.last_mut();
        if let Some(command) = line.trim_start().strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), output: Vec::new() });
        } else if let (Some(more), Some(step)) = (line.strip_prefix("> "), known)
            && step.output.is_empty()
        {
            step.command.push('\n');
            step.command.push_str(more);
        } else {
            let step = steps.last_mut();
            let step = step.ok_or_else(|| {
                format!("{}: no command (`$ …`) at its beginning; is it `sh`?", block.place)
            })?;
            step.output.push(line.to_owned());
        }
    }
    Ok(steps)
}

/// The reason why a block is not run.
fn reason(block: &Block) -> Option<&str> {
    let comment = block.above.trim().rsplit_once("<!--")?.1;
    comment.strip_suffix("-->").map(str::trim).filter(|reason| reason.len() > 10)
}

/// The blocks of a page that are run.
fn runnable(page: &Page) -> Result<Vec<Block>, String> {
    let console = page.blocks().into_iter().filter(|block| block.language() == "console");
    let mut blocks = Vec::new();
    for block in console {
        if !block.says("ignore") {
            blocks.push(block);
        } else if reason(&block).is_none() {
            return Err(format!("{}: say in a comment just above why it is not run", block.place));
        }
    }
    Ok(blocks)
}

fn check(page: &Page) -> Result<(), String> {
    let blocks = runnable(page)?;
    let mut all: Vec<(&String, Step)> = Vec::new();
    for block in &blocks {
        all.extend(steps(block)?.into_iter().map(|step| (&block.place, step)));
    }
    let steps = all;
    if steps.is_empty() {
        return Ok(());
    }
    // Settings are where the pages say they usually are, and what a page leaves running ends with it.
    let mut script =
        "umask 022\nunset XDG_CONFIG_HOME XDG_STATE_HOME\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n"
            .to_owned();
    for (_, step) in &steps {
        // What the next command sees as `$?` is what this one ended with.
        let command = &step.command;
        write!(script, "{command}\nended=$?\nprintf '\\n{MARK}%s\\n' \"$ended\"\n(exit $ended)\n")
            .expect("a text takes everything");
    }
    let home = Home::new();
    let terminal = Terminal::of(SIZE.0, SIZE.1);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_defender-xdr")).parent().expect("a directory");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.display());
    let run = Run::of("sh", &home, &["-c", &script]).env("PATH", &path).env("TZ", "UTC").env("NO_COLOR", "1");
    run.on(&terminal).go();
    let seen = terminal.seen_at_last(MARK, steps.len());
    compare(&steps, &seen)
}

fn compare(steps: &[(&String, Step)], seen: &str) -> Result<(), String> {
    let mut lines = seen.lines().map(str::trim_end);
    for (index, (place, step)) in steps.iter().enumerate() {
        let mut output = Vec::new();
        let code = loop {
            let Some(line) = lines.next() else {
                return Err(format!("{place}: `{}` did not end: {output:#?}", step.command));
            };
            match line.strip_prefix(MARK) {
                Some(code) => break code,
                None if line == DEMONSTRATION => {}
                None => output.push(line),
            }
        };
        while output.last().is_some_and(|line| line.is_empty()) {
            output.pop();
        }
        let told = steps.get(index + 1).is_some_and(|(_, next)| next.command == "echo $?");
        if code != "0" && !told {
            let said = output.join("\n");
            return Err(format!(
                "{place}: `{}` ended with {code}; follow it by `$ echo $?`:\n{said}",
                step.command
            ));
        }
        let expected: Vec<&str> = step.output.iter().map(String::as_str).collect();
        if !expected.is_empty() && !lines_fit(&expected, &output) {
            let (expected, output) = (expected.join("\n"), output.join("\n"));
            return Err(format!(
                "{place}: `{}`\nthe page shows:\n{expected}\nit said:\n{output}",
                step.command
            ));
        }
    }
    Ok(())
}

/// `…` as a line is any lines.
fn lines_fit(expected: &[&str], output: &[&str]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((&"…", rest)) => (0..=output.len()).any(|skipped| lines_fit(rest, &output[skipped..])),
        Some((first, rest)) => output
            .split_first()
            .is_some_and(|(line, behind)| line_fits(first, line) && lines_fit(rest, behind)),
    }
}

/// `…` in a line is any text.
fn line_fits(expected: &str, line: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn what_the_pages_show_is_what_the_program_says() {
    let pages = pages();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let troubles = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(page) = pages.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    if let Err(trouble) = check(page) {
                        troubles.lock().expect("nobody panicked").push(trouble);
                    }
                }
            });
        }
    });
    let mut troubles = troubles.into_inner().expect("nobody panicked");
    troubles.sort();
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n\n"));
}

/// A page that shows something else is found out; without this, a runner that compares nothing would pass.
#[test]
fn a_page_that_is_not_true_is_told_with_its_place() {
    for (shown, said) in [
        ("```console\n$ echo one\ntwo\n```\n", "page.md:1: `echo one`\nthe page shows:\ntwo"),
        ("```console\n$ defender-xdr incidents list\n```\n", "ended with 3"),
        ("```console\n$ (exit 4)\n$ echo $?\n5\n```\n", "the page shows:\n5"),
        ("```console\ndefender-xdr --version\n```\n", "page.md:1: no command"),
        ("```console,ignore\n$ defender-xdr doctor\n```\n", "page.md:1: say in a comment"),
    ] {
        let page = Page { name: "page.md".to_owned(), text: shown.to_owned() };
        let trouble = check(&page).expect_err("it is not true");
        assert!(trouble.contains(said), "{trouble}");
    }
}

#[test]
fn commands_of_several_lines_and_gaps_in_output_are_understood() {
    let text = "```console\n$ cat <<END\n> one\n> END\none\n$ printf 'a b c\\nd\\n'\na … c\n…\n$ (exit 4)\n$ echo $?\n4\n```\n";
    check(&Page { name: "page.md".to_owned(), text: text.to_owned() }).expect("it is true");
}

#[test]
fn a_block_that_is_not_run_says_why() {
    let of = |text: &str| Page { name: "page.md".to_owned(), text: text.to_owned() };
    let block = |text: &str| of(text).blocks().remove(0);
    assert_eq!(reason(&block("```console,ignore\n$ a\n```\n")), None);
    assert_eq!(
        reason(&block("<!-- needs a subscription -->\n```console,ignore\n$ a\n```\n")),
        Some("needs a subscription")
    );
}
