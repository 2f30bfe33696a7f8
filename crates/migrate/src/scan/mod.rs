//! Finds where the retired API is still in use: hosts, scopes, permissions, calls, filters, fields, words, context paths.
//!
//! A text is read twice at most. First for what nobody else has (hosts, scopes, permissions, the roots of the Cortex
//! context); only a text that shows in this way which API it talks to is looked at for fields, words and filters, which other
//! products have as well.

mod addresses;
mod bodies;
mod claimed;
mod contexts;
mod evidence;
mod field_names;
mod filters;
mod landmarks;
mod permissions;
mod place;
mod surroundings;
mod text;
mod tree;
mod words;

use std::fmt;

use serde::Serialize;

use claimed::Claimed;
use field_names::FieldNames;
use landmarks::Landmarks;
use place::Places;
pub use tree::{TreeOptions, TreeReport, Unread, scan_paths};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A host of a retired API, with what follows it in the address.
    Host,
    /// A scope or a resource that tokens of a retired API are for.
    Scope,
    /// A permission of a retired API.
    Permission,
    /// The path of a call, apart from its host.
    Call,
    /// A `$filter` in the legacy API's names or words.
    Filter,
    /// A field that has another name, place or type on Graph.
    Field,
    /// A word of an enumeration that is another on Graph.
    Value,
    /// A path in the Cortex context.
    Context,
}

impl Kind {
    /// All, the surest first.
    pub const ALL: [Self; 8] = [
        Self::Host,
        Self::Scope,
        Self::Permission,
        Self::Call,
        Self::Filter,
        Self::Field,
        Self::Value,
        Self::Context,
    ];

    /// The word for it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Scope => "scope",
            Self::Permission => "permission",
            Self::Call => "call",
            Self::Filter => "filter",
            Self::Field => "field",
            Self::Value => "value",
            Self::Context => "context",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// A place where the retired API is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What was found.
    pub kind: Kind,
    /// The text found.
    pub found: String,
    /// Why it has to change.
    pub why: String,
    /// What to write instead; `None` when Graph has no counterpart.
    pub replacement: Option<String>,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// Text, with what was found in it, in order.
    Text(Vec<Finding>),
    /// No text: not looked at.
    Binary,
}

/// A finding whose place is a range of bytes.
#[derive(Debug, Clone)]
struct Hit {
    start: usize,
    end: usize,
    kind: Kind,
    why: String,
    replacement: Option<String>,
}

/// What a scan looks for, made once for all files.
#[derive(Debug)]
pub struct Scanner {
    landmarks: Landmarks,
    field_names: FieldNames,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner for everything.
    pub fn new() -> Self {
        Self { landmarks: Landmarks::new(), field_names: FieldNames::new() }
    }

    /// Looks through the bytes of a file: UTF-8, or UTF-16 with its mark.
    pub fn scan(&self, bytes: &[u8]) -> Scanned {
        let Some(text) = text::decoded(bytes) else { return Scanned::Binary };
        Scanned::Text(self.scan_text(&text))
    }

    fn scan_text(&self, text: &str) -> Vec<Finding> {
        let mut claimed = Claimed::default();
        let evidence = self.landmarks.look(text, &mut claimed);
        if evidence.tells() {
            self.field_names.look(text, evidence, &mut claimed);
        }
        let mut places = Places::new(text);
        let found = claimed.in_order().into_iter().map(|hit| {
            let (line, column) = places.of(hit.start);
            let found = text.get(hit.start..hit.end).unwrap_or_default().to_owned();
            Finding { line, column, kind: hit.kind, found, why: hit.why, replacement: hit.replacement }
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests;
