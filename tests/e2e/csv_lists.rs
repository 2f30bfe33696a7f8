//! Lists as rows for spreadsheets and programs.

use crate::support::Stage;

#[test]
fn lists_are_csv_too() {
    let stage = Stage::new();
    for arguments in
        [["incidents", "list", "--all"], ["alerts", "list", "--all"], ["alerts", "list", "--limit=7"]]
    {
        let records = stage.run(&arguments).well().records();
        let mut all = arguments.to_vec();
        all.extend(["-o", "csv"]);
        let csv = stage.run(&all).well().stdout;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), records.len(), "{arguments:?}");
        for (row, record) in rows.iter().zip(&records) {
            for (name, cell) in header.iter().zip(row) {
                // Whole values: times and ids as the service gave them, nothing for null.
                match &record[name] {
                    serde_json::Value::Null => assert_eq!(cell, "", "{name}"),
                    serde_json::Value::String(text) => assert_eq!(cell, text, "{name}"),
                    _ => {}
                }
            }
        }
    }
    stage.run(&["--raw", "alerts", "list", "-o", "csv"]).ends(2);
}

#[test]
fn one_thing_is_a_row_under_the_header_of_the_list() {
    let stage = Stage::new();
    let id = stage.run(&["incidents", "list", "--limit=1"]).well().records()[0]["id"].clone();
    let id = id.as_str().expect("an id");
    let list = stage.run(&["incidents", "list", "--limit=1", "-o", "csv"]).well().stdout;
    let one = stage.run(&["incidents", "get", id, "-o", "csv"]).well().stdout;
    assert_eq!(list.lines().next(), one.lines().next());
    assert!(one.lines().nth(1).is_some_and(|line| line.starts_with(&format!("{id},"))), "{one}");
}

#[test]
fn a_spreadsheet_gets_no_formula_and_is_told_the_encoding() {
    let stage = Stage::new();
    let id = stage.run(&["incidents", "list", "--limit=1"]).well().records()[0]["id"].clone();
    let id = id.as_str().expect("an id");
    let name = "=HYPERLINK(\"http://x\",\"é\")";
    stage.run(&["incidents", "update", id, "--display-name", name]).well();
    let get = ["incidents", "get", id, "-o", "csv", "--columns", "id,displayName"];
    let plain = stage.run(&get).well().stdout;
    assert!(plain.contains(",\"=HYPERLINK("), "{plain}");
    let safe = stage.run(&[&get[..], &["--spreadsheet"]].concat()).well().stdout;
    assert!(safe.starts_with("\u{FEFF}id,displayName") && safe.contains(",\"'=HYPERLINK("), "{safe}");
    stage.run(&["incidents", "get", id, "-o", "json", "--spreadsheet"]).ends(2).saying(&["-o csv"]);
}
