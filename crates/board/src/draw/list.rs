//! The list.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;
use ratatui::widgets::{Cell, Paragraph, Row as TableRow, Table};

use super::Colours;
use crate::row::Row;
use crate::state::State;

pub(super) fn title(state: &State) -> String {
    let list = &state.list;
    let mut text = format!(" Incidents  {} of {}", list.shown.len(), list.rows.len());
    if list.is_loading {
        text.push_str(", loading…");
    }
    text = format!("{text}  scope: {}  order: {}", list.scope.word(), list.order.word());
    match list.worst {
        Some(0) => text.push_str("  severity: high"),
        Some(_) => text.push_str("  severity: high, medium"),
        None => {}
    }
    if !list.search.text().is_empty() {
        text = format!("{text}  search: {}", list.search.text());
    }
    text
}

/// What columns there is room for.
struct Room {
    status: u16,
    owner: u16,
    name: usize,
}

impl Room {
    fn of(width: u16) -> Self {
        let status = match width {
            0..60 => 0,
            60..100 => 11,
            _ => 15,
        };
        let owner = match width {
            0..72 => 0,
            72..110 => 14,
            _ => 26,
        };
        // Severity, id and age with a blank after each; the others have theirs, too.
        let taken = 10 + 9 + 6 + status + owner + u16::from(status > 0) + u16::from(owner > 0);
        Self { status, owner, name: usize::from(width.saturating_sub(taken)) }
    }
}

pub(super) fn draw(state: &State, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    let list = &state.list;
    if list.shown.is_empty() {
        let text = match (list.is_loading, list.rows.is_empty()) {
            (true, true) => "loading…",
            (false, true) => "There are no incidents.",
            (_, false) => "No incident matches. Esc clears the search, f and v widen what is shown.",
        };
        frame.render_widget(Paragraph::new(format!("\n  {text}")), area);
        return;
    }
    let room = Room::of(area.width);
    let mut heads = vec!["SEVERITY", "ID"];
    let mut widths = vec![Constraint::Length(9), Constraint::Length(8)];
    if room.status > 0 {
        heads.push("STATUS");
        widths.push(Constraint::Length(room.status));
    }
    heads.push("AGE");
    widths.push(Constraint::Length(5));
    if room.owner > 0 {
        heads.push("OWNER");
        widths.push(Constraint::Length(room.owner));
    }
    heads.push("NAME");
    widths.push(Constraint::Fill(1));
    let height = usize::from(area.height.saturating_sub(1));
    let rows = list.shown.iter().enumerate().skip(list.top).take(height).map(|(place, at)| {
        let is_selected = place == list.selected;
        // A colour within the reversed line would be a blot.
        let colours = if is_selected { Colours::None } else { colours };
        let row = cells(&list.rows[*at], state.now, &room, colours);
        if is_selected { row.style(Style::new().add_modifier(Modifier::REVERSED)) } else { row }
    });
    let header = TableRow::new(heads).style(Style::new().add_modifier(Modifier::BOLD));
    frame.render_widget(Table::new(rows, widths).header(header).column_spacing(1), area);
}

fn cells(row: &Row, now: i64, room: &Room, colours: Colours) -> TableRow<'static> {
    let severity = if row.severity == "informational".into() { "info" } else { &row.severity };
    let mut cells = vec![
        Cell::from(Span::styled(format!(" {severity}"), colours.severity(&row.severity))),
        Cell::from(row.id.to_string()),
    ];
    if room.status > 0 {
        cells.push(Cell::from(Span::styled(row.status.to_string(), Colours::status(&row.status))));
    }
    cells.push(Cell::from(age(now - row.created)));
    if room.owner > 0 {
        let owner = if row.owner.is_empty() { "–" } else { &row.owner };
        // People know the first part; the domain is nearly always the same.
        let owner = if room.owner < 20 { owner.split('@').next().unwrap_or(owner) } else { owner };
        cells.push(Cell::from(owner.to_owned()));
    }
    cells.push(Cell::from(cut(&row.name, room.name)));
    TableRow::new(cells)
}

/// A text that fits, marked where it is cut.
fn cut(text: &str, width: usize) -> String {
    if Span::raw(text).width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if Span::raw(format!("{short}{letter}…")).width() > width {
            break;
        }
        short.push(letter);
    }
    short.push('…');
    short
}

/// `12m`, `5h`, `30d`.
pub(super) fn age(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..3_600 => format!("{}m", seconds / 60),
        seconds @ 3_600..172_800 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}
