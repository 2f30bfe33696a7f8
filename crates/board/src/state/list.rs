//! The list: rows, which of them are shown, and where one is.

use std::collections::HashMap;

use super::{Effect, Key, Open, Pane, State, View};
use crate::line::Line;
use crate::row::Row;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    #[default]
    All,
    Open,
    OpenWithoutOwner,
}

impl Scope {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::OpenWithoutOwner => "open, no owner",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::All => Self::Open,
            Self::Open => Self::OpenWithoutOwner,
            Self::OpenWithoutOwner => Self::All,
        }
    }

    fn accepts(self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Open => row.is_open(),
            Self::OpenWithoutOwner => row.is_open() && row.owner.is_empty(),
        }
    }
}

/// What comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Newest,
    Changed,
    Worst,
}

impl Order {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Changed => "last changed",
            Self::Worst => "worst",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Newest => Self::Changed,
            Self::Changed => Self::Worst,
            Self::Worst => Self::Newest,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) rows: Vec<Row>,
    places: HashMap<Box<str>, usize>,
    /// Places of the rows that are shown, in their order.
    pub(crate) shown: Vec<usize>,
    /// A place in `shown`.
    pub(crate) selected: usize,
    /// The place in `shown` that is the first on the screen.
    pub(crate) top: usize,
    pub(crate) search: Line,
    pub(crate) is_searching: bool,
    pub(crate) scope: Scope,
    /// Severities down to this rank.
    pub(crate) worst: Option<u8>,
    pub(crate) order: Order,
    pub(crate) generation: u32,
    pub(crate) is_loading: bool,
}

impl List {
    pub(crate) fn current(&self) -> Option<&Row> {
        self.rows.get(*self.shown.get(self.selected)?)
    }

    /// Rows that came: known ones are brought up to date in their place.
    pub(super) fn take(&mut self, generation: u32, rows: Vec<Row>) {
        if generation != self.generation {
            return;
        }
        for row in rows {
            self.put(Row { generation, ..row });
        }
        self.choose();
    }

    pub(super) fn put(&mut self, row: Row) {
        if let Some(known) = self.places.get(&row.id).and_then(|place| self.rows.get_mut(*place)) {
            *known = row;
        } else {
            self.places.insert(row.id.clone(), self.rows.len());
            self.rows.push(row);
        }
    }

    /// The loading is over. If it was whole, what did not come is gone.
    pub(super) fn finish(&mut self, is_whole: bool) {
        self.is_loading = false;
        if is_whole && self.rows.iter().any(|row| row.generation != self.generation) {
            let selected = self.current().map(|row| row.id.clone());
            self.rows.retain(|row| row.generation == self.generation);
            self.places = self.rows.iter().enumerate().map(|(place, row)| (row.id.clone(), place)).collect();
            self.shown.clear();
            self.choose();
            self.select(selected.as_deref());
        }
        self.rows.shrink_to_fit();
    }

    /// Decides what is shown; stays on the same incident if it still is.
    pub(super) fn choose(&mut self) {
        let selected = self.current().map(|row| row.id.clone());
        let wanted = self.search.text().trim().to_lowercase();
        let mut shown = std::mem::take(&mut self.shown);
        shown.clear();
        shown.extend((0..self.rows.len()).filter(|place| {
            let row = &self.rows[*place];
            self.scope.accepts(row)
                && self.worst.is_none_or(|worst| row.rank() <= worst)
                && (wanted.is_empty() || row.has(&wanted))
        }));
        let rows = &self.rows;
        match self.order {
            Order::Newest => shown.sort_by_key(|place| std::cmp::Reverse(rows[*place].created)),
            Order::Changed => shown.sort_by_key(|place| std::cmp::Reverse(rows[*place].updated)),
            Order::Worst => {
                shown.sort_by_key(|place| (rows[*place].rank(), std::cmp::Reverse(rows[*place].created)));
            }
        }
        self.shown = shown;
        self.select(selected.as_deref());
    }

    fn select(&mut self, id: Option<&str>) {
        // Whoever stands at the top wants to see what is new.
        if self.selected > 0
            && let Some(id) = id
            && let Some(place) = self.shown.iter().position(|place| *self.rows[*place].id == *id)
        {
            self.selected = place;
        }
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
    }

    pub(super) fn keep_in_sight(&mut self, room: usize) {
        let last_top = self.shown.len().saturating_sub(room);
        self.top = self.top.min(self.selected).max((self.selected + 1).saturating_sub(room)).min(last_top);
    }
}

/// Where a key leads in a list of so many, a page at a time.
pub(super) fn moved(key: Key, at: usize, many: usize, page: usize) -> Option<usize> {
    let last = many.saturating_sub(1);
    Some(match key {
        Key::Up | Key::Char('k') => at.saturating_sub(1),
        Key::Down | Key::Char('j') => (at + 1).min(last),
        Key::PageUp | Key::Ctrl('b') => at.saturating_sub(page),
        Key::PageDown | Key::Ctrl('f') | Key::Char(' ') => (at + page).min(last),
        Key::Home | Key::Char('g') => 0,
        Key::End | Key::Char('G') => last,
        _ => return None,
    })
}

impl State {
    pub(super) fn press_in_list(&mut self, key: Key) -> Vec<Effect> {
        let body = self.body();
        if let Some(place) = moved(key, self.list.selected, self.list.shown.len(), body) {
            self.list.selected = place;
            self.keep_in_sight();
            return Vec::new();
        }
        match key {
            Key::Enter | Key::Right => return self.open(),
            Key::Char('q') => return self.leave(),
            Key::Char('r') => return self.refresh(),
            Key::Char('/') => self.list.is_searching = true,
            Key::Escape => self.list.search.clear(),
            Key::Char('f') => self.list.scope = self.list.scope.next(),
            Key::Char('v') => {
                self.list.worst = match self.list.worst {
                    None => Some(0),
                    Some(0) => Some(1),
                    Some(_) => None,
                }
            }
            Key::Char('o') => self.list.order = self.list.order.next(),
            other => return self.press_for_change(other),
        }
        self.list.choose();
        self.keep_in_sight();
        Vec::new()
    }

    pub(super) fn press_in_search(&mut self, key: Key) -> Vec<Effect> {
        let search = &mut self.list.search;
        match key {
            Key::Enter => self.list.is_searching = false,
            Key::Escape => {
                search.clear();
                self.list.is_searching = false;
            }
            Key::Char(c) => search.insert(c),
            Key::Backspace => search.backspace(),
            Key::Delete => search.delete(),
            Key::Left => search.go(-1),
            Key::Right => search.go(1),
            Key::Home => search.home(),
            Key::End => search.end(),
            Key::Ctrl('u') => search.clear(),
            Key::Up | Key::Down | Key::PageUp | Key::PageDown => {
                let (many, body) = (self.list.shown.len(), self.body());
                self.list.selected = moved(key, self.list.selected, many, body).unwrap_or(0);
            }
            _ => {}
        }
        self.list.choose();
        self.keep_in_sight();
        Vec::new()
    }

    fn open(&mut self) -> Vec<Effect> {
        let Some(id) = self.list.current().map(|row| row.id.to_string()) else { return Vec::new() };
        self.asked += 1;
        let asked = self.asked;
        self.view = View::Detail(Open {
            id: id.clone(),
            asked: Some(asked),
            detail: None,
            pane: Pane::Alerts,
            selected: 0,
        });
        vec![Effect::Open { asked, id }]
    }
}
