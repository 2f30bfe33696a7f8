//! The table is in order, and the parts of an error body are believed in the right order.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::*;

fn all() -> impl Iterator<Item = &'static Code> {
    TABLE.iter().flat_map(|(_, codes)| *codes)
}

fn body(error: &str, suberror: Option<&str>, code: u32) -> ErrorBody {
    ErrorBody {
        error: error.into(),
        suberror: suberror.map(str::to_owned),
        error_codes: (code > 0).then_some(code).into_iter().collect(),
        ..ErrorBody::default()
    }
}

#[test]
fn each_part_ascends_and_no_number_occurs_twice() {
    for (theme, codes) in TABLE {
        assert!(codes.windows(2).all(|pair| pair[0].number < pair[1].number), "{theme}");
    }
    let numbers: BTreeSet<_> = all().map(|code| code.number).collect();
    assert_eq!(numbers.len(), all().count());
    assert!(numbers.len() > 120, "{}", numbers.len());
}

#[test]
fn each_text_is_a_fragment_and_other_flows_are_flows() {
    for code in all() {
        for text in [code.cause, code.remedy] {
            assert!(!text.is_empty() && !text.ends_with(['.', ':', ';', ' ']), "{}: {text}", code.number);
            assert!(text.matches('`').count() % 2 == 0, "{}: {text}", code.number);
        }
        for flow in code.other_flows {
            assert!(crate::settings::KNOWN_FLOWS.iter().any(|known| known.id == *flow), "{flow}");
        }
    }
}

#[test]
fn each_theme_holds_kinds_that_belong_there() {
    let kinds = |theme: &str| -> BTreeSet<String> {
        let (_, codes) = TABLE.iter().find(|(name, _)| *name == theme).expect("a theme");
        codes.iter().map(|code| format!("{:?}", code.kind)).collect()
    };
    assert_eq!(kinds("Credential of the application"), BTreeSet::from(["InvalidClient".to_owned()]));
    assert_eq!(kinds("Policies"), BTreeSet::from(["InteractionRequired".to_owned(), "Policy".to_owned()]));
    assert!(all().filter(|code| code.kind == InvalidClient).all(|code| {
        code.number == 7_000_218 || credentials::CODES.iter().any(|other| other.number == code.number)
    }));
}

#[test]
fn an_error_that_means_one_thing_is_believed_before_the_number() {
    assert_eq!(explain(&body("authorization_pending", None, 53003)).kind, Pending);
    assert_eq!(explain(&body("slow_down", None, 0)).kind, Pending);
    assert_eq!(explain(&body("expired_token", None, 70016)).kind, Expired);
    assert_eq!(explain(&body("invalid_client", None, 70008)).kind, InvalidClient);
    // A number may say which part of the application it is.
    assert_eq!(explain(&body("invalid_client", None, 7_000_229)).kind, UnknownApplication);
}

#[test]
fn a_suberror_is_believed_before_the_number_and_the_number_lends_its_words() {
    assert_eq!(explain(&body("invalid_grant", Some("consent_required"), 50076)).kind, ConsentRequired);
    assert_eq!(explain(&body("invalid_grant", Some("message_only"), 50076)).kind, Policy);
    assert_eq!(explain(&body("invalid_grant", Some("basic_action"), 53003)).kind, InteractionRequired);
    let blocked = explain(&body("interaction_required", Some("message_only"), 53003));
    assert_eq!(blocked.kind, Policy);
    assert!(blocked.hint.contains("device code flow"), "{}", blocked.hint);
    assert_eq!(explain(&body("invalid_grant", Some("bad_token"), 0)).kind, SignInAgain);
    assert_eq!(explain(&body("invalid_grant", Some("user_password_expired"), 0)).kind, SignInAgain);
}

#[test]
fn one_number_means_the_same_under_each_error_it_comes_with() {
    for error in ["invalid_grant", "interaction_required", "access_denied"] {
        assert_eq!(explain(&body(error, None, 53003)).kind, Policy, "{error}");
    }
    // Passing faults come in the words of a refusal.
    for error in ["invalid_grant", "invalid_client", "temporarily_unavailable"] {
        assert_eq!(explain(&body(error, Some("bad_token"), 90033)).kind, Unavailable, "{error}");
    }
}

#[test]
fn an_unknown_number_falls_back_to_the_error_and_names_the_page_about_it() {
    let unknown = explain(&body("invalid_grant", None, 1_234_567));
    assert_eq!(unknown.kind, SignInAgain);
    assert!(
        unknown.hint.contains("https://login.microsoftonline.com/error?code=1234567"),
        "{}",
        unknown.hint
    );
    assert!(unknown.hint.contains("sign in again"), "{}", unknown.hint);
    assert!(!explain(&body("invalid_grant", None, 0)).hint.contains("error?code"));
}

/// The page for people, as the table says it.
fn page() -> String {
    let mut page = String::from(
        "# Sign-in errors\n\nWhat `defender-xdr` knows about the numbers that Microsoft Entra ID puts behind `AADSTS`: how each is \
         treated, why it comes, and what to do.\nThe program says the same beside the error. It believes the OAuth `error` first, then \
         `suberror`, then the number.\nA number that is missing here is explained at \
         `https://login.microsoftonline.com/error?code=` and the number.\n\nThis page is made from the program's own table; \
         `REFRESH=1 cargo test -p defender-xdr-core sign_in_errors` writes it anew.\n",
    );
    for (theme, codes) in TABLE {
        let head = "| AADSTS | Kind | Cause | What to do | Other flows |\n|---|---|---|---|---|";
        writeln!(page, "\n## {theme}\n\n{head}").expect("a text takes all");
        for code in *codes {
            let kind = serde_json::to_value(code.kind).expect("a word");
            let kind = kind.as_str().expect("a word");
            let flows: Vec<_> = code.other_flows.iter().map(|flow| format!("`{flow}`")).collect();
            let (number, flows) = (code.number, flows.join(", "));
            writeln!(page, "| {number} | {kind} | {} | {} | {flows} |", code.cause, code.remedy)
                .expect("a text takes all");
        }
    }
    page
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test asks for a new page")]
fn the_page_about_sign_in_errors_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sign-in-errors.md");
    if std::env::var_os("REFRESH").is_some() {
        std::fs::write(&path, page()).expect("the page is written");
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|text| text == page()),
        "docs/sign-in-errors.md differs from the table: `REFRESH=1 cargo test -p defender-xdr-core sign_in_errors` writes it"
    );
}
