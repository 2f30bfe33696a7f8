//! Queries over a small world.

use jiff::Timestamp;

use super::cell::{Cell, CellKind};
use super::{HuntingResult, KqlError, run, tables};
use crate::defender::world::World;
use crate::defender::world::ticks::Ticks;

fn now() -> Timestamp {
    "2026-09-14T08:00:00Z".parse().unwrap()
}

fn world() -> World {
    World::generate(7, 250, "tenant", "aurora-lab.example", Ticks::from_timestamp(now()))
}

fn hunt(query: &str) -> Result<HuntingResult, KqlError> {
    run(&world(), query, None, now())
}

fn count(query: &str) -> usize {
    hunt(query).unwrap_or_else(|fault| panic!("{query}: {fault}")).rows.len()
}

const TABLES: [&str; 8] = [
    "DeviceInfo",
    "DeviceProcessEvents",
    "DeviceNetworkEvents",
    "DeviceFileEvents",
    "EmailEvents",
    "IdentityLogonEvents",
    "AlertInfo",
    "AlertEvidence",
];

#[test]
fn every_row_fits_its_schema_and_there_are_thousands() {
    let world = world();
    let mut total = 0;
    for name in TABLES {
        let table = tables::find(name).unwrap();
        let rows = (table.rows)(&world);
        total += rows.len();
        for row in rows {
            assert_eq!(row.len(), table.columns.len(), "{name}");
            for (cell, (column, kind)) in row.iter().zip(table.columns) {
                let fits = matches!(
                    (cell, kind),
                    (Cell::Null, _)
                        | (Cell::Time(_), CellKind::Time)
                        | (Cell::Text(_), CellKind::Text | CellKind::Dynamic)
                        | (Cell::Long(_), CellKind::Long)
                        | (Cell::Bool(_), CellKind::Bool)
                        | (Cell::Real(_), CellKind::Real)
                );
                assert!(fits, "{name}.{column}: {cell:?}");
            }
        }
    }
    assert!(total >= 2000, "{total}");
}

#[test]
fn text_operators_follow_the_languages_rules_of_case() {
    let all = count("DeviceProcessEvents | where FileName == 'rundll32.exe'");
    assert!(all > 0);
    assert_eq!(count("DeviceProcessEvents | where FileName == 'RUNDLL32.EXE'"), 0);
    assert_eq!(count("DeviceProcessEvents | where FileName =~ 'RUNDLL32.EXE'"), all);
    assert_eq!(count("DeviceProcessEvents | where FileName in ('rundll32.exe', 'nothing')"), all);
    assert_eq!(count("DeviceProcessEvents | where FileName startswith 'RunDll'"), all);
    assert_eq!(
        count("DeviceProcessEvents | where FileName has 'rundll32' and FileName endswith '.exe'"),
        all
    );
    assert_eq!(count("DeviceProcessEvents | where FileName has 'rundll'"), 0);
    assert_eq!(count("DeviceProcessEvents | where FileName contains 'undll3'"), all);
    let others = count("DeviceProcessEvents | where not(FileName == 'rundll32.exe')");
    assert_eq!(count("DeviceProcessEvents | where FileName != 'rundll32.exe'"), others);
    assert_eq!(all + others, count("DeviceProcessEvents"));
}

#[test]
fn numbers_truth_values_and_times_compare() {
    let joined = count("DeviceInfo | where IsAzureADJoined");
    assert_eq!(count("DeviceInfo | where IsAzureADJoined == true"), joined);
    assert!(joined > 0 && joined < count("DeviceInfo"));
    assert!(count("DeviceNetworkEvents | where RemotePort >= 443 and RemotePort < 444.5") > 0);
    assert_eq!(count("DeviceFileEvents | where FileSize < 0 or FileSize < -5"), 0);
    let week = count("EmailEvents | where Timestamp > ago(7d)");
    assert_eq!(
        count("EmailEvents | where Timestamp > datetime(2026-09-07T08:00:00Z) and Timestamp <= now()"),
        week
    );
    assert!(week > 0 && week < count("EmailEvents"));
}

#[test]
fn projections_rename_and_keep_types_and_take_cuts() {
    let result = hunt("// newest\nAlertInfo | project Name = Title, AlertId | take 2 | limit 1;").unwrap();
    let names: Vec<&str> = result.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, result.rows.len()), (vec!["Name", "AlertId"], 1));
}

#[test]
fn rows_older_than_thirty_days_are_gone() {
    let later = now() + jiff::SignedDuration::from_hours(24 * 29);
    let world = world();
    let rows = run(&world, "EmailEvents", None, later).unwrap().rows.len();
    assert!(rows < run(&world, "EmailEvents", None, now()).unwrap().rows.len() / 4);
}

#[test]
fn whatever_is_not_understood_is_refused_with_the_engines_text() {
    for (query, text) in [
        (
            "Foo",
            "'take' operator: Failed to resolve table or column expression named 'Foo'. Fix semantic errors in your query.",
        ),
        (
            "Foo | where A == 1",
            "'where' operator: Failed to resolve table or column expression named 'Foo'. Fix semantic errors in your query.",
        ),
        (
            "AlertInfo | where Foo == 1",
            "'where' operator: Failed to resolve scalar expression named 'Foo'. Fix semantic errors in your query.",
        ),
        (
            "AlertInfo | project Title | where Severity == 'High'",
            "'where' operator: Failed to resolve scalar expression named 'Severity'. Fix semantic errors in your query.",
        ),
    ] {
        assert_eq!(hunt(query).unwrap_err().to_string(), text);
    }
    for query in [
        "",
        "AlertInfo |",
        "AlertInfo | summarize max(Timestamp)",
        "AlertInfo | where Title ==",
        "AlertInfo take 5",
        "AlertInfo | take -1",
        "AlertInfo | where (Title == 'x'",
        "AlertInfo | where Title = 'x'",
    ] {
        assert_eq!(hunt(query).unwrap_err(), KqlError::Syntax, "{query}");
    }
    assert_eq!(hunt(&format!("AlertInfo | where {}", "(".repeat(9000))).unwrap_err(), KqlError::Syntax);
    let long = vec!["Title != 'x'"; 20_000].join(" and ");
    assert!(!hunt(&format!("AlertInfo | where {long} | take 1")).unwrap().rows.is_empty());
    assert_eq!(hunt(".show tables").unwrap_err(), KqlError::ControlCommand);
    assert!(matches!(hunt("AlertInfo | where Title > 5").unwrap_err(), KqlError::Types { .. }));
    assert_eq!(hunt("AlertInfo | where Title").unwrap_err(), KqlError::NotBool);
}

#[test]
fn rows_are_counted_in_groups() {
    let all = count("AlertInfo");
    let result = hunt("AlertInfo | summarize Alerts = count() by Severity, Category").unwrap();
    let names: Vec<_> = result.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["Severity", "Category", "Alerts"]);
    let sum: i64 = result.rows.iter().map(|row| if let Cell::Long(count) = row[2] { count } else { 0 }).sum();
    assert_eq!(usize::try_from(sum), Ok(all));
    let total = Cell::Long(i64::try_from(all).unwrap());
    for query in ["AlertInfo | summarize count()", "AlertInfo | count"] {
        assert_eq!(hunt(query).unwrap().rows, [vec![total.clone()]], "{query}");
    }
    assert_eq!(hunt("AlertInfo | take 0 | count").unwrap().rows, [vec![Cell::Long(0)]]);
    assert_eq!(hunt("AlertInfo | summarize count()").unwrap().columns[0].name, "count_");
}

#[test]
fn rows_are_sorted_largest_first_unless_asked_otherwise() {
    let column = |query: &str| -> Vec<i64> {
        let rows = hunt(query).unwrap().rows;
        rows.iter().map(|row| if let Cell::Long(number) = row[0] { number } else { 0 }).collect()
    };
    assert_eq!(column("range x from 1 to 3 step 1 | sort by x"), [3, 2, 1]);
    assert_eq!(column("range x from 1 to 3 step 1 | order by x asc"), [1, 2, 3]);
    assert_eq!(column("range x from 1 to 9 step 2 | top 2 by x desc"), [9, 7]);
}

#[test]
fn constants_new_columns_and_distinct_rows() {
    let result =
        hunt("let n = 2; let word = 'x'; range x from 1 to 5 step 1 | extend y = word, z = x | take n")
            .unwrap();
    assert_eq!(result.rows[1], [Cell::Long(2), "x".into(), Cell::Long(2)]);
    assert_eq!(hunt("print a = 1, b = 'two'").unwrap().rows, [vec![Cell::Long(1), "two".into()]]);
    assert!(count("AlertInfo | distinct Severity") < 6);
    assert!(matches!(
        hunt("AlertInfo | extend x = Foo").unwrap_err(),
        KqlError::Column { operator: "extend", .. }
    ));
}

#[test]
fn an_answer_has_limits() {
    assert_eq!(count("range x from 1 to 150000 step 1"), 100_000);
    assert_eq!(hunt("range x from 1 to 5 step 0").unwrap_err(), KqlError::Range);
    let long = "x".repeat(600);
    let query = format!("range x from 1 to 100000 step 1 | extend y = '{long}'");
    assert_eq!(hunt(&query).unwrap_err(), KqlError::TooLarge);
    assert_eq!(count(&format!("{query} | take 1000")), 1000);
}
