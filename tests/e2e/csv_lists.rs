//! Lists as rows for spreadsheets.

use crate::support::Stage;

#[test]
fn lists_are_csv_too() {
    let stage = Stage::new();
    for arguments in
        [["incidents", "list", "--all"], ["alerts", "list", "--all"], ["alerts", "list", "--limit=7"]]
    {
        let rows = stage.run(&arguments).well().records();
        let mut all = arguments.to_vec();
        all.extend(["-o", "csv"]);
        let csv = stage.run(&all).well().stdout;
        assert!(csv.starts_with("id,") && !csv.contains('{'), "{arguments:?}");
        let named = rows.iter().filter(|row| csv.contains(row["id"].as_str().expect("an id"))).count();
        assert_eq!((named, csv.lines().count() > rows.len()), (rows.len(), true), "{arguments:?}");
    }
    stage.run(&["--raw", "alerts", "list", "-o", "csv"]).ends(2);
}
