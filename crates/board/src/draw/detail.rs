//! One incident.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row as TableRow, Table, Wrap};

use super::{Colours, first_in_sight};
use crate::detail::Detail;
use crate::state::{Open, Pane};

pub(super) fn title(open: &Open) -> String {
    let name = open.detail.as_ref().map_or("", |detail| &detail.row.name);
    let loading = if open.asked.is_some() { "  loading…" } else { "" };
    format!(" Incident {}  {name}{loading}", open.id)
}

pub(super) fn draw(open: &Open, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    let Some(detail) = &open.detail else {
        let text = if open.asked.is_some() {
            "loading…"
        } else {
            "It could not be read. r tries again, Esc goes back."
        };
        frame.render_widget(Paragraph::new(format!("\n  {text}")), area);
        return;
    };
    let facts = facts(detail, colours);
    let told = u16::try_from(facts.len()).unwrap_or(u16::MAX);
    let about = if detail.description.is_empty() { 0 } else { 2 };
    // What people do something with gets at least half of the room.
    let top = (told + about).min(area.height / 2);
    let [head, tabs, body] =
        Layout::vertical([Constraint::Length(top), Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let mut lines = facts;
    if about > 0 {
        lines.push(Line::from(format!(" {}", detail.description)));
    }
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), head);
    frame.render_widget(Paragraph::new(tab_line(open, detail)), tabs);
    match open.pane {
        Pane::Alerts => alerts(open, detail, colours, frame, body),
        Pane::Entities => entities(open, detail, colours, frame, body),
        Pane::Comments => comments(open, detail, frame, body),
    }
}

/// Two facts on a line where they fit.
fn facts(detail: &Detail, colours: Colours) -> Vec<Line<'static>> {
    let span = |(name, value): &(&'static str, String)| {
        let style = match *name {
            "severity" => colours.severity(value),
            "status" => Colours::status(value),
            _ => Style::new(),
        };
        let label = Style::new().add_modifier(Modifier::DIM);
        [Span::styled(format!(" {name:<11}"), label), Span::styled(format!("{value:<28}"), style)]
    };
    let (short, long): (Vec<_>, Vec<_>) =
        detail.facts.iter().partition(|(_, value)| value.chars().count() <= 27);
    let pairs =
        short.chunks(2).map(|pair| Line::from(pair.iter().flat_map(|fact| span(fact)).collect::<Vec<_>>()));
    let alone = long.into_iter().map(|fact| Line::from(span(fact).to_vec()));
    pairs.chain(alone).collect()
}

fn tab_line(open: &Open, detail: &Detail) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for (number, (pane, name)) in
        [(Pane::Alerts, "Alerts"), (Pane::Entities, "Entities"), (Pane::Comments, "Comments")]
            .into_iter()
            .enumerate()
    {
        let style = if pane == open.pane {
            Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        };
        spans.push(Span::styled(format!(" {} {name} {} ", number + 1, pane.len(detail)), style));
        spans.push(Span::raw(" "));
    }
    Line::from(spans)
}

fn table(
    rows: impl Iterator<Item = TableRow<'static>>,
    widths: Vec<Constraint>,
    selected: usize,
    many: usize,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let room = usize::from(area.height);
    let top = first_in_sight(selected, many, room);
    let rows = rows.enumerate().skip(top).take(room).map(|(place, row)| {
        if place == selected { row.style(Style::new().add_modifier(Modifier::REVERSED)) } else { row }
    });
    frame.render_widget(Table::new(rows, widths).column_spacing(1), area);
}

fn alerts(open: &Open, detail: &Detail, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    if detail.alerts.is_empty() {
        frame.render_widget(Paragraph::new("  There are no alerts."), area);
        return;
    }
    let wide = area.width >= 100;
    let mut day = "";
    let rows = detail.alerts.iter().enumerate().map(|(place, alert)| {
        let colours = if place == open.selected { Colours::None } else { colours };
        let (date, time) = alert.at.split_once(' ').unwrap_or((&alert.at, ""));
        // The day stands where it begins, as on a timeline.
        let shown = if date == day { String::new() } else { date.to_owned() };
        day = date;
        let mut cells = vec![
            Cell::from(format!(" {shown:<10}")),
            Cell::from(format!("{time} │")),
            Cell::from(Span::styled(alert.severity.clone(), colours.severity(&alert.severity))),
            Cell::from(Span::styled(alert.status.clone(), Colours::status(&alert.status))),
            Cell::from(alert.title.clone()),
        ];
        if wide {
            cells.push(Cell::from(alert.source.clone()));
        }
        TableRow::new(cells)
    });
    let mut widths = vec![
        Constraint::Length(11),
        Constraint::Length(7),
        Constraint::Length(8),
        Constraint::Length(10),
        Constraint::Fill(2),
    ];
    if wide {
        widths.push(Constraint::Fill(1));
    }
    let rows: Vec<_> = rows.collect();
    table(rows.into_iter(), widths, open.selected, detail.alerts.len(), frame, area);
}

fn entities(open: &Open, detail: &Detail, colours: Colours, frame: &mut Frame<'_>, area: Rect) {
    if detail.things.is_empty() {
        frame.render_widget(Paragraph::new("  The alerts name no entities."), area);
        return;
    }
    let rows = detail.things.iter().enumerate().map(|(place, thing)| {
        let colours = if place == open.selected { Colours::None } else { colours };
        let alerts =
            if thing.alerts == 1 { "1 alert".to_owned() } else { format!("{} alerts", thing.alerts) };
        TableRow::new(vec![
            Cell::from(format!(" {}", thing.kind)),
            Cell::from(thing.name.clone()),
            Cell::from(Span::styled(thing.verdicts.clone(), colours.verdict(&thing.verdicts))),
            Cell::from(alerts),
        ])
    });
    let widths =
        vec![Constraint::Length(9), Constraint::Fill(1), Constraint::Length(25), Constraint::Length(10)];
    table(rows, widths, open.selected, detail.things.len(), frame, area);
}

fn comments(open: &Open, detail: &Detail, frame: &mut Frame<'_>, area: Rect) {
    if detail.comments.is_empty() {
        frame.render_widget(Paragraph::new("  There are no comments. m adds one."), area);
        return;
    }
    let lines: Vec<Line<'_>> = detail
        .comments
        .iter()
        .skip(open.selected)
        .flat_map(|(at, who, text)| {
            let head = Style::new().add_modifier(Modifier::DIM);
            [Line::from(Span::styled(format!(" {at}  {who}"), head)), Line::from(format!("   {text}"))]
        })
        .collect();
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
}
