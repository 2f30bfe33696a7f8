//! Flags that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use crate::output::{Color, Format, SortKey, column};

/// Flags every command takes, before or after it.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Use the table [profile.NAME] of the settings file.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Read this settings file too; it wins over the user's.
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) config: Option<PathBuf>,
    /// How to sign in (authentication-flow).
    #[arg(long, global = true, value_name = "FLOW")]
    pub(crate) flow: Option<String>,
    /// Which API to speak: graph or legacy.
    #[arg(long, global = true, value_name = "API", hide_short_help = true)]
    pub(crate) api: Option<String>,
    /// Tenant GUID or domain (tenant-id).
    #[arg(long, global = true, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Set any key that is no secret.
    #[arg(long, global = true, value_name = "KEY=VALUE", hide_short_help = true)]
    pub(crate) set: Vec<String>,
    /// Use the built-in demonstration tenant: no account, no network, invented data.
    #[arg(long, global = true)]
    pub(crate) demo: bool,
    /// Start the demonstration tenant anew.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) demo_fresh: bool,
    /// Output format: a table on a terminal, JSON in a pipe.
    #[arg(id = "format", short = 'o', long = "format", global = true, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// Print what this jq expression makes of each record with ndjson, of the whole document with json.
    #[arg(long, global = true, value_name = "EXPRESSION")]
    pub(crate) jq: Option<String>,
    /// Show these members, by dotted paths such as id,alerts.title; for table, csv, yaml and markdown.
    #[arg(long, global = true, value_name = "PATHS", value_delimiter = ',', value_parser = column)]
    pub(crate) columns: Vec<String>,
    /// Put what was read in order by a member, `:desc` for the greatest first; at most 10,000 records.
    #[arg(long, global = true, value_name = "PATH[:desc]")]
    pub(crate) sort: Option<SortKey>,
    /// Make csv safe to open in a spreadsheet: no cell is a formula, and the encoding is marked.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) spreadsheet: bool,
    /// Print the server's own objects.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) raw: bool,
    /// Ask again at once although the credential was refused moments ago.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) retry_now: bool,
    /// Say more on stderr; twice for every request.
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// Say nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", hide_short_help = true)]
    pub(crate) color: Color,
}
