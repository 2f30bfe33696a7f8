//! Limits in queries of every shape.

use super::with_limit;

#[test]
fn limits_are_replaced_or_appended() {
    for (query, rows, expected) in [
        ("DeviceInfo", 50, "DeviceInfo| limit 50 "),
        ("DeviceInfo | take 5 | project DeviceName", 20, "DeviceInfo | limit 20 | project DeviceName"),
        ("DeviceInfo | limit 5", -1, "DeviceInfo | limit 5"),
        ("DeviceInfo | TAKE 5", 20, "DeviceInfo | limit 20 "),
        ("A | limit 1 | take 2", 9, "A | limit 9 | limit 9 "),
        (r#"A | where X == "p || q" | limit 3"#, 9, r#"A | where X == "p || q" | limit 9 "#),
        (r#"A | where X == "p | q""#, 9, r#"A | where X == "p | q"| limit 9 "#),
        (r#"A | where X == "p | take 1 q""#, 9, r#"A | where X == "p | take 1 q"| limit 9 "#),
        ("A | join (B | take 7) on Id", 9, "A | join (B | take 7) on Id| limit 9 "),
        (r#"A | where X == ")" | take 3"#, 9, r#"A | where X == ")" | limit 9 "#),
        ("A |", 9, "A | limit 9 "),
        ("A | take 5 | |\n", 9, "A | limit 9 "),
        ("A | where X == 1 // note", 9, "A | where X == 1 // note\n| limit 9 "),
        ("let x = A | take 5; x | where Y == 1", 9, "let x = A | take 5; x | where Y == 1| limit 9 "),
        (
            "A | summarize c=count() by D | render piechart",
            9,
            "A | summarize c=count() by D | limit 9 | render piechart",
        ),
        ("A | take 5 | render piechart", 9, "A | limit 9 | render piechart"),
        ("A\n| limit\t5", 9, "A\n| limit 9 "),
        ("A | limit", 9, "A | limit 9 "),
        ("A | where X == 1 | limit 5", 0, "A | where X == 1 | limit 0 "),
    ] {
        assert_eq!(with_limit(query, rows), expected, "{query}");
    }
}

#[test]
fn strings_and_comments_hide_pipes_semicolons_and_words() {
    for hidden in [
        r#""a \" | take 1; ""#,
        r"'a \' | take 1; '",
        r#"@"C:\ | take 1; ""x""#,
        "@'it''s | take 1'",
        r#"h"secret | take 1""#,
        r#"H@"C:\ | take 1""#,
        "```\n| take 1;\n'\"// ```",
        "~~~ | take 1 ~~~",
        "['a | take 1']",
        "{ A | take 1; }",
        "1 // | take 1; '\n",
    ] {
        let query = format!("A | where X == {hidden}");
        assert_eq!(with_limit(&query, 9), format!("{query}| limit 9 "));
        let query = format!("A | where X == {hidden} | TaKe 3");
        assert_eq!(with_limit(&query, 9), format!("A | where X == {hidden} | limit 9 "));
    }
}

#[test]
fn only_the_last_statement_that_says_something_is_limited() {
    for (query, expected) in [
        ("A | take 5;", "A | limit 9 "),
        ("A ;", "A | limit 9 "),
        ("A;; \n", "A| limit 9  \n"),
        ("set notruncation; A | take 5; // end", "set notruncation; A | limit 9  // end"),
        ("A;//end", "A| limit 9 //end"),
        ("A | render x;//end", "A | limit 9 | render x //end"),
        ("let f = (n:int) { A | take n }; f(3)", "let f = (n:int) { A | take n }; f(3)| limit 9 "),
    ] {
        assert_eq!(with_limit(query, 9), expected, "{query}");
    }
}

#[test]
fn comments_of_a_replaced_stage_are_kept() {
    assert_eq!(
        with_limit("A | take // few\n 5 // five\n| project B", 9),
        "A | limit 9 // few\n// five\n| project B"
    );
    assert_eq!(with_limit("A |//c", 9), "A  //c\n| limit 9 ");
}

#[test]
fn words_that_only_begin_alike_are_no_limit() {
    for query in ["A | take_any(B)", "A | limits 5", "A | take(5)", "A | top 5 by B", "A | where take == 1"] {
        assert_eq!(with_limit(query, 9), format!("{query}| limit 9 "));
    }
    assert_eq!(with_limit("A | take//c\n5", 9), "A | limit 9 //c\n");
}

#[test]
fn a_query_that_says_nothing_stays_so() {
    for query in ["", " \n", "// nothing", ";;", " ; // nothing"] {
        assert_eq!(with_limit(query, 9), query);
    }
}

#[test]
fn a_query_with_an_open_end_stays_as_it_is() {
    for query in [
        "A | where B == 'x",
        "A | take 5 | project B(",
        "A | where B has \"a\\\"",
        "```\nA | take 5",
        "A[| take 5",
    ] {
        assert_eq!(with_limit(query, 9), query);
    }
    assert_eq!(with_limit("A | where B == ')' | take 5", 9), "A | where B == ')' | limit 9 ");
}

#[test]
fn a_pipe_behind_pipes_stands_apart() {
    assert_eq!(with_limit("A ||", 9), "A || | limit 9 ");
}
