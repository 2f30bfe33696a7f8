//! Changes are checked before anything is sent, and each API gets its own words.

use super::*;

fn change() -> IncidentChange {
    IncidentChange::default()
}

#[test]
fn an_empty_change_is_refused() {
    assert!(change().checked(Backend::Graph).is_err());
}

#[test]
fn pairs_are_checked_before_anything_is_sent() {
    let pair = |classification: &str, determination: &str| {
        IncidentChange {
            classification: Some(classification.into()),
            determination: Some(determination.into()),
            ..change()
        }
        .checked(Backend::Legacy)
    };
    assert!(pair("TruePositive", "Phishing").is_ok());
    assert!(pair("falsePositive", "Clean").is_ok());
    let error = pair("falsePositive", "phishing").expect_err("no fit");
    assert!(error.hint().is_some_and(|hint| hint.contains("notMalicious")));
}

#[test]
fn statuses_of_the_service_are_never_sent() {
    for status in ["Redirected", "awaitingAction", "gone"] {
        assert!(
            IncidentChange { status: Some(status.into()), ..change() }.checked(Backend::Graph).is_err(),
            "{status}"
        );
    }
}

#[test]
fn each_api_gets_its_own_names_and_words() {
    let change = IncidentChange {
        status: Some("resolved".into()),
        assignee: Some(Assignee::Nobody),
        classification: Some("falsePositive".into()),
        determination: Some("clean".into()),
        ..change()
    };
    let graph =
        change.clone().checked(Backend::Graph).expect("fits").members(Backend::Graph, Some(&["a".into()]));
    let legacy = change.checked(Backend::Legacy).expect("fits").members(Backend::Legacy, Some(&[]));
    assert_eq!(
        Value::Object(graph),
        json!({"status":"resolved","assignedTo":null,"classification":"falsePositive","determination":"notMalicious","customTags":["a"]})
    );
    assert_eq!(
        Value::Object(legacy),
        json!({"status":"Resolved","assignedTo":"","classification":"FalsePositive","determination":"NotMalicious","tags":[]})
    );
}

#[test]
fn empty_texts_clear_nothing() {
    let changes = [
        IncidentChange { assignee: Some(Assignee::Person(" ".into())), ..change() },
        IncidentChange { display_name: Some(String::new()), ..change() },
        IncidentChange { resolving_comment: Some(String::new()), ..change() },
    ];
    for change in changes {
        assert!(change.clone().checked(Backend::Graph).is_err(), "{change:?}");
    }
}

#[test]
fn a_tag_does_not_come_and_go_at_once() {
    let tags = TagChange::Adjust { add: vec!["a".into()], remove: vec!["a".into()] };
    assert!(IncidentChange { tags: Some(tags), ..change() }.checked(Backend::Graph).is_err());
}

#[test]
fn what_only_graph_can_change_is_refused_elsewhere() {
    let change = IncidentChange { severity: Some("high".into()), ..change() };
    assert!(change.clone().checked(Backend::Graph).is_ok());
    assert!(change.checked(Backend::Legacy).is_err());
}

#[test]
fn single_tags_come_and_go_and_the_others_stay() {
    let current = ["a".to_owned(), "b".to_owned()];
    let adjust = TagChange::Adjust { add: vec!["c".into(), "a".into()], remove: vec!["b".into()] };
    assert_eq!(adjust.apply(&current), ["a", "c"]);
    assert_eq!(TagChange::Replace(vec![]).apply(&current), Vec::<String>::new());
}
