//! What the page sent the browser back with, as a form, a query string, a whole address or a bare code.
//!
//! People paste more than the code, or paste it encoded: everything but the code is put aside, and percent-encoding
//! is undone exactly once.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::entra::ErrorBody;
use percent_encoding::percent_decode_str;

/// Names that stand in redirects of Entra: a bare code never starts with one of them and `=`.
const NAMES: &[&str] = &[
    "admin_consent",
    "client_info",
    "code",
    "error",
    "error_description",
    "error_subcode",
    "error_uri",
    "id_token",
    "iss",
    "session_state",
    "state",
    "tenant",
];

/// An authorization response (RFC 6749 sections 4.1.2 and 4.1.2.1).
#[derive(Debug)]
pub(crate) struct Answer {
    /// The state, if it came along.
    pub(crate) state: Option<String>,
    pub(crate) outcome: Outcome,
}

/// How the page let the person go.
#[derive(Debug)]
pub(crate) enum Outcome {
    Code(Secret),
    Refused(ErrorBody),
}

/// Reads it from whatever a browser or a person brings.
///
/// # Errors
/// When it holds neither a code nor a refusal, or two codes. The text says nothing of what was brought.
pub(crate) fn read(text: &str) -> Result<Answer, AuthError> {
    // Terminals break long lines where they end.
    let text = Secret::new(text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\t')).collect::<String>());
    let text = text.expose().trim().trim_matches(['"', '\'', '`', '<', '>']);
    let (bare, query) = split(text);
    let mut codes: Vec<&str> = bare.into_iter().collect();
    let (mut state, mut error) = (None, ErrorBody::default());
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name.trim() {
            "code" => codes.push(value),
            "state" => state = Some(exact(value)?.expose().to_owned()),
            "error" => error.error = words(value),
            "error_description" => error.error_description = words(value),
            "error_subcode" => error.suberror = Some(words(value)),
            _ => {}
        }
    }
    if !error.error.is_empty() {
        return Ok(Answer { state, outcome: Outcome::Refused(error) });
    }
    match codes[..] {
        [code] => Ok(Answer { state, outcome: Outcome::Code(exact(code)?) }),
        [] => Err(unusable("there is no code in what the browser was sent to")),
        _ => Err(unusable("there is more than one code in what the browser was sent to")),
    }
}

/// A bare code, if the text starts with one, and the parameters.
fn split(text: &str) -> (Option<&str>, &str) {
    let is_address = text.contains("://");
    // `fragment` is a way to answer, too; behind a query, it is what browsers leave over.
    let (before, after) = match (text.split_once('?'), text.split_once('#')) {
        (Some((before, after)), _) => (before, after.split('#').next().unwrap_or(after)),
        (None, Some((before, after))) => (before, after),
        (None, None) => (text, ""),
    };
    if is_address || before.is_empty() || has_answer(after) {
        return (None, after);
    }
    let (first, rest) = before.split_once('&').unwrap_or((before, ""));
    let names_a_parameter = first.split_once('=').is_some_and(|(name, _)| NAMES.contains(&name.trim()));
    match (names_a_parameter, first.is_empty()) {
        (true, _) => (None, before),
        (false, true) => (None, rest),
        (false, false) => (Some(first), rest),
    }
}

fn has_answer(query: &str) -> bool {
    query.split('&').any(|pair| pair.starts_with("code=") || pair.starts_with("error="))
}

/// A value in which every character counts and no blank belongs.
fn exact(value: &str) -> Result<Secret, AuthError> {
    let compact = Secret::new(value.chars().filter(|c| !c.is_whitespace()).collect::<String>());
    let decoded = percent_decode_str(compact.expose()).decode_utf8().map(Secret::new);
    decoded
        .ok()
        .filter(|code| !code.is_empty() && code.expose().bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or_else(|| unusable("the code is damaged: it is empty or holds characters that no code has"))
}

/// A text for people.
fn words(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn unusable(message: &str) -> AuthError {
    AuthError::new(AuthErrorKind::SignInAgain, message).with_hint(
        "copy the whole address from the browser after signing in; it holds `code=` and works only once",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> (String, Option<String>) {
        let answer = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        match answer.outcome {
            Outcome::Code(code) => (code.expose().to_owned(), answer.state),
            Outcome::Refused(body) => panic!("{text}: {}", body.error),
        }
    }

    #[test]
    fn the_code_is_found_in_whatever_people_paste() {
        let bare = [
            "0.AX-_y.z",
            "  0.AX-_y.z\r\n",
            "0.AX-\n_y.z",
            "0.AX- _y.z",
            "\"0.AX-_y.z\"",
            "code=0.AX-_y.z",
            "&code=0.AX-_y.z",
            "0.AX-_y.z&session_state=6f2c",
            "0.AX-_y.z?session_state=6f2c",
            "0%2EAX-_y%2Ez",
            "https://localhost/myapp?code=0.AX-_y.z",
            "https://localhost/myapp?code=0.AX-_y.z#",
            "https://localhost/myapp?code=0.AX-_y.z&session_state=6f2c#top",
            "https://localhost/myapp?x=1&code=0.AX-_y.z",
            "https://localhost/myapp#code=0.AX-_y.z&session_state=6f2c",
            "localhost/myapp?code=0.AX-_y.z",
            "?code=0.AX-_y.z",
        ];
        for text in bare {
            assert_eq!(code(text), ("0.AX-_y.z".to_owned(), None), "{text}");
        }
        let with_state = [
            "code=0.AX-_y.z&state=s1&session_state=6f2c",
            "state=s1&code=0.AX-_y.z",
            "0.AX-_y.z&state=s1&session_state=6f2c",
            "https://localhost/myapp?code=0.AX-_y.z&state=s1&session_state=6f2c",
        ];
        for text in with_state {
            assert_eq!(code(text), ("0.AX-_y.z".to_owned(), Some("s1".to_owned())), "{text}");
        }
    }

    #[test]
    fn encoding_is_undone_exactly_once() {
        assert_eq!(code("code=a%252Eb").0, "a%2Eb");
        assert_eq!(code("code=a%3D%3D").0, "a==");
        assert_eq!(code("a==").0, "a==", "an equals sign does not make a parameter");
        assert_eq!(code("code=a+b").0, "a+b", "no code holds a blank");
    }

    #[test]
    fn a_refusal_is_read_with_its_words() {
        let answer = read(
            "http://localhost/?error=access_denied&error_subcode=cancel&state=s1\
             &error_description=AADSTS65004%3a+User+declined%0d%0aTrace+ID%3a+1",
        )
        .expect("a refusal");
        assert_eq!(answer.state.as_deref(), Some("s1"));
        let Outcome::Refused(body) = answer.outcome else { panic!("it was refused") };
        assert_eq!((body.error.as_str(), body.code()), ("access_denied", Some(65004)));
        assert_eq!(body.summary(), "AADSTS65004: User declined");
        assert_eq!(body.suberror.as_deref(), Some("cancel"));
    }

    #[test]
    fn what_holds_no_single_code_is_refused_without_repeating_it() {
        let texts = [
            "",
            "   ",
            "https://localhost/planted",
            "state=planted&session_state=planted",
            "code=",
            "code=planted&code=planted2",
            "planted&code=planted2",
            "code=planted%00",
            "code=planted%FF",
            "pl\u{e4}nted",
        ];
        for text in texts {
            let error = read(text).expect_err(text);
            assert!(!format!("{error:?}").contains("planted"), "{text}");
        }
    }
}
