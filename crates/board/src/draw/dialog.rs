//! Questions, in a box over everything else.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::{Colours, keys, typed};
use crate::state::{Dialog, Proposal};

pub(super) fn keys(dialog: &Dialog) -> keys::Keys {
    match dialog {
        Dialog::Help => &[("any key", "close")],
        Dialog::Text { .. } => &[("Enter", "go on"), ("Esc", "cancel"), ("Ctrl-U", "clear")],
        Dialog::Choice { .. } => &[("↑↓", "choose"), ("Enter", "go on"), ("Esc", "cancel")],
        Dialog::Comparing { .. } => &[("Esc", "cancel")],
        Dialog::Confirm { .. } => &[("y", "write"), ("n", "do not write")],
    }
}

pub(super) fn draw(dialog: &Dialog, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    let (title, lines) = match dialog {
        Dialog::Help => (" Keys ".to_owned(), help()),
        Dialog::Text { ask, id, line } => {
            let (before, after) = line.halves();
            (
                format!(" Incident {id} "),
                vec![Line::from(ask.title()), Line::default(), typed("> ", before, after)],
            )
        }
        Dialog::Choice { ask, id, words, selected } => (format!(" {} of incident {id} ", ask.title()), {
            let style = |place| {
                if place == *selected { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() }
            };
            let line = |(place, word): (usize, &&str)| {
                Line::from(Span::styled(format!(" {} {word} ", place + 1), style(place)))
            };
            words.iter().enumerate().map(line).collect()
        }),
        Dialog::Comparing { .. } => {
            (" A moment ".to_owned(), vec![Line::from("reading the incident as it is now…")])
        }
        Dialog::Confirm { proposal, .. } => (" Write this? ".to_owned(), confirm(proposal, colours)),
    };
    let wide = match dialog {
        Dialog::Help => 78,
        _ => 72,
    };
    let width = area.width.min(wide);
    let inner = usize::from(width.saturating_sub(4)).max(1);
    let tall: usize = lines.iter().map(|line| line.width().div_ceil(inner).max(1)).sum();
    let height = u16::try_from(tall + 2).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height.saturating_sub(1) - height) / 2,
        width,
        height,
    };
    frame.render_widget(Clear, place);
    let block = Block::bordered().title(title).padding(ratatui::widgets::Padding::horizontal(1));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }).block(block), place);
}

fn confirm(proposal: &Proposal, colours: Colours) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(format!("Incident {}: {}", proposal.id, proposal.name)), Line::default()];
    for (field, from, to) in &proposal.fields {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let mut spans = vec![Span::styled(format!("{field}: "), bold)];
        if field != "comment" {
            spans.push(Span::raw(format!("{from} → ")));
        }
        spans.push(Span::styled(to.clone(), colours.added()));
        lines.push(Line::from(spans));
    }
    lines.push(Line::default());
    lines.push(Line::from("y writes it, n does not."));
    lines
}

fn help() -> Vec<Line<'static>> {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let line = |(key, does): &(&'static str, &'static str)| {
        Line::from(vec![Span::styled(format!("{key:<24}"), bold), Span::raw(*does)])
    };
    keys::ALL.iter().map(line).collect()
}
