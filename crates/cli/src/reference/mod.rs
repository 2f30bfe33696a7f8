//! What this build can do, as Markdown: made from the definition of the command line, the registry and the tables that the
//! program itself goes by, so that no page can say something else.

mod commands;
mod tables;

use clap::Command;

use crate::failure::Failure;

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// The name of its file.
    pub(crate) file: String,
    pub(crate) text: String,
}

/// All pages; `root` is the built command line.
pub(crate) fn pages(root: &Command) -> Result<Vec<Page>, Failure> {
    let mut pages = commands::pages(root);
    let page = |file: &str, text: String| Page { file: file.to_owned(), text };
    pages.push(page("settings.md", tables::settings()?));
    pages.push(page("environment.md", tables::environment()));
    pages.push(page("flows.md", tables::flows()?));
    pages.push(page("exit-codes.md", tables::exit_codes()));
    pages.push(page("permissions.md", tables::permissions()));
    let listed = pages.iter().map(|page| {
        let name = page.file.trim_end_matches(".md");
        match name.strip_prefix("defender-xdr") {
            Some(command) => format!("- [`defender-xdr{}`]({})\n", command.replacen('-', " ", 1), page.file),
            None => format!("- [{}]({})\n", name.replace('-', " "), page.file),
        }
    });
    let text = format!("{MADE}# Reference\n\n{}", listed.collect::<String>());
    pages.push(page("README.md", text));
    Ok(pages)
}

/// Stands at the top of each page.
const MADE: &str = "<!-- Made by `cargo xtask generate`; do not edit. -->\n\n";
