//! `migrate translate`: text of one API in the words of the other.

use std::io::Read as _;

use clap::{Args, ValueEnum};
use defender_xdr_core::backend::Backend;
use defender_xdr_migrate::translate::{TranslateError, body, context, field, filter, value};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record};
use crate::report::Report;
use crate::world::World;

/// More is no filter and no body.
const LONGEST: u64 = 1024 * 1024;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  defender-xdr migrate translate filter \"status eq 'Active' and lastUpdateTime ge 2026-09-01T00:00:00Z\"
  defender-xdr migrate translate field alerts[].devices[].mdatpDeviceId
  defender-xdr migrate translate value incident.status=awaitingAction --to legacy
  defender-xdr migrate translate filter \"status eq 'active' and severity eq 'high'\" --to legacy
  defender-xdr migrate translate body '{\"status\":\"Active\",\"comment\":\"looked at\"}'
  defender-xdr migrate translate context 'Microsoft365Defender.Incident.incidentName'")]
pub(crate) struct Arguments {
    /// What the text is.
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
    /// The text, or - for standard input.
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// The API to say it in.
    #[arg(long, value_enum, default_value_t = To::Graph, value_name = "API")]
    to: To,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// An OData $filter over incidents.
    Filter,
    /// The path of a field, such as `alerts[].devices[].mdatpDeviceId`.
    Field,
    /// A word of an enumeration, alone or as FIELD=WORD.
    Value,
    /// The JSON body of an update, a comment or a hunting query.
    Body,
    /// A path in the Cortex context, such as `Microsoft365Defender.Incident.incidentName`.
    Context,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum To {
    Graph,
    Legacy,
}

pub(crate) fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let text = match arguments.text.as_str() {
        "-" => standard_input()?,
        text => text.to_owned(),
    };
    let to = match arguments.to {
        To::Graph => Backend::Graph,
        To::Legacy => Backend::Legacy,
    };
    let rows = match arguments.what {
        What::Filter => filter(&text, to),
        What::Field => field(&text, to),
        What::Value => value(&text, to),
        What::Body => body(&text, to),
        What::Context => context(&text, to),
    };
    let rows = rows.map_err(|error| refused(&error))?;
    let mut list = List::new(world.output(), &["what", "from", "to", "note"]);
    for row in &rows {
        list.push(&Record::Model(row), || {
            let to = row.to.clone().unwrap_or_else(|| "-".to_owned());
            vec![row.what.clone(), row.from.clone(), to, row.note.clone().unwrap_or_default()]
        })?;
    }
    list.finish()?;
    let without = rows.iter().filter(|row| row.to.is_none()).count();
    if without > 0 {
        world.say(&format!("{without} without a counterpart on the {to} API"));
    }
    Ok(if without > 0 { Exit::Negative } else { Exit::Ok })
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().take(LONGEST).read_to_string(&mut text).map_err(|error| {
        Report::new("usage", Exit::Usage, format!("cannot read the text: {error}"))
            .with_source("standard input")
    })?;
    Ok(text)
}

fn refused(error: &TranslateError) -> Report {
    Report::new("usage", Exit::Usage, error.to_string())
        .with_source("argument TEXT")
        .with_hint("`defender-xdr migrate translate --help` has examples")
}
