//! Expressions over JSON, without a command around them.

use super::Expression;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

fn results(code: &str, json: &str) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    Expression::compile(code).expect("an expression").apply(json, |text| {
        all.push(text.to_owned());
        Ok(())
    })?;
    Ok(all)
}

fn of(code: &str, json: &str) -> Vec<String> {
    results(code, json).expect("results")
}

fn wrong(code: &str) -> Box<Report> {
    Expression::compile(code).expect_err("a mistake")
}

fn message(report: &Report) -> String {
    serde_json::to_value(report).expect("JSON")["message"].as_str().expect("a text").to_owned()
}

#[test]
fn texts_are_bare_and_everything_else_is_json_on_one_line() {
    assert_eq!(
        of(".[]", r#"["a\nb",1,null,true,{"x":[1,"y"]}]"#),
        ["a\nb", "1", "null", "true", r#"{"x":[1,"y"]}"#]
    );
}

#[test]
fn numbers_and_the_order_of_members_stay_as_they_came() {
    let json = r#"{"z":18446744073709551617,"a":9007199254740993,"m":1.10,"b":-0.0,"e":1e400}"#;
    assert_eq!(of(".", json), [json]);
    assert_eq!(of(".z + 1", json), ["18446744073709551618"]);
}

#[test]
fn what_no_json_can_say_is_still_json() {
    assert_eq!(
        of("[nan, infinite, -infinite]", "0"),
        ["[null,1.7976931348623157e+308,-1.7976931348623157e+308]"]
    );
    assert_eq!(of("4 / 2, 1 / 4", "0"), ["2", "0.25"]);
}

#[test]
fn what_people_use_jq_for_works() {
    let json = r#"[{"id":"2","s":"high","t":"2026-03-01T10:00:00Z"},{"id":"1","s":"low","t":"2026-03-02T10:00:00Z"}]"#;
    assert_eq!(of(r#"map(select(.s == "high")) | length"#, json), ["1"]);
    assert_eq!(of("sort_by(.id)[].id", json), ["1", "2"]);
    assert_eq!(of("group_by(.s) | map({(.[0].s): length}) | add", json), [r#"{"high":1,"low":1}"#]);
    assert_eq!(of(".[] | [.id, .s] | @tsv", json), ["2\thigh", "1\tlow"]);
    assert_eq!(of(r#"[1, "a\"b", null, true] | @csv, @tsv"#, "0"), [r#"1,"a""b",,true"#, "1\ta\"b\t\ttrue"]);
    assert_eq!(of(r#"["a\tb\n\\"] | @tsv"#, "0"), [r"a\tb\n\\"]);
    assert_eq!(of(".[0].t | fromdate", json), ["1772359200"]);
    assert_eq!(of(r#".[] | select(.s | test("^H"; "i")) | "\(.id)!""#, json), ["2!"]);
    assert_eq!(of(".[0].nothing // \"none\"", json), ["none"]);
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let told = |code| message(&wrong(code));
    assert!(told(".[] | {id").contains("`{` at character 7 is never closed"), "{}", told(".[] | {id"));
    assert!(told(".a |").contains("at character 5: it ends"), "{}", told(".a |"));
    assert!(
        told("map(.id) | lenght").contains("unknown filter `lenght` at character 12"),
        "{}",
        told("map(.id) | lenght")
    );
    assert!(told("\"é\" | $x").contains("unknown variable `$x` at character 7"), "{}", told("\"é\" | $x"));
    assert!(told("import \"a\" as a; .").contains("module"), "{}", told("import \"a\" as a; ."));
    assert_eq!(wrong("}").exit, Exit::Usage);
}

#[test]
fn the_words_of_the_language_are_there() {
    for code in [
        "to_entries | from_entries | with_entries(.value) | keys | length | map_values(.) | unique | reverse",
        "[paths, leaf_paths] | unique_by(length) | first, last, limit(2; .[]), nth(0), first(.[])",
        "any(.[]; .), all, flatten, flatten(1), min_by(.a), max, add, join(\",\"), implode, explode",
        "walk(.) | getpath([]) | del(.a) | delpaths([]) | setpath([]; 1) | pick(.a) | to_entries",
        "ltrimstr(\"a\") | ascii_downcase | splits(\",\") | sub(\"a\"; \"b\") | gsub(\"a\"; \"b\"; \"g\") | capture(\"(?<x>.)\")",
        "todate, fromdate, now, strftime(\"%Y\"), mktime, gmtime, strptime(\"%Y\"), fromdateiso8601, todateiso8601",
        "tojson | fromjson | @json, @text, @html, @uri, @base64, @base64d, @sh, @csv, @tsv, \"x\\(1)\"",
        "IN(1, 2), IN(.[]; 1), INDEX(.id), inside(.), has(\"a\"), contains(\"a\"), index(\"a\"), indices(1), startswith(\"a\")",
        "reduce .[] as [$a, {b: $c}] (0; . + $a) | foreach .[] as $x (0; . + $x; .) | label $out | break $out",
        "try error(\"x\") catch . | .a? // 1 | if . then 1 elif . then 2 else 3 end | .a |= 1 | .b += 1 | recurse | ..",
        "debug | group_by(.a) | transpose | until(. > 3; . + 1), while(. < 3; . + 1), repeat(.), range(0; 10; 2)",
        "infinite, nan, abs, floor, sqrt, pow(2; 3), toarray, trim, ltrim, tostring, tonumber, type, not, empty",
        "def twice(f): f | f; twice(. + 1) | [.[] | select(.x == null)] | sort | .[-1:] | limit(1; .[]), isempty(.[])",
    ] {
        Expression::compile(code).map_err(|report| message(&report)).expect(code);
    }
    let json = r#"[{"id":1,"x":"a"},{"id":2,"x":"b"}]"#;
    assert_eq!(of("INDEX(.id) | keys | join(\" \")", json), ["1 2"]);
    assert_eq!(of(".[] | select(.x | IN(\"b\", \"c\")) | .id", json), ["2"]);
    assert_eq!(of("[leaf_paths | length], (.[0] | toarray | length)", json), ["[2,2,2,2]", "1"]);
}

#[test]
fn the_environment_is_out_of_reach() {
    assert!(message(&wrong("env")).contains("unknown filter `env`"));
    assert!(message(&wrong("$ENV.HOME")).contains("unknown variable `$ENV`"));
}

#[test]
fn an_expression_that_does_not_fit_is_a_mistake_of_the_caller() {
    let Err(Failure::Reported(report)) = results(".[].id", r#"{"id":"1"}"#) else { panic!("it fits") };
    assert_eq!(report.exit, Exit::Usage);
    assert!(message(&report).contains("cannot index"), "{}", message(&report));
    assert_eq!(report.source.as_deref(), Some("flag --jq"));
}

#[test]
fn what_came_before_a_halt_is_printed() {
    assert_eq!(of("1, halt, 2", "0"), ["1"]);
}

#[test]
fn nesting_that_no_stack_can_follow_is_refused() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(of("length", &deep(400)), ["1"]);
    assert!(results(".", &deep(100_000)).is_err());
    assert_eq!(of(".", &format!("\"{}\\\"[\"", "[".repeat(1000))), [format!("{}\"[", "[".repeat(1000))]);
    assert!(results("reduce range(5000) as $level (.; [.])", "0").is_err());
}
