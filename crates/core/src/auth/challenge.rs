//! The claims challenge of an API: what `WWW-Authenticate` says when a token is good but not good enough.
//!
//! Sources: RFC 9110 section 11 (challenges), RFC 6750 section 3; "Claims challenges, claims requests, and client
//! capabilities" (Microsoft identity platform).

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Longer challenges are no challenges: they would be sent on to the sign-in service.
const LONGEST: usize = 16 * 1024;

/// The claims that an API demands, as JSON text, from the values of all its `WWW-Authenticate` lines; `None` when no
/// `Bearer` challenge of them demands any.
pub fn claims_challenge<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<String> {
    lines.into_iter().flat_map(challenges).find_map(|challenge| challenge.claims())
}

/// One challenge: a scheme and its parameters.
#[derive(Debug, Default)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn claims(&self) -> Option<String> {
        let demands = self.scheme.eq_ignore_ascii_case("bearer")
            && self.parameter("error").is_some_and(|error| error.eq_ignore_ascii_case("insufficient_claims"));
        decode(self.parameter("claims").filter(|_| demands)?)
    }
}

/// Base64 of either alphabet, padded or not; JSON as it is, too. Only an object can be a challenge.
fn decode(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let bytes = if text.starts_with('{') {
        text.as_bytes().to_vec()
    } else {
        STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()?
    };
    let json = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&json).is_ok().then_some(json)
}

/// The challenges of one header line. A comma separates parameters as well as challenges: a word that no `=` follows
/// starts a new one.
fn challenges(line: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find(['=', ',', ' ', '\t', '"']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            // Nothing that belongs here: on with the next character, if there is one.
            let mut characters = rest.chars();
            if characters.next().is_none() {
                return found;
            }
            rest = characters.as_str();
            continue;
        }
        let Some(value) = after.trim_start().strip_prefix('=') else {
            found.push(Challenge { scheme: word.to_owned(), parameters: Vec::new() });
            rest = after;
            continue;
        };
        let (value, after) = value_of(value.trim_start());
        if let Some(challenge) = found.last_mut() {
            challenge.parameters.push((word.to_owned(), value));
        }
        rest = after;
    }
}

/// A quoted or bare value, and what follows it. A bare one may hold the `=` of base64.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            other => value.push(other),
        }
    }
    (value, characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1795348500"}}}"#;
    const BASE64: &str =
        "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzk1MzQ4NTAwIn19fQ==";

    fn of(lines: &[&str]) -> Option<String> {
        claims_challenge(lines.iter().copied())
    }

    #[test]
    fn the_documented_challenge_is_read() {
        let line = format!(
            r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="{BASE64}""#
        );
        assert_eq!(of(&[&line]).as_deref(), Some(JSON));
    }

    #[test]
    fn order_case_lines_and_quoted_commas_do_not_matter() {
        let reversed = format!(r#"bearer CLAIMS="{BASE64}",error=insufficient_claims"#);
        assert_eq!(of(&[&reversed]).as_deref(), Some(JSON));
        let commas = format!(
            r#"Bearer realm="a, b=\"c\", claims=no", error = "insufficient_claims" , claims="{BASE64}""#
        );
        assert_eq!(of(&[&commas]).as_deref(), Some(JSON));
        assert_eq!(of(&["Negotiate", "Basic realm=\"x\"", &reversed]).as_deref(), Some(JSON));
        let one_line = format!("Negotiate abc==, {reversed}, Basic realm=x");
        assert_eq!(of(&[&one_line]).as_deref(), Some(JSON));
    }

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        // Chosen so that the two alphabets differ: `?` and `>` give `/` and `+` or `_` and `-`.
        let json = r#"{"a":"???>>>~~~"}"#;
        for encoded in [STANDARD.encode(json), URL_SAFE.encode(json)] {
            for text in [encoded.as_str(), encoded.trim_end_matches('=')] {
                for claims in [text.to_owned(), format!("\"{text}\"")] {
                    let line = format!("Bearer error=\"insufficient_claims\", claims={claims}");
                    assert_eq!(of(&[&line]).as_deref(), Some(json), "{line}");
                }
            }
        }
        assert_ne!(STANDARD.encode(json), URL_SAFE.encode(json));
    }

    #[test]
    fn what_is_no_challenge_gives_none() {
        for line in [
            String::new(),
            "Bearer".to_owned(),
            r#"Bearer error="invalid_token""#.to_owned(),
            format!(r#"Bearer error="invalid_token", claims="{BASE64}""#),
            format!(r#"Basic error="insufficient_claims", claims="{BASE64}""#),
            r#"Bearer error="insufficient_claims", claims="not base64!""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="W10=""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims=""#.to_owned(),
            r#""""==,,,\"#.to_owned(),
            format!(r#"Bearer error="insufficient_claims", claims="{}""#, "A".repeat(LONGEST + 1)),
        ] {
            assert_eq!(of(&[&line]), None, "{line}");
        }
    }
}
