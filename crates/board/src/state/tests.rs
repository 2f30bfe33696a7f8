//! The board as a plain function: keys and answers in, state and effects out.

use defender_xdr_api::incidents::{Assignee, Incident};
use defender_xdr_core::backend::Backend;
use serde_json::json;

use super::*;
use crate::detail::Detail;
use crate::row::Row;

pub(crate) fn incident(id: u32, severity: &str, owner: &str) -> Incident {
    let json = json!({ "id": id.to_string(), "displayName": format!("Name of {id}"), "severity": severity,
        "status": if id.is_multiple_of(2) { "resolved" } else { "active" }, "assignedTo": owner,
        "createdDateTime": format!("2026-09-01T00:{:02}:00Z", id % 60), "alerts": [{ "id": "a", "title": "An alert",
        "evidence": [{ "@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.7" }] }] });
    Incident::read(Backend::Graph, &json.to_string()).unwrap()
}

pub(crate) fn rows(ids: impl IntoIterator<Item = u32>) -> Vec<Row> {
    ids.into_iter().map(|id| Row::of(&incident(id, if id < 3 { "high" } else { "low" }, ""))).collect()
}

pub(crate) fn begun() -> State {
    let (state, effects) =
        State::begin((80, 10), "2026-09-02T00:00:00Z".parse().unwrap(), Some("dana@a.example"));
    assert_eq!(effects, [Effect::Load { generation: 1 }]);
    state
}

pub(crate) fn loaded(ids: impl IntoIterator<Item = u32>) -> State {
    let state = happens(begun(), Event::Rows { generation: 1, rows: rows(ids) });
    happens(state, Event::Loaded { generation: 1, problem: None })
}

/// An event without effects.
pub(crate) fn happens(state: State, event: Event) -> State {
    let (state, effects) = state.after(event);
    assert_eq!(effects, []);
    state
}

/// Keys, and the effects of all of them.
pub(crate) fn press(mut state: State, keys: &[Key]) -> (State, Vec<Effect>) {
    let mut all = Vec::new();
    for key in keys {
        let (next, effects) = state.after(Event::Key(*key));
        state = next;
        all.extend(effects);
    }
    (state, all)
}

pub(crate) fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::Char).collect()
}

fn shown(state: &State) -> Vec<String> {
    state.list.shown.iter().map(|place| state.list.rows[*place].id.to_string()).collect()
}

fn proposal() -> Proposal {
    let field = ("assignedTo".to_owned(), "nothing".to_owned(), "dana@a.example".to_owned());
    Proposal { id: "3".to_owned(), name: "Name of 3".to_owned(), fields: vec![field] }
}

/// A board that asks whether to write.
pub(crate) fn asking() -> State {
    let (state, effects) = press(loaded(1..4), &[Key::Char('a'), Key::Enter]);
    let [Effect::Propose { asked, id, change }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((id.as_str(), &change.assignee), ("3", &Some(Assignee::Person("dana@a.example".into()))));
    happens(state, Event::Proposed { asked: *asked, result: Ok(proposal()) })
}

#[test]
fn the_newest_is_first_and_the_screen_follows_the_selection() {
    let state = loaded(1..21);
    assert_eq!(shown(&state)[0], "20");
    let (state, _) = press(state, &[Key::End]);
    assert_eq!((state.list.selected, state.list.top), (19, 14));
    let state = happens(state, Event::Size(80, 30));
    assert_eq!(state.list.top, 0);
    let (state, _) = press(state, &[Key::Home, Key::Down, Key::Up, Key::Up]);
    assert_eq!(state.list.selected, 0);
}

#[test]
fn what_is_typed_filters_at_once_and_escape_ends_it() {
    let mut keys = typed("/name of 1");
    let (state, _) = press(loaded(1..21), &keys);
    assert_eq!(shown(&state).len(), 11);
    // Letters are letters here: nobody leaves by typing a q.
    keys.push(Key::Char('q'));
    let (state, effects) = press(loaded(1..21), &keys);
    assert_eq!((shown(&state).len(), effects), (0, Vec::new()));
    let (state, _) = press(state, &[Key::Escape]);
    assert_eq!(shown(&state).len(), 20);
}

#[test]
fn scope_severity_and_order_are_a_key_each() {
    let (state, _) = press(loaded(1..7), &[Key::Char('f')]);
    assert_eq!(shown(&state), ["5", "3", "1"]);
    let (state, _) = press(state, &[Key::Char('v')]);
    assert_eq!(shown(&state), ["1"]);
    let (state, _) = press(loaded(1..7), &[Key::Char('o'), Key::Char('o')]);
    assert_eq!(shown(&state)[..2], ["2", "1"]);
}

#[test]
fn a_refresh_brings_what_is_new_and_takes_what_is_gone() {
    let (state, _) = press(loaded(1..7), &[Key::Down, Key::Down]);
    assert_eq!(state.list.current().unwrap().id, "4".into());
    let (state, effects) = press(state, &[Key::Char('r')]);
    assert_eq!(effects, [Effect::Load { generation: 2 }]);
    let state = happens(state, Event::Rows { generation: 1, rows: rows([99]) });
    let state = happens(state, Event::Rows { generation: 2, rows: rows([8, 5, 4]) });
    assert_eq!(shown(&state).len(), 7);
    let state = happens(state, Event::Loaded { generation: 2, problem: None });
    assert_eq!(
        (shown(&state), state.list.current().unwrap().id.as_ref()),
        (vec!["8".into(), "5".into(), "4".into()], "4")
    );
}

#[test]
fn a_refresh_that_breaks_off_loses_nothing() {
    let (state, _) = press(loaded(1..7), &[Key::Char('r')]);
    let state = happens(state, Event::Loaded { generation: 2, problem: Some("gone".into()) });
    assert_eq!(shown(&state).len(), 6);
    assert!(state.message.unwrap().is_problem);
}

#[test]
fn only_yes_to_what_was_shown_writes() {
    let (state, effects) = press(asking(), &[Key::Char('y')]);
    assert_eq!(effects, [Effect::Write { asked: 1 }]);
    // While it is written, nothing else is, and nobody leaves by accident.
    let (state, effects) = press(state, &[Key::Char('a'), Key::Char('q')]);
    assert_eq!((effects, state.dialog.is_none()), (Vec::new(), true));
    let row = Box::new(Row::of(&incident(3, "low", "dana@a.example")));
    let state = happens(state, Event::Written { result: Ok(row) });
    assert_eq!(state.list.current().unwrap().owner, "dana@a.example".into());
    assert_eq!(press(state, &[Key::Char('q')]).1, [Effect::Quit]);
}

#[test]
fn no_other_key_and_no_pasted_text_is_a_yes() {
    for key in [Key::Enter, Key::Char('n'), Key::Escape, Key::Char(' '), Key::Ctrl('y'), Key::Down, Key::Tab]
    {
        assert_eq!(press(asking(), &[key]).1, [], "{key:?}");
    }
    let state = happens(asking(), Event::Paste("yyy\n".into()));
    assert_eq!(state, asking());
    let (state, _) = press(state, &[Key::Char('n')]);
    assert_eq!(state.message.unwrap().text, "nothing was written");
}

#[test]
fn a_late_answer_to_another_question_is_not_taken_for_this_one() {
    let (state, _) = press(loaded(1..4), &[Key::Char('a'), Key::Enter, Key::Escape, Key::Char('m')]);
    let (state, _) = press(state, &typed("hello"));
    let state = happens(state, Event::Proposed { asked: 1, result: Ok(proposal()) });
    assert!(matches!(&state.dialog, Some(Dialog::Text { .. })));
    let (state, effects) = press(state, &[Key::Enter]);
    assert!(
        matches!(effects.as_slice(), [Effect::Propose { asked: 2, change, .. }] if change.comment.as_deref() == Some("hello"))
    );
    let state = happens(state, Event::Proposed { asked: 1, result: Ok(proposal()) });
    assert!(matches!(state.dialog, Some(Dialog::Comparing { asked: 2 })));
}

#[test]
fn a_classification_asks_for_its_determination() {
    let (state, effects) = press(loaded(1..4), &[Key::Char('c'), Key::Down, Key::Enter]);
    assert_eq!(effects, []);
    let (_, effects) = press(state, &[Key::Enter]);
    let [Effect::Propose { change, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(change.classification.as_deref(), Some("falsePositive"));
    assert!(change.determination.is_some());
}

#[test]
fn what_is_so_already_is_not_asked_for() {
    let (state, _) = press(loaded(1..4), &[Key::Char('s'), Key::Enter]);
    let same = Proposal { fields: Vec::new(), ..proposal() };
    let state = happens(state, Event::Proposed { asked: 1, result: Ok(same) });
    assert!(state.dialog.is_none() && state.message.unwrap().text.contains("nothing to write"));
}

#[test]
fn one_hunts_from_an_entity_with_a_query_that_can_be_changed() {
    let (state, effects) = press(loaded(1..4), &[Key::Enter]);
    assert_eq!(effects, [Effect::Open { asked: 1, id: "3".into() }]);
    let detail = Box::new(Detail::of(&incident(3, "low", "")));
    let state = happens(state, Event::Opened { asked: 1, result: Ok(detail) });
    let (state, effects) = press(state, &[Key::Char('2'), Key::Char('h'), Key::Backspace, Key::Enter]);
    let [Effect::Hunt { asked, query }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(query.contains("RemoteIP == \"192.0.2.7\"") && query.ends_with("| take 10"), "{query}");
    let rows = Event::HuntRows { asked: *asked, columns: vec!["A".into()], rows: vec![vec!["1".into()]] };
    let state = happens(state, rows);
    let state = happens(state, Event::Hunted { asked: *asked, problem: None, is_cut: false });
    let View::Hunt(hunt) = &state.view else { panic!("{state:?}") };
    assert_eq!((hunt.focus, hunt.rows.len(), hunt.asked), (Focus::Rows, 1, None));
    let (state, _) = press(state, &[Key::Escape]);
    assert!(matches!(&state.view, View::Detail(open) if open.pane == Pane::Entities));
}

#[test]
fn ctrl_c_leaves_from_everywhere() {
    for state in [begun(), loaded(1..4), asking(), press(loaded(1..4), &typed("/x")).0] {
        assert_eq!(press(state, &[Key::Ctrl('c')]).1, [Effect::Quit]);
    }
}
