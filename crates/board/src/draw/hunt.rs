//! A query and its rows.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Cell, Paragraph, Row as TableRow, Table};

use super::{first_in_sight, typed};
use crate::state::{Focus, Hunt};

/// A column is at most this wide, so that its neighbours are seen.
const WIDEST: usize = 48;

pub(super) fn draw(hunt: &Hunt, frame: &mut Frame<'_>, area: Rect) {
    let lines = query_lines(hunt);
    let needed = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let [above, below] =
        Layout::vertical([Constraint::Length(needed.min(area.height / 2)), Constraint::Min(1)]).areas(area);
    let room = usize::from(above.height.saturating_sub(2));
    let cursor = hunt.query.halves().0.matches('\n').count();
    let top = first_in_sight(cursor, lines.len(), room);
    let block = Block::bordered().title(if hunt.focus == Focus::Query {
        " Query (Enter runs it) "
    } else {
        " Query "
    });
    frame.render_widget(Paragraph::new(lines.into_iter().skip(top).collect::<Vec<_>>()).block(block), above);
    rows(hunt, frame, below);
}

fn query_lines(hunt: &Hunt) -> Vec<Line<'static>> {
    if hunt.focus != Focus::Query {
        return hunt.query.text().split('\n').map(|line| Line::from(line.to_owned())).collect();
    }
    let (before, after) = hunt.query.halves();
    let mut lines: Vec<Line<'static>> = Vec::new();
    let (done, left) = before.rsplit_once('\n').map_or((None, before), |(done, left)| (Some(done), left));
    lines.extend(done.into_iter().flat_map(|done| done.split('\n')).map(|line| Line::from(line.to_owned())));
    let (right, rest) = after.split_once('\n').map_or((after, None), |(right, rest)| (right, Some(rest)));
    lines.push(typed("", left, right));
    lines.extend(rest.into_iter().flat_map(|rest| rest.split('\n')).map(|line| Line::from(line.to_owned())));
    lines
}

fn rows(hunt: &Hunt, frame: &mut Frame<'_>, area: Rect) {
    let told = match (hunt.asked.is_some(), hunt.was_run, hunt.rows.len(), hunt.is_cut) {
        (true, _, count, _) => format!(" running… {count} rows"),
        (false, false, ..) => " Not run yet.".to_owned(),
        (false, true, 0, _) => " No rows. An empty table is no proof that nothing happened.".to_owned(),
        (false, true, count, true) => format!(" the first {count} rows; `defender-xdr hunt` has all"),
        (false, true, count, false) => format!(" {count} rows"),
    };
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    frame.render_widget(Paragraph::new(told).style(Style::new().add_modifier(Modifier::DIM)), head);
    if hunt.columns.is_empty() {
        return;
    }
    let room = usize::from(body.height.saturating_sub(1));
    let top = first_in_sight(hunt.selected, hunt.rows.len(), room);
    let seen: Vec<&Vec<String>> = hunt.rows.iter().skip(top).take(room).collect();
    let mut left = body.width;
    let widths = hunt.columns.iter().enumerate().skip(hunt.left).map(|(column, name)| {
        let cells = seen.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        let widest = cells.chain([name.chars().count()]).max().unwrap_or(0).min(WIDEST);
        u16::try_from(widest + 1).unwrap_or(u16::MAX)
    });
    // What does not fit any more is reached by going to the right.
    let widths = widths.map_while(|wanted| {
        let width = wanted.min(left);
        left = left.saturating_sub(width + 1);
        (width > 0).then_some(Constraint::Length(width))
    });
    let widths: Vec<_> = widths.collect();
    let rows = seen.iter().enumerate().map(|(place, row)| {
        let cells = row.iter().skip(hunt.left).map(|cell| Cell::from(cell.clone()));
        let marked = hunt.focus == Focus::Rows && top + place == hunt.selected;
        let style = if marked { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        TableRow::new(cells).style(style)
    });
    let names = hunt.columns.iter().skip(hunt.left).map(|name| Cell::from(name.clone()));
    let header = TableRow::new(names).style(Style::new().add_modifier(Modifier::BOLD));
    frame.render_widget(Table::new(rows, widths).header(header).column_spacing(1), body);
}
