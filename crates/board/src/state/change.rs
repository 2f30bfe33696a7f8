//! Changes: from a key over a question to something that can be compared with the incident.

use defender_xdr_api::incidents::{Assignee, IncidentChange};
use defender_xdr_api::words::{CLASSIFICATION, determinations_of};

use super::{Dialog, Effect, Key, State, View};
use crate::line::Line;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    Owner,
    Comment,
    Status,
    Classification,
    /// For this classification.
    Determination(&'static str),
}

impl Ask {
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Owner => "Assign to (empty: nobody)",
            Self::Comment => "Add a comment (it cannot be edited or deleted)",
            Self::Status => "Status",
            Self::Classification => "Classification",
            Self::Determination(_) => "Determination",
        }
    }
}

/// What people may set.
const STATUSES: [&str; 3] = ["active", "inProgress", "resolved"];

/// The change that a text means.
pub(super) fn of_text(ask: Ask, text: &str) -> Result<IncidentChange, &'static str> {
    let none = IncidentChange::default();
    match ask {
        Ask::Owner if text.is_empty() => Ok(IncidentChange { assignee: Some(Assignee::Nobody), ..none }),
        Ask::Owner => Ok(IncidentChange { assignee: Some(Assignee::Person(text.to_owned())), ..none }),
        Ask::Comment if text.is_empty() => Err("the comment is empty"),
        _ => Ok(IncidentChange { comment: Some(text.to_owned()), ..none }),
    }
}

impl State {
    /// The incident that a change is about.
    fn subject(&self) -> Option<String> {
        match &self.view {
            View::List => self.list.current().map(|row| row.id.to_string()),
            View::Detail(open) => Some(open.id.clone()),
            View::Hunt(_) => None,
        }
    }

    pub(super) fn press_for_change(&mut self, key: Key) -> Vec<Effect> {
        if key == Key::Char('?') {
            self.dialog = Some(Dialog::Help);
            return Vec::new();
        }
        let Some(id) = self.subject() else { return Vec::new() };
        let dialog = match key {
            Key::Char('a') => Dialog::Text { ask: Ask::Owner, id, line: Line::new(&self.last_owner) },
            Key::Char('m') => Dialog::Text { ask: Ask::Comment, id, line: Line::default() },
            Key::Char('s') => Dialog::Choice { ask: Ask::Status, id, words: STATUSES.to_vec(), selected: 0 },
            Key::Char('c') => {
                let words = CLASSIFICATION.words().collect();
                Dialog::Choice { ask: Ask::Classification, id, words, selected: 0 }
            }
            _ => return Vec::new(),
        };
        if self.is_writing {
            self.complain("wait: a change is being written");
        } else {
            self.dialog = Some(dialog);
        }
        Vec::new()
    }

    pub(super) fn chosen(&mut self, ask: Ask, id: String, word: &'static str) -> Vec<Effect> {
        let none = IncidentChange::default();
        let text = |word: &str| Some(word.to_owned());
        match ask {
            Ask::Classification if !determinations_of(word).is_empty() => {
                let words = determinations_of(word).to_vec();
                self.dialog = Some(Dialog::Choice { ask: Ask::Determination(word), id, words, selected: 0 });
                Vec::new()
            }
            Ask::Classification => self.propose(id, IncidentChange { classification: text(word), ..none }),
            Ask::Determination(classification) => self.propose(
                id,
                IncidentChange { classification: text(classification), determination: text(word), ..none },
            ),
            _ => self.propose(id, IncidentChange { status: text(word), ..none }),
        }
    }

    pub(super) fn propose(&mut self, id: String, change: IncidentChange) -> Vec<Effect> {
        self.asked += 1;
        self.dialog = Some(Dialog::Comparing { asked: self.asked });
        vec![Effect::Propose { asked: self.asked, id, change: Box::new(change) }]
    }
}
