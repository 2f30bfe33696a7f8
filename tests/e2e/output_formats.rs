//! The formats that every command has, the columns and the order of records, and what a terminal is shown.

use defender_xdr_emulator::Options;
use defender_xdr_emulator::directory::applications::AUTOMATION;

use crate::support::{Home, Run, Stage, Terminal, until};

#[test]
fn every_command_prints_every_format() {
    let home = Home::new();
    let first =
        Run::new(&home, &["--demo", "incidents", "list", "--limit=1"]).go().well().records()[0].clone();
    let id = first["id"].as_str().expect("an id");
    let commands: [&[&str]; 8] = [
        &["incidents", "list", "--limit", "3"],
        &["alerts", "list", "--limit", "3"],
        &["hunt", "AlertInfo | take 2"],
        &["auth", "flows"],
        &["auth", "status"],
        &["auth", "permissions"],
        &["incidents", "entities", id],
        &["incidents", "get", id],
    ];
    for command in commands {
        for (format, beginning) in [
            ("yaml", &["- ", "signed_in: ", "id: "][..]),
            ("markdown", &["| "]),
            ("csv", &["id,", "command,", "kind,", "signed_in,", "Timestamp,"]),
        ] {
            let all = [&["--demo"], command, &["-o", format]].concat();
            let ran = Run::new(&home, &all).go();
            assert!(ran.code <= 1, "{all:?}: {}", ran.stderr);
            assert!(beginning.iter().any(|text| ran.stdout.starts_with(text)), "{all:?}: {}", ran.stdout);
            assert!(ran.stdout.lines().count() > 1 || ran.code == 1, "{all:?}: {}", ran.stdout);
        }
    }
}

#[test]
fn an_answer_of_the_api_is_rows_and_yaml_too() {
    let stage = Stage::new();
    let csv = stage
        .run(&["api", "security/incidents", "-f", "$top=2", "-o", "csv", "--columns", "id,status"])
        .well();
    assert!(csv.stdout.starts_with("id,status\n") && csv.stdout.lines().count() == 3, "{}", csv.stdout);
    let yaml = stage.run(&["api", "security/incidents", "-f", "$top=1", "-o", "yaml"]).well().stdout;
    assert!(yaml.contains("\nvalue:\n  - id: \""), "{yaml}");
    let rows = stage.run(&["api", "security/incidents", "--paginate", "-o", "csv"]).well().stdout;
    assert!(rows.starts_with("id,") && rows.lines().count() > 2, "{rows}");
}

#[test]
fn columns_are_chosen_by_dotted_paths_in_their_order() {
    let stage = Stage::new();
    let list = ["incidents", "list", "--limit", "2", "--with-alerts"];
    let run = |more: &[&str]| stage.run(&[&list[..], more].concat());
    let csv = run(&["--columns", "displayName,alerts.title,id", "-o", "csv"]).well().stdout;
    assert!(csv.starts_with("displayName,alerts.title,id\n"), "{csv}");
    let yaml = run(&["--columns", "id,status", "-o", "yaml"]).well().stdout;
    let keys: Vec<_> = yaml.lines().map(|line| line[2..].split(':').next().unwrap_or_default()).collect();
    assert_eq!(keys, ["id", "status", "id", "status"], "{yaml}");
    let table = run(&["--columns", "status,id", "-o", "table"]).well().stdout;
    assert!(table.starts_with("STATUS") && table.lines().count() == 3, "{table}");
    let markdown = run(&["--columns", "id", "-o", "markdown"]).well().stdout;
    assert!(markdown.starts_with("| id |\n| --- |\n| "), "{markdown}");
}

#[test]
fn an_unknown_column_names_the_nearest_and_json_has_no_columns() {
    let stage = Stage::new();
    let run = |more: &[&str]| stage.run(&[&["incidents", "list", "--with-alerts"], more].concat());
    let ran =
        run(&["-o", "csv", "--columns", "id,displayname"]).ends(2).saying(&["displayname", "`displayName`"]);
    assert_eq!(ran.stdout, "");
    run(&["-o", "yaml", "--columns", "alerts.titel"]).ends(2).saying(&["`alerts.title`"]);
    for more in [&["-o", "json"][..], &[], &["-o", "csv", "--raw"], &["-o", "csv", "--jq", "."]] {
        run(&[&["--columns", "id"], more].concat()).ends(2).saying(&["--jq"]);
    }
    // Where all members are known, nothing is asked or changed before.
    let home = Home::new();
    let update = [
        "--demo",
        "incidents",
        "update",
        "28",
        "29",
        "--status",
        "resolved",
        "-o",
        "csv",
        "--columns",
        "outcom",
    ];
    Run::new(&home, &update).go().ends(2).saying(&["`outcome`"]);
    Run::new(&home, &["--demo", "hunt", "AlertInfo", "-o", "csv", "--columns", "alertid"])
        .go()
        .ends(2)
        .saying(&["`AlertId`"]);
}

#[test]
fn records_are_put_in_order_and_severities_by_weight() {
    let stage = Stage::new();
    let column = |arguments: &[&str]| {
        let csv = stage.run(&[&["incidents", "list", "-o", "csv"], arguments].concat()).well().stdout;
        csv.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let ids: Vec<u64> = column(&["--limit=20", "--columns=id", "--sort=id"])
        .iter()
        .map(|id| id.parse().expect("a number"))
        .collect();
    assert!(ids.len() == 20 && ids.is_sorted(), "{ids:?}");
    let weight = |word: &String| {
        ["high", "medium", "low", "informational", "unknown"].iter().position(|known| known == word)
    };
    let severities = column(&["--all", "--columns=severity", "--sort=severity:desc"]);
    assert!(severities.len() > 20 && severities.is_sorted_by_key(weight), "{severities:?}");
    let json = stage.run(&["incidents", "list", "--limit=20", "--sort=createdDateTime"]).well().records();
    assert!(json.is_sorted_by_key(|record| record["createdDateTime"].as_str().map(str::to_owned)));
    stage.run(&["incidents", "list", "--sort=severty"]).ends(2).saying(&["`severity`"]);
    stage.run(&["fetch", "--sort=id"]).ends(2).saying(&["--sort"]);
}

#[test]
fn more_records_than_can_be_kept_are_not_put_in_order() {
    let options = Options { incidents: 10_050, ..Options::default() };
    let stage = Stage::with(&AUTOMATION, options);
    let ran = stage
        .run(&["incidents", "list", "--all", "--sort=id", "-o", "ndjson"])
        .ends(2)
        .saying(&["10000 records"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_terminal_is_never_too_narrow_and_shows_severities_in_colour() {
    let stage = Stage::new();
    let id = stage.run(&["incidents", "list", "--limit=1"]).well().records()[0]["id"].clone();
    let id = id.as_str().expect("an id");
    let name = "機密文書の流出 \u{1b}[2J e\u{301}e\u{301} and a name that is far longer than any terminal is wide, is it not";
    stage.run(&["incidents", "update", id, "--display-name", name, "--severity", "high"]).well();
    let show = |arguments: &[&str], variables: &[(&str, &str)]| {
        let terminal = Terminal::open();
        let mut run = stage.command(arguments).on(&terminal);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.go().well();
        until("it is shown", || Some(terminal.shown()).filter(|text| text.ends_with('\n')))
    };
    let list = ["incidents", "list", "--limit=5"];
    let shown = show(&list, &[]);
    assert!(shown.contains("\u{1b}[31mhigh\u{1b}[0m") && shown.contains('…'), "{shown}");
    assert!(!shown.contains("\u{1b}[2J"), "{shown}");
    for (arguments, variables) in
        [(&list[..], &[("NO_COLOR", "1")][..]), (&["--color=never", "incidents", "list"], &[])]
    {
        let bare = show(arguments, variables);
        assert!(!bare.contains('\u{1b}'), "{bare}");
        // None of the wide characters here takes more columns than bytes.
        assert!(bare.lines().all(|line| line.trim_end().chars().count() <= 80), "{bare}");
    }
    let piped = stage.run(&["incidents", "list", "-o", "table"]).well().stdout;
    assert!(!piped.contains('\u{1b}') && !piped.contains('…'), "{piped}");
}

#[test]
fn people_see_their_own_time_and_machines_see_utc() {
    let stage = Stage::new();
    let first = stage.run(&["incidents", "list", "--limit=1"]).well().records()[0].clone();
    let utc = first["createdDateTime"].as_str().expect("a time").to_owned();
    let run = |format: &str| {
        let arguments = ["incidents", "list", "--limit=1", "-o", format, "--columns", "createdDateTime"];
        stage.command(&arguments).env("TZ", "<+13>-13").go().well().stdout
    };
    assert!(run("csv").contains(&utc) && run("yaml").contains(&utc) && run("markdown").contains(&utc));
    let day = |text: &str| text.trim().lines().last().map(|line| line[..16].replace('T', " "));
    let table = run("table");
    assert!(day(&table).is_some() && day(&table) != day(&utc), "{table} {utc}");
    let id = first["id"].as_str().expect("an id");
    let details =
        stage.command(&["incidents", "get", id, "-o", "table"]).env("TZ", "<+13>-13").go().well().stdout;
    assert!(details.contains(" +13:00"), "{details}");
}
