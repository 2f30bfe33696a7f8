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
        "AlertInfo | summarize count()",
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
