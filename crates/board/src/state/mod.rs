//! What the board knows, and what becomes of it: a state and an event give a state and effects.

mod change;
mod detail;
mod dialog;
mod event;
mod hunt;
mod list;
mod view;

use defender_xdr_core::Timestamp;

pub use event::{Effect, Event, Key, Proposal};

pub(crate) use dialog::Dialog;
pub(crate) use hunt::{Focus, Hunt};
pub(crate) use list::List;
pub(crate) use view::{Open, Pane, View};

/// A line for the person at the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) is_problem: bool,
}

/// What the board knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Columns and rows of the screen.
    pub(crate) size: (u16, u16),
    pub(crate) now: i64,
    pub(crate) list: List,
    pub(crate) view: View,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) message: Option<Message>,
    /// The owner that was given last.
    pub(crate) last_owner: String,
    /// A change was sent and its answer has not come.
    pub(crate) is_writing: bool,
    /// Counts questions, so that a late answer to another one is recognised.
    pub(crate) asked: u64,
}

impl State {
    /// A board that is about to load, and the first effects. `owner` is proposed when an incident is assigned.
    pub fn begin(size: (u16, u16), now: Timestamp, owner: Option<&str>) -> (Self, Vec<Effect>) {
        let mut state = Self {
            size,
            now: now.as_second(),
            list: List::default(),
            view: View::List,
            dialog: None,
            message: None,
            last_owner: owner.unwrap_or_default().to_owned(),
            is_writing: false,
            asked: 0,
        };
        let effects = state.refresh();
        (state, effects)
    }

    /// The state after an event, and what is to be done.
    #[must_use]
    pub fn after(mut self, event: Event) -> (Self, Vec<Effect>) {
        let effects = match event {
            Event::Key(key) => self.press(key),
            Event::Paste(text) => self.paste(&text),
            Event::Size(columns, rows) => {
                self.size = (columns, rows);
                self.keep_in_sight();
                Vec::new()
            }
            Event::Time(now) => {
                self.now = now.as_second();
                Vec::new()
            }
            Event::Rows { generation, rows } => {
                self.list.take(generation, rows);
                self.keep_in_sight();
                Vec::new()
            }
            Event::Loaded { generation, problem } => self.loaded(generation, problem),
            Event::Opened { asked, result } => self.opened(asked, result),
            Event::Proposed { asked, result } => self.proposed(asked, result),
            Event::Written { result } => self.written(result),
            Event::HuntRows { asked, columns, rows } => self.hunt_rows(asked, columns, rows),
            Event::Hunted { asked, problem, is_cut } => self.hunted(asked, problem, is_cut),
        };
        (self, effects)
    }

    /// Rows of the body: the screen without the two lines above and the two below.
    pub(crate) fn body(&self) -> usize {
        usize::from(self.size.1).saturating_sub(4).max(1)
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), is_problem: false });
    }

    pub(crate) fn complain(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), is_problem: true });
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        if key == Key::Ctrl('c') {
            return vec![Effect::Quit];
        }
        if self.dialog.is_some() {
            return self.press_in_dialog(key);
        }
        // A message has been seen when the next key is pressed.
        self.message = None;
        match &self.view {
            View::List if self.list.is_searching => self.press_in_search(key),
            View::List => self.press_in_list(key),
            View::Detail(_) => self.press_in_detail(key),
            View::Hunt(_) => self.press_in_hunt(key),
        }
    }

    /// What is pasted is text where text is asked for, and never a command.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let is_query =
            matches!(&self.view, View::Hunt(hunt) if hunt.focus == Focus::Query) && self.dialog.is_none();
        let mut letters =
            text.chars().map(|c| if c.is_control() && !(is_query && c == '\n') { ' ' } else { c });
        if let Some(Dialog::Text { line, .. }) = &mut self.dialog {
            letters.for_each(|c| line.insert(c));
        } else if let View::Hunt(hunt) = &mut self.view
            && is_query
        {
            letters.for_each(|c| hunt.query.insert(c));
        } else if self.dialog.is_none() && self.list.is_searching && matches!(self.view, View::List) {
            letters.by_ref().for_each(|c| self.list.search.insert(c));
            self.list.choose();
            self.keep_in_sight();
        }
        Vec::new()
    }

    /// Leaves, unless a change is under way.
    pub(crate) fn leave(&mut self) -> Vec<Effect> {
        if self.is_writing {
            self.complain("a change is being written; Ctrl-C leaves all the same");
            return Vec::new();
        }
        vec![Effect::Quit]
    }

    /// Loads again what is there.
    pub(crate) fn refresh(&mut self) -> Vec<Effect> {
        self.list.generation += 1;
        self.list.is_loading = true;
        vec![Effect::Load { generation: self.list.generation }]
    }

    fn loaded(&mut self, generation: u32, problem: Option<String>) -> Vec<Effect> {
        if generation == self.list.generation {
            self.list.finish(problem.is_none());
            if let Some(problem) = problem {
                self.complain(format!("the list is not whole: {problem}"));
            }
            self.keep_in_sight();
        }
        Vec::new()
    }

    pub(crate) fn keep_in_sight(&mut self) {
        let room = self.body();
        self.list.keep_in_sight(room);
    }
}

#[cfg(test)]
pub(crate) mod tests;
