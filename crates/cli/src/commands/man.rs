//! `man`: the manual, made of the same texts as the help.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::reference;
use crate::report::Report;
use crate::world::World;

#[derive(Debug, Args)]
#[command(after_help = "\
defender-xdr man | man -l -                              read the main page
defender-xdr man incidents list | man -l -               read that of a command
defender-xdr man --dir ~/.local/share/man/man1           install all pages")]
pub(crate) struct Arguments {
    /// The command; none for the main page.
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write a page for each command into this directory, which is made if need be.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
    /// Write what this build can do as Markdown: commands, settings, environment, flows, exit codes, permissions.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["command", "dir"], hide_short_help = true)]
    reference: Option<PathBuf>,
}

pub(crate) fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut root = crate::args::Arguments::command().disable_help_subcommand(true);
    root.build();
    if let Some(dir) = &arguments.dir {
        let written = made(dir).and_then(|()| write_pages(&root, dir));
        written.map_err(|error| unwritten(dir, "--dir", &error))?;
        return Ok(Exit::Ok);
    }
    if let Some(dir) = &arguments.reference {
        let pages = reference::pages(&root)?;
        let written = made(dir).and_then(|()| {
            pages.iter().try_for_each(|page| write(&dir.join(&page.file), page.text.as_bytes()))
        });
        written.map_err(|error| unwritten(dir, "--reference", &error))?;
        return Ok(Exit::Ok);
    }
    let mut command = &root;
    for name in &arguments.command {
        command = command.find_subcommand(name).ok_or_else(|| {
            Failure::usage(format!("there is no command `{}`", crate::output::without_steering(name)))
                .with_source("argument COMMAND")
                .with_hint("`defender-xdr --help` lists the commands")
        })?;
    }
    let mut page = Vec::new();
    page_of(command).render(&mut page)?;
    let mut output = world.output();
    output.line(String::from_utf8_lossy(&page).trim_end())?;
    output.finish()?;
    Ok(Exit::Ok)
}

fn page_of(command: &clap::Command) -> Man {
    let version = env!("CARGO_PKG_VERSION");
    Man::new(command.clone()).source(format!("defender-xdr {version}")).manual("defender-xdr manual")
}

fn write_pages(command: &clap::Command, dir: &Path) -> io::Result<()> {
    let page = page_of(command);
    let mut text = Vec::new();
    page.render(&mut text)?;
    write(&dir.join(page.get_filename()), &text)?;
    let shown = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    shown.into_iter().try_for_each(|inner| write_pages(inner, dir))
}

fn made(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

/// Writes a file that is no secret and that the next run writes again.
fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    io::Write::write_all(&mut fs::File::create(path)?, text)
}

fn unwritten(dir: &Path, flag: &str, error: &io::Error) -> Report {
    let message = format!("cannot write to {}: {error}", dir.display());
    Report::new("output", Exit::Service, message)
        .with_source(format!("flag {flag}"))
        .with_hint("name a directory that you may write to")
}
