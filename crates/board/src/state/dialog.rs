//! Questions that have to be answered before anything else.

use super::change::{self, Ask};
use super::hunt::type_into;
use super::{Effect, Key, Proposal, State, View};
use crate::line::Line;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// All keys.
    Help,
    /// A text is asked for.
    Text { ask: Ask, id: String, line: Line },
    /// One of several words.
    Choice { ask: Ask, id: String, words: Vec<&'static str>, selected: usize },
    /// The change is being compared with the incident.
    Comparing { asked: u64 },
    /// Whether to write.
    Confirm { asked: u64, proposal: Proposal },
}

impl State {
    pub(super) fn press_in_dialog(&mut self, key: Key) -> Vec<Effect> {
        let Some(dialog) = &mut self.dialog else { return Vec::new() };
        match (dialog, key) {
            (Dialog::Confirm { asked, .. }, Key::Char('y' | 'Y')) => {
                let asked = *asked;
                self.dialog = None;
                self.is_writing = true;
                self.say("writing…");
                return vec![Effect::Write { asked }];
            }
            // Whatever else is pressed on a question whether to write is no.
            (Dialog::Confirm { .. }, Key::Char('n' | 'N' | 'q') | Key::Escape) => {
                self.dialog = None;
                self.say("nothing was written");
            }
            (Dialog::Confirm { .. }, _) => {}
            (Dialog::Help, _) | (_, Key::Escape) => self.dialog = None,
            (Dialog::Text { ask, id, line }, Key::Enter) => {
                let (ask, id, text) = (*ask, id.clone(), line.text().trim().to_owned());
                return match change::of_text(ask, &text) {
                    Ok(change) => {
                        if ask == Ask::Owner && !text.is_empty() {
                            self.last_owner = text;
                        }
                        self.propose(id, change)
                    }
                    Err(problem) => {
                        self.complain(problem);
                        Vec::new()
                    }
                };
            }
            (Dialog::Text { line, .. }, key) => type_into(line, key),
            (Dialog::Choice { ask, id, words, selected }, Key::Enter) => {
                let Some(word) = words.get(*selected).copied() else { return Vec::new() };
                let (ask, id) = (*ask, id.clone());
                return self.chosen(ask, id, word);
            }
            (Dialog::Choice { words, selected, .. }, key) => {
                if let Some(place) = super::list::moved(key, *selected, words.len(), 5) {
                    *selected = place;
                } else if let Key::Char(digit @ '1'..='9') = key
                    && let Some(place) = digit.to_digit(10).and_then(|digit| usize::try_from(digit - 1).ok())
                    && place < words.len()
                {
                    *selected = place;
                }
            }
            (Dialog::Comparing { .. }, _) => {}
        }
        Vec::new()
    }

    pub(super) fn proposed(&mut self, asked: u64, result: Result<Proposal, String>) -> Vec<Effect> {
        if !matches!(self.dialog, Some(Dialog::Comparing { asked: under_way }) if under_way == asked) {
            return Vec::new();
        }
        self.dialog = None;
        match result {
            Ok(proposal) if proposal.fields.is_empty() => {
                self.say(format!("incident {} is so already; nothing to write", proposal.id));
            }
            Ok(proposal) => self.dialog = Some(Dialog::Confirm { asked, proposal }),
            Err(problem) => self.complain(problem),
        }
        Vec::new()
    }

    pub(super) fn written(&mut self, result: Result<Box<crate::row::Row>, String>) -> Vec<Effect> {
        self.is_writing = false;
        match result {
            Ok(row) => {
                self.say(format!("incident {} was changed", row.id));
                let id = row.id.clone();
                self.list.put(crate::row::Row { generation: self.list.generation, ..*row });
                self.list.choose();
                self.keep_in_sight();
                if matches!(&self.view, View::Detail(open) if *open.id == *id) {
                    return self.read_again();
                }
            }
            Err(problem) => self.complain(problem),
        }
        Vec::new()
    }
}
