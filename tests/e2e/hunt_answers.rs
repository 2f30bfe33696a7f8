//! What becomes of a hunting answer: typed values in every format, whatever its size, and a word when it is not whole.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Stage;

use defender_xdr_emulator::{BodyKind, Fault};

const APIS: [(&str, &str); 2] =
    [("graph", "/v1.0/security/runHuntingQuery"), ("legacy", "/api/advancedhunting/run")];
const DEVICES: &str =
    "DeviceInfo | project DeviceName, IsAzureADJoined, ReportId, LoggedOnUsers, Timestamp | take 9";

#[test]
fn values_have_the_types_of_their_columns() {
    let stage = Stage::new();
    for (api, _) in APIS {
        let rows = stage.run(&["--api", api, "hunt", DEVICES, "-o", "ndjson"]).well().lines();
        assert_eq!(rows.len(), 9, "{api}");
        for row in &rows {
            assert!(row["IsAzureADJoined"].is_boolean() && row["ReportId"].is_i64(), "{api}: {row}");
            assert!(row["LoggedOnUsers"].is_array() && row["DeviceName"].is_string(), "{api}: {row}");
            assert_eq!(row.as_object().expect("a row").len(), 5, "{api}: {row}");
        }
        assert_eq!(stage.run(&["--api", api, "hunt", DEVICES, "-o", "json"]).well().records(), rows, "{api}");
    }
}

#[test]
fn csv_has_a_header_the_columns_in_order_and_json_as_text() {
    let stage = Stage::new();
    for (api, _) in APIS {
        let csv = stage.run(&["--api", api, "hunt", DEVICES, "-o", "csv"]).well().stdout;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header: Vec<_> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        assert_eq!(
            header,
            ["DeviceName", "IsAzureADJoined", "ReportId", "LoggedOnUsers", "Timestamp"],
            "{api}"
        );
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rows");
        assert_eq!(rows.len(), 9, "{api}");
        for row in &rows {
            assert!(["true", "false"].contains(&&row[1]), "{api}: {row:?}");
            assert!(serde_json::from_str::<Value>(&row[3]).expect("JSON").is_array(), "{api}: {row:?}");
        }
        let none =
            stage.run(&["--api", api, "hunt", "AlertInfo | take 0 | project Title, AlertId", "-o", "csv"]);
        assert_eq!(none.well().stdout, "Title,AlertId\n", "{api}");
    }
}

#[test]
fn a_name_that_repeats_is_a_column_each_time() {
    let stage = Stage::new();
    for (api, path) in APIS {
        let body = json!({
            "schema": [{ "name": "A", "type": "String" }, { "name": "A", "type": "Int64" }],
            "results": [{ "A": "=1+1" }]
        });
        let text = body.to_string().replace(r#"{"A":"=1+1"}"#, r#"{"A":"=1+1","A":"7"}"#);
        let answer = Fault::Status {
            status: 200,
            retry_after: None,
            body: Some(text.into()),
            body_kind: BodyKind::Json,
        };
        stage.tenant.fault(path, 0, 2, answer);
        let csv = stage.run(&["--api", api, "hunt", "X", "-o", "csv"]).well().stdout;
        assert_eq!(csv, "A,A\n=1+1,7\n", "{api}");
        let line = stage.run(&["--api", api, "hunt", "X", "-o", "ndjson"]).well().stdout;
        assert_eq!(line, "{\"A\":\"=1+1\",\"A\":7}\n", "{api}");
    }
}

#[test]
fn raw_rows_are_the_servers_own() {
    let stage = Stage::new();
    let graph = stage.run(&["hunt", DEVICES, "--raw", "-o", "ndjson"]).well().lines();
    assert_eq!(graph[0]["ReportId@odata.type"], "#Int64");
    assert!(graph[0]["IsAzureADJoined"].is_u64() && graph[0]["LoggedOnUsers"].is_string(), "{}", graph[0]);
    let whole = stage.run(&["hunt", DEVICES, "--raw", "-o", "json"]).well().json();
    assert_eq!(whole["results"], json!(graph));
    assert!(whole["@odata.context"].is_string());
    let titles = stage.run(&["hunt", DEVICES, "--raw", "-o", "json", "--jq", ".results | length"]).well();
    assert_eq!(titles.stdout, "9\n");
}

#[test]
fn an_answer_that_is_cut_gives_the_rows_before_the_cut_and_ends_with_9() {
    for (api, path) in APIS {
        let stage = Stage::new();
        stage.tenant.fault(path, 0, 4, Fault::CutBody { bytes: 4000 });
        let hunt = |format: &str| {
            let ran = stage.run(&["--api", api, "hunt", "AlertInfo | take 100", "-o", format]);
            ran.ends(9).saying(&["not complete"])
        };
        let lines = hunt("ndjson").lines();
        assert!((3..100).contains(&lines.len()), "{api}: {}", lines.len());
        assert_eq!(hunt("json").records(), lines, "{api}");
        assert_eq!(hunt("csv").stdout.lines().count(), lines.len() + 1, "{api}");
        assert!(hunt("table").stdout.lines().count() > 3, "{api}");
        assert_eq!(stage.tenant.requests_to(path), 4, "what was printed is not asked for again");
    }
}

#[test]
fn as_many_rows_as_the_service_gives_at_most_may_be_a_part() {
    let stage = Stage::new();
    for (api, _) in APIS {
        let query = "range x from 1 to 100500 step 1";
        let ran =
            stage.run(&["--api", api, "hunt", query, "-o", "ndjson"]).ends(9).saying(&["100000 rows", "cut"]);
        let numbers: BTreeSet<i64> = ran.stdout.lines().map(number).collect();
        assert_eq!((numbers.len(), numbers.last()), (100_000, Some(&100_000)), "{api}");
        let fewer = stage.run(&["--api", api, "hunt", query, "--limit", "99999", "-o", "ndjson"]).well();
        assert_eq!(fewer.stdout.lines().count(), 99_999, "{api}");
    }
}

fn number(line: &str) -> i64 {
    serde_json::from_str::<Value>(line).expect("a row")["x"].as_i64().expect("a number")
}

#[test]
fn a_result_too_large_to_send_is_told_with_what_to_do() {
    let stage = Stage::new();
    let query = format!("range x from 1 to 100000 step 1 | extend y = '{}'", "x".repeat(700));
    for (api, _) in APIS {
        let ran = stage.run(&["--api", api, "hunt", &query, "-o", "ndjson"]).ends(9);
        assert_eq!(ran.stdout, "");
        assert_eq!(ran.error()["kind"], "result-too-large", "{api}");
        ran.saying(&["exceeded the allowed result size", "--limit"]);
    }
}

#[test]
fn a_query_that_the_service_gives_up_is_tried_once_more_and_told() {
    for (api, path) in APIS {
        let stage = Stage::new();
        let body = json!({ "error": { "code": "UnknownError", "message": "", "innerError": { "request-id": "r-504" } } });
        let timeout = Fault::Status {
            status: 504,
            retry_after: None,
            body: Some(body.to_string().into()),
            body_kind: BodyKind::Json,
        };
        stage.tenant.fault(path, 0, 9, timeout);
        stage.run(&["--api", api, "hunt", "AlertInfo"]).ends(8).saying(&["504", "three minutes", "r-504"]);
        assert_eq!(stage.tenant.requests_to(path), 2, "{api}");
    }
}

#[test]
fn what_is_no_answer_is_told_and_not_printed() {
    let stage = Stage::new();
    for (api, path) in APIS {
        for body in ["<html>sign in here</html>", "{\"error\":\"no\"}", "{\"schema\":[],\"results\":"] {
            let answer = Fault::Status {
                status: 200,
                retry_after: None,
                body: Some(body.into()),
                body_kind: BodyKind::Html,
            };
            stage.tenant.fault(path, 0, 2, answer);
            for more in [&["-o", "ndjson"] as &[&str], &["-o", "json", "--raw"]] {
                let hunt = ["--api", api, "hunt", "AlertInfo"];
                let ran = stage.run(&[&hunt, more].concat()).ends(8);
                assert_eq!(ran.stdout, "", "{api} {more:?} {body}");
            }
        }
    }
}

#[test]
fn control_commands_are_refused_in_the_engines_words() {
    let stage = Stage::new();
    for (api, _) in APIS {
        stage.run(&["--api", api, "hunt", ".show tables"]).ends(2).saying(&["Control commands"]);
    }
}
