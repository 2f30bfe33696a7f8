//! The keys, shown where they work.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// Key and what it does, the most needed first: what does not fit is left out, and `?` shows all.
pub(super) type Keys = &'static [(&'static str, &'static str)];

pub(super) const LIST: Keys = &[
    ("↑↓", "move"),
    ("Enter", "open"),
    ("?", "help"),
    ("q", "quit"),
    ("/", "search"),
    ("a", "assign"),
    ("s", "status"),
    ("c", "classify"),
    ("m", "comment"),
    ("f", "scope"),
    ("v", "severity"),
    ("o", "order"),
    ("r", "refresh"),
];
pub(super) const SEARCH: Keys = &[("Enter", "keep"), ("Esc", "clear"), ("↑↓", "move")];
pub(super) const DETAIL: Keys = &[
    ("Tab", "next part"),
    ("↑↓", "move"),
    ("Esc", "back"),
    ("h", "hunt from entity"),
    ("?", "help"),
    ("a", "assign"),
    ("s", "status"),
    ("c", "classify"),
    ("m", "comment"),
    ("r", "refresh"),
];
pub(super) const QUERY: Keys =
    &[("Enter", "run"), ("Esc", "back"), ("Tab", "rows"), ("Ctrl-J", "new line"), ("Ctrl-U", "clear")];
pub(super) const ROWS: Keys =
    &[("↑↓", "move"), ("←→", "columns"), ("Tab", "query"), ("r", "run again"), ("Esc", "back")];

/// As many as fit.
pub(super) fn line(keys: Keys, width: u16) -> Line<'static> {
    let mut left = usize::from(width);
    let mut spans = Vec::new();
    for (key, does) in keys {
        let needed = key.chars().count() + does.chars().count() + 4;
        if needed > left {
            break;
        }
        left -= needed;
        spans.push(Span::styled(format!(" {key}"), Style::new().add_modifier(Modifier::BOLD)));
        spans.push(Span::raw(format!(" {does}  ")));
    }
    Line::from(spans)
}

/// Everything, for the help.
pub(super) const ALL: &[(&str, &str)] = &[
    ("↑ ↓ j k PgUp PgDn g G", "move"),
    ("Enter", "open the incident; run the query"),
    ("Esc", "back; end a search; answer no"),
    ("/", "search name, id, owner, tag, status"),
    ("f", "scope: all, open, open without owner"),
    ("v", "severity: all, high, high and medium"),
    ("o", "order: newest, last changed, worst"),
    ("a  s  c  m", "assign, status, classify, comment"),
    ("", "each shows what changes and asks before it writes"),
    ("Tab  1 2 3", "in an incident: alerts, entities, comments"),
    ("h", "on an entity: hunt; the query can be changed"),
    ("r", "read again"),
    ("q  Ctrl-C", "quit"),
];
