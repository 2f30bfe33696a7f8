//! The formats, and when colours are used.

use clap::ValueEnum;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One document: a list is an array.
    Json,
    /// One record a line.
    Ndjson,
    /// A header, then one row a record (RFC 4180).
    Csv,
    /// One document: a list is a sequence.
    Yaml,
    /// A table for a ticket or a chat.
    Markdown,
}

impl Format {
    /// Whether records are rows under a header: then they are needed in columns, not as text.
    pub(crate) fn has_columns(self) -> bool {
        matches!(self, Self::Table | Self::Csv | Self::Markdown)
    }

    /// Whether a person reads it: words in place of whole records.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }

    /// Whether a program reads it; then errors are JSON too. CSV is read by people's programs as often as by scripts.
    pub(crate) fn is_machine_readable(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
