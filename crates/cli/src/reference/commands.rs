//! A page for each command of the first level, with the help of all commands within it.

use std::fmt::Write as _;

use clap::Command;

use super::{MADE, Page};

pub(super) fn pages(root: &Command) -> Vec<Page> {
    let mut pages = vec![page("defender-xdr", std::iter::once(root))];
    let shown = |command: &&Command| !command.is_hide_set();
    let inner = root.get_subcommands().filter(shown);
    pages.extend(inner.map(|command| page(&format!("defender-xdr-{}", command.get_name()), all(command))));
    pages
}

/// A command and those within it.
fn all(command: &Command) -> Box<dyn Iterator<Item = &Command> + '_> {
    let inner = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    Box::new(std::iter::once(command).chain(inner.flat_map(all)))
}

fn page<'c>(name: &str, commands: impl Iterator<Item = &'c Command>) -> Page {
    let mut text = format!("{MADE}# {}\n", name.replacen("defender-xdr-", "", 1));
    for command in commands {
        let bin = command.get_bin_name().unwrap_or("defender-xdr");
        // Options that every command has are on the main page.
        let is_root = bin == "defender-xdr";
        let named = command.clone().term_width(100).mut_args(|arg| {
            let repeated = !is_root && arg.is_global_set();
            if repeated { arg.hide(true) } else { arg }
        });
        let help = named.bin_name(bin).render_long_help().to_string();
        let lines: Vec<_> = help.lines().map(str::trim_end).collect();
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {bin}\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
    }
    Page { file: format!("{name}.md"), text }
}
