//! What is not looked into stays as it came.

use super::*;

#[test]
fn what_is_not_looked_into_comes_out_byte_for_byte() {
    let json = r#"{"a":0.10,"\"b\"":[1, 2],"c":{"x": null},"d":"\u00e4"}"#;
    let outline = Outline::read(json, Plan::SHALLOW).expect("an object");
    assert_eq!(outline.names().collect::<Vec<_>>(), ["a", "\"b\"", "c", "d"]);
    assert_eq!(outline.to_text(), json);
    assert!(Outline::read("[1]", Plan::SHALLOW).is_err() && Outline::read("{} x", Plan::SHALLOW).is_err());
}

#[test]
fn parts_are_taken_apart_when_they_are_what_they_should_be() {
    let outline =
        Outline::read(r#"{"w":"a\"b","o":{"x":1},"l":[{"y":2},3]}"#, Plan::SHALLOW).expect("an object");
    let part = |name: &str| outline.get(name).expect("there").clone();
    assert_eq!(part("w").as_word().as_deref(), Some("a\"b"));
    assert_eq!(part("o").as_word(), None);
    assert!(part("o").into_object().expect("an object").contains("x"));
    let list = part("l").into_list().expect("a list");
    assert!(list[0].is_object() && !list[1].is_object());
    assert_eq!(part("w").into_list(), Err(part("w")));
    assert_eq!(Part::word("a\"\n"), Part::Text(Cow::Borrowed("\"a\\\"\\n\"")));
}

#[test]
fn a_plan_changes_nothing_but_the_speed() {
    const PLAN: Plan = Plan(&[("a", Plan(&[("b", Plan::SHALLOW)]))]);
    for json in [
        r#"{"a":[{"b":[{"c":1.50,"d":[1, 2]}],"x":"\u00e4"},null],"y":0.10}"#,
        r#"{"a":{"b":{"c":[]}}}"#,
        r#"{"a":[true,7,-7,"w\"",[{"b":5}]]}"#,
        r#"{"a":null}"#,
    ] {
        let planned = Outline::read(json, PLAN).expect("an object");
        assert_eq!(planned.to_text(), json);
        let value: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(planned.get("a").expect("there").to_value(), value["a"]);
    }
    let planned = Outline::read(r#"{"a":[{"b":[{"c":1}]}]}"#, PLAN).expect("an object");
    let first = planned.get("a").expect("there").elements()[0].members().expect("taken apart");
    assert!(first.get("b").expect("there").elements()[0].members().is_some());
}
