//! `config`: what the settings are and where each came from.

use clap::Subcommand;
use defender_xdr_core::settings::{Values, keys, shown};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record};
use crate::settings;
use crate::world::World;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Show every setting that is set, with the file and line, variable or flag it came from.
    Show {
        /// Show the keys that are not set too, with their meaning.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    value: Option<String>,
    origin: Option<String>,
    help: &'a str,
}

pub(crate) fn run(world: &World, command: &Command) -> Result<Exit, Failure> {
    let Command::Show { all } = command;
    // The demonstration tenant reads no settings, so there are none to show.
    let values = if world.is_demo() { Values::default() } else { settings::load(world)?.values };
    let mut list = List::new(world.output(), &["key", "value", "from"])
        .with_all_fields(&["key", "value", "origin", "help"])?
        .wrapping();
    for key in keys() {
        let value = values.get(key.name);
        if value.is_none() && !all {
            continue;
        }
        let line = Line {
            key: key.name,
            value: value.map(|value| shown(key.name, value.text.expose())),
            origin: value.map(|value| value.origin.to_string()),
            help: key.help,
        };
        list.push(&Record::Model(&line), || {
            let from = line.origin.clone().unwrap_or_else(|| format!("({})", key.help));
            vec![line.key.to_owned(), line.value.clone().unwrap_or_else(|| "-".to_owned()), from]
        })?;
    }
    if list.count() == 0 {
        world.say("nothing is set; `defender-xdr config show --all` lists the keys");
    }
    list.finish()?;
    Ok(Exit::Ok)
}
