//! Cells of a state. Nothing here changes anything or asks anybody.

mod colours;
mod detail;
mod dialog;
mod hunt;
mod keys;
mod list;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::state::{Focus, State, View};

pub use colours::Colours;

/// Too small for anything but a word.
const SMALLEST: (u16, u16) = (20, 6);

/// Draws a state.
pub fn draw(state: &State, colours: Colours, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame.render_widget(Paragraph::new("too small"), area);
        return;
    }
    let [title, body, message, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    match &state.view {
        View::List => {
            frame.render_widget(bar(&list::title(state), title.width), title);
            list::draw(state, colours, frame, body);
        }
        View::Detail(open) => {
            frame.render_widget(bar(&detail::title(open), title.width), title);
            detail::draw(open, colours, frame, body);
        }
        View::Hunt(hunt) => {
            frame.render_widget(bar(&format!(" Hunting about {}", hunt.about), title.width), title);
            hunt::draw(hunt, frame, body);
        }
    }
    draw_message(state, colours, frame, message);
    frame.render_widget(Paragraph::new(keys::line(keys_of(state), keys.width)), keys);
    if let Some(dialog) = &state.dialog {
        dialog::draw(dialog, colours, frame, area);
    }
}

fn bar(text: &str, width: u16) -> Paragraph<'static> {
    let filled = format!("{text:<width$}", width = usize::from(width));
    Paragraph::new(filled).style(Style::new().add_modifier(Modifier::REVERSED))
}

fn draw_message(state: &State, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    if state.list.is_searching && matches!(state.view, View::List) {
        let (before, after) = state.list.search.halves();
        frame.render_widget(Paragraph::new(typed("/", before, after)), area);
        return;
    }
    if let Some(message) = &state.message {
        let style = if message.is_problem { colours.problem() } else { Style::new() };
        frame.render_widget(Paragraph::new(Span::styled(format!(" {}", message.text), style)), area);
    }
}

/// A text with its cursor, which is a reversed cell: hardware cursors differ too much.
fn typed(prompt: &str, before: &str, after: &str) -> Line<'static> {
    let mut rest = after.chars();
    let under = rest.next().map_or(" ".to_owned(), String::from);
    Line::from(vec![
        Span::styled(prompt.to_owned(), Style::new().add_modifier(Modifier::BOLD)),
        Span::raw(before.to_owned()),
        Span::styled(under, Style::new().add_modifier(Modifier::REVERSED)),
        Span::raw(rest.collect::<String>()),
    ])
}

/// The keys that do something now.
fn keys_of(state: &State) -> &'static [(&'static str, &'static str)] {
    if let Some(dialog) = &state.dialog {
        return dialog::keys(dialog);
    }
    match &state.view {
        View::List if state.list.is_searching => keys::SEARCH,
        View::List => keys::LIST,
        View::Detail(_) => keys::DETAIL,
        View::Hunt(hunt) if hunt.focus == Focus::Query => keys::QUERY,
        View::Hunt(_) => keys::ROWS,
    }
}

/// The first of `many` lines to be shown, so that `selected` is in sight.
fn first_in_sight(selected: usize, many: usize, room: usize) -> usize {
    (selected + 1).saturating_sub(room).min(many.saturating_sub(room))
}

#[cfg(test)]
mod tests;
