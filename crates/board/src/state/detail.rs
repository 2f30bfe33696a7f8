//! One incident: moving about in it, and hunting from an entity.

use super::list::moved;
use super::{Effect, Hunt, Key, Open, Pane, State, View};
use crate::detail::Detail;

impl State {
    pub(super) fn press_in_detail(&mut self, key: Key) -> Vec<Effect> {
        let body = self.body();
        let View::Detail(open) = &mut self.view else { return Vec::new() };
        let many = open.detail.as_ref().map_or(0, |detail| open.pane.len(detail));
        if let Some(place) = moved(key, open.selected, many, body) {
            open.selected = place;
            return Vec::new();
        }
        let turn = |open: &mut Open, pane: Pane| {
            open.pane = pane;
            open.selected = 0;
        };
        match key {
            Key::Tab | Key::Right => turn(open, open.pane.turned(1)),
            Key::BackTab => turn(open, open.pane.turned(2)),
            Key::Left if open.pane != Pane::Alerts => turn(open, open.pane.turned(2)),
            Key::Char('1') => turn(open, Pane::Alerts),
            Key::Char('2') => turn(open, Pane::Entities),
            Key::Char('3') => turn(open, Pane::Comments),
            Key::Escape | Key::Left | Key::Backspace | Key::Char('q') => self.view = View::List,
            Key::Char('r') => return self.read_again(),
            Key::Char('h') | Key::Enter => return self.hunt_from_entity(key),
            other => return self.press_for_change(other),
        }
        Vec::new()
    }

    /// Reads the incident that is looked at once more.
    pub(super) fn read_again(&mut self) -> Vec<Effect> {
        let View::Detail(open) = &mut self.view else { return Vec::new() };
        self.asked += 1;
        open.asked = Some(self.asked);
        vec![Effect::Open { asked: self.asked, id: open.id.clone() }]
    }

    pub(super) fn opened(&mut self, asked: u64, result: Result<Box<Detail>, String>) -> Vec<Effect> {
        let open = match &mut self.view {
            View::Detail(open) => open,
            View::Hunt(hunt) => &mut hunt.back,
            View::List => return Vec::new(),
        };
        if open.asked != Some(asked) {
            return Vec::new();
        }
        open.asked = None;
        match result {
            Ok(detail) => {
                self.list.put(crate::row::Row { generation: self.list.generation, ..detail.row.clone() });
                open.selected = open.selected.min(open.pane.len(&detail).saturating_sub(1));
                open.detail = Some(detail);
                self.list.choose();
                self.keep_in_sight();
            }
            Err(problem) => self.complain(problem),
        }
        Vec::new()
    }

    fn hunt_from_entity(&mut self, key: Key) -> Vec<Effect> {
        let View::Detail(open) = &mut self.view else { return Vec::new() };
        if open.pane != Pane::Entities {
            if key == Key::Char('h') {
                open.pane = Pane::Entities;
                open.selected = 0;
                self.say("choose an entity, then press h");
            }
            return Vec::new();
        }
        let thing = open.detail.as_ref().and_then(|detail| detail.things.get(open.selected));
        let Some(thing) = thing else { return Vec::new() };
        self.view = View::Hunt(Box::new(Hunt::about(&thing.name, &thing.query, open.clone())));
        Vec::new()
    }
}
