//! What happens to the board, and what it wants done.

use defender_xdr_api::incidents::IncidentChange;
use defender_xdr_core::Timestamp;

use crate::detail::Detail;
use crate::row::Row;

/// A key, as far as the board knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter.
    Char(char),
    /// A letter with the control key.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Tabulator.
    Tab,
    /// Tabulator with shift.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
}

/// A change as it would be made, compared with the incident as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The incident to be changed.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Member, before, after; only what differs.
    pub fields: Vec<(String, String, String)>,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The screen has so many columns and rows now.
    Size(u16, u16),
    /// It is this late.
    Time(Timestamp),
    /// Lines of the list came.
    Rows {
        /// The loading they belong to.
        generation: u32,
        /// The lines.
        rows: Vec<Row>,
    },
    /// The list is at its end, or broke off.
    Loaded {
        /// The loading that ended.
        generation: u32,
        /// Why it broke off.
        problem: Option<String>,
    },
    /// An incident was read.
    Opened {
        /// The question it answers.
        asked: u64,
        /// The incident, or why there is none.
        result: Result<Box<Detail>, String>,
    },
    /// A change was compared with the incident.
    Proposed {
        /// The question it answers.
        asked: u64,
        /// What would be written, or why nothing can be.
        result: Result<Proposal, String>,
    },
    /// A change was written, or not.
    Written {
        /// The incident after it, or what went wrong.
        result: Result<Box<Row>, String>,
    },
    /// Rows of a query came.
    HuntRows {
        /// The question they answer.
        asked: u64,
        /// Columns.
        columns: Vec<String>,
        /// Rows.
        rows: Vec<Vec<String>>,
    },
    /// A query is at its end.
    Hunted {
        /// The question it answers.
        asked: u64,
        /// What went wrong.
        problem: Option<String>,
        /// Whether there were more rows than are kept.
        is_cut: bool,
    },
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Load the list.
    Load {
        /// Comes back with the answers.
        generation: u32,
    },
    /// Read an incident.
    Open {
        /// Comes back with the answer.
        asked: u64,
        /// The incident.
        id: String,
    },
    /// Compare a change with the incident. Nothing is written.
    Propose {
        /// Comes back with the answer.
        asked: u64,
        /// The incident.
        id: String,
        /// The change.
        change: Box<IncidentChange>,
    },
    /// Write the change that was proposed last.
    Write {
        /// The question that proposed it.
        asked: u64,
    },
    /// Run a query.
    Hunt {
        /// Comes back with the answers.
        asked: u64,
        /// KQL.
        query: String,
    },
    /// Leave.
    Quit,
}
