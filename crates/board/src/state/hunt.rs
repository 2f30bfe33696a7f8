//! A query that a person reads, changes and runs, and its rows.

use super::list::moved;
use super::{Effect, Key, Open, State, View};
use crate::line::Line;

/// What keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    Query,
    Rows,
}

/// A query and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hunt {
    pub(crate) about: String,
    pub(crate) query: Line,
    pub(crate) focus: Focus,
    /// The question that is under way, if any.
    pub(crate) asked: Option<u64>,
    /// Whether it was run.
    pub(crate) was_run: bool,
    pub(crate) is_cut: bool,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) selected: usize,
    /// The first column on the screen.
    pub(crate) left: usize,
    /// Where one comes from.
    pub(crate) back: Open,
}

impl Hunt {
    pub(super) fn about(name: &str, query: &str, back: Open) -> Self {
        Self {
            about: name.to_owned(),
            query: Line::new(query),
            focus: Focus::Query,
            asked: None,
            was_run: false,
            is_cut: false,
            columns: Vec::new(),
            rows: Vec::new(),
            selected: 0,
            left: 0,
            back,
        }
    }
}

impl State {
    pub(super) fn press_in_hunt(&mut self, key: Key) -> Vec<Effect> {
        let body = self.body();
        let View::Hunt(hunt) = &mut self.view else { return Vec::new() };
        if key == Key::Escape || (hunt.focus == Focus::Rows && key == Key::Char('q')) {
            self.view = View::Detail(hunt.back.clone());
            return Vec::new();
        }
        if matches!(key, Key::Tab | Key::BackTab) {
            hunt.focus = if hunt.focus == Focus::Query { Focus::Rows } else { Focus::Query };
            return Vec::new();
        }
        if hunt.focus == Focus::Query {
            match key {
                Key::Enter | Key::Ctrl('r') => return self.run_query(),
                // Terminals send this for Ctrl-Enter or Ctrl-J.
                Key::Ctrl('j') => hunt.query.insert('\n'),
                other => type_into(&mut hunt.query, other),
            }
            return Vec::new();
        }
        if let Some(place) = moved(key, hunt.selected, hunt.rows.len(), body) {
            hunt.selected = place;
            return Vec::new();
        }
        match key {
            Key::Right | Key::Char('l') => {
                hunt.left = (hunt.left + 1).min(hunt.columns.len().saturating_sub(1));
            }
            Key::Left | Key::Char('h') => hunt.left = hunt.left.saturating_sub(1),
            Key::Char('r') => return self.run_query(),
            Key::Char('e') => hunt.focus = Focus::Query,
            _ => {}
        }
        Vec::new()
    }

    fn run_query(&mut self) -> Vec<Effect> {
        let View::Hunt(hunt) = &mut self.view else { return Vec::new() };
        if hunt.query.text().trim().is_empty() {
            self.complain("the query is empty");
            return Vec::new();
        }
        self.asked += 1;
        hunt.asked = Some(self.asked);
        hunt.was_run = true;
        hunt.is_cut = false;
        hunt.columns.clear();
        hunt.rows.clear();
        (hunt.selected, hunt.left) = (0, 0);
        vec![Effect::Hunt { asked: self.asked, query: hunt.query.text().to_owned() }]
    }

    pub(super) fn hunt_rows(
        &mut self,
        asked: u64,
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
    ) -> Vec<Effect> {
        if let View::Hunt(hunt) = &mut self.view
            && hunt.asked == Some(asked)
        {
            hunt.columns = columns;
            hunt.rows.extend(rows);
        }
        Vec::new()
    }

    pub(super) fn hunted(&mut self, asked: u64, problem: Option<String>, is_cut: bool) -> Vec<Effect> {
        if let View::Hunt(hunt) = &mut self.view
            && hunt.asked == Some(asked)
        {
            hunt.asked = None;
            hunt.is_cut = is_cut;
            match problem {
                Some(problem) => self.complain(problem),
                None if !hunt.rows.is_empty() => hunt.focus = Focus::Rows,
                None => {}
            }
        }
        Vec::new()
    }
}

/// A key in a text.
pub(super) fn type_into(line: &mut Line, key: Key) {
    match key {
        Key::Char(c) => line.insert(c),
        Key::Backspace => line.backspace(),
        Key::Delete => line.delete(),
        Key::Left => line.go(-1),
        Key::Right => line.go(1),
        Key::Home | Key::Ctrl('a') => line.home(),
        Key::End | Key::Ctrl('e') => line.end(),
        Key::Ctrl('u') => line.clear(),
        _ => {}
    }
}
