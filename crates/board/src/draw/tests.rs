//! The board as it is seen.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

use super::*;
use crate::detail::Detail;
use crate::state::tests::{asking, begun, happens, incident, loaded, press, typed};
use crate::state::{Event, Key};

fn terminal(state: &State, colours: Colours, width: u16, height: u16) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(state, colours, frame)).unwrap();
    terminal
}

fn lines(state: &State, width: u16, height: u16) -> Vec<String> {
    let terminal = terminal(state, Colours::None, width, height);
    let buffer = terminal.backend().buffer();
    let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..height).map(row).collect()
}

#[test]
fn the_list_fits_eighty_columns() {
    assert_eq!(
        lines(&loaded(1..4), 80, 7),
        [
            " Incidents  3 of 3  scope: all  order: newest",
            "SEVERITY  ID       STATUS      AGE   OWNER          NAME",
            " low      3        active      23h   –              Name of 3",
            " high     2        resolved    23h   –              Name of 2",
            " high     1        active      23h   –              Name of 1",
            "",
            " ↑↓ move   Enter open   ? help   q quit   / search   a assign   s status",
        ]
    );
}

#[test]
fn a_narrow_terminal_keeps_what_matters() {
    let narrow = lines(&loaded(1..4), 40, 7);
    assert_eq!(narrow[2], " low      3        23h   Name of 3");
    assert_eq!(lines(&loaded(1..4), 30, 7)[2], " low      3        23h   Name…");
    assert_eq!(lines(&loaded(1..4), 10, 3)[0], "too small");
}

#[test]
fn a_question_whether_to_write_shows_what_changes() {
    let seen = lines(&asking(), 80, 14).join("\n");
    for words in [
        "Write this?",
        "Incident 3: Name of 3",
        "assignedTo: nothing → dana@a.example",
        " y write   n do not write",
    ] {
        assert!(seen.contains(words), "{words}\n{seen}");
    }
}

#[test]
fn every_view_is_drawn_in_every_size() {
    let opened = press(loaded(1..4), &[Key::Enter]).0;
    let detail = Box::new(Detail::of(&incident(3, "low", "")));
    let detail = happens(opened.clone(), Event::Opened { asked: 1, result: Ok(detail) });
    let hunt = press(detail.clone(), &[Key::Char('2'), Key::Enter]).0;
    let running = press(hunt.clone(), &[Key::Enter]).0;
    let rows = Event::HuntRows {
        asked: 2,
        columns: vec!["A".into(), "Long".repeat(30)],
        rows: vec![vec!["1".into()], vec!["界".repeat(60), "2".into(), "3".into()]],
    };
    let hunted =
        happens(happens(running.clone(), rows), Event::Hunted { asked: 2, problem: None, is_cut: true });
    let help = press(loaded(1..4), &typed("?")).0;
    let choice = press(loaded(1..4), &typed("c")).0;
    let search = press(loaded(1..4), &typed("/é界")).0;
    for state in [begun(), opened, detail, hunt, running, hunted, help, choice, search, asking()] {
        for (width, height) in [(1, 1), (20, 6), (33, 8), (80, 24), (211, 60)] {
            drop(terminal(&state, Colours::Sixteen, width, height));
        }
    }
}

#[test]
fn an_incident_shows_its_alerts_as_a_timeline() {
    let opened = press(loaded(1..4), &[Key::Enter]).0;
    let detail = Box::new(Detail::of(&incident(3, "low", "")));
    let seen = lines(&happens(opened, Event::Opened { asked: 1, result: Ok(detail) }), 80, 14);
    assert_eq!(seen[0], " Incident 3  Name of 3");
    assert!(seen.iter().any(|line| line == "  1 Alerts 1   2 Entities 1   3 Comments 0"), "{seen:#?}");
    assert!(seen.iter().any(|line| line.contains("│") && line.contains("An alert")), "{seen:#?}");
}

#[test]
fn without_colours_there_are_none_and_with_them_only_sixteen() {
    let coloured = |colours| {
        let terminal = terminal(&loaded(1..4), colours, 80, 10);
        let cells = terminal.backend().buffer().content().iter();
        cells.flat_map(|cell| [cell.fg, cell.bg]).filter(|colour| *colour != Color::Reset).collect::<Vec<_>>()
    };
    assert_eq!(coloured(Colours::None), []);
    let used = coloured(Colours::Sixteen);
    assert!(
        !used.is_empty() && used.iter().all(|colour| !matches!(colour, Color::Rgb(..) | Color::Indexed(_)))
    );
}
