//! Cuts a query into tokens.

use super::KqlError;
use crate::defender::world::ticks::{DAY, HOUR, MINUTE, SECOND};

/// One piece of a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Text(String),
    Integer(i64),
    Real(f64),
    /// A span such as `1d`, in ticks.
    Span(i64),
    /// What stands between the parentheses of `datetime(...)`.
    Time(String),
    Symbol(&'static str),
}

/// Longer symbols first, so that `==` is not read as `=` twice.
const SYMBOLS: &[&str] =
    &["==", "!=", "=~", "!~", ">=", "<=", ">", "<", "=", "(", ")", ",", "|", ";", "!", "-"];

/// All tokens of a query, comments left out.
pub(crate) fn tokens(query: &str) -> Result<Vec<Token>, KqlError> {
    let mut rest = query;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' || first == '@' {
            let (text, after) = quoted(rest).ok_or(KqlError::Syntax)?;
            tokens.push(Token::Text(text));
            rest = after;
        } else if first.is_ascii_digit() {
            let (token, after) = number(rest)?;
            tokens.push(token);
            rest = after;
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            if let Some((inner, after)) = datetime(name, rest) {
                tokens.push(Token::Time(inner));
                rest = after;
            } else {
                tokens.push(Token::Name(name.to_owned()));
            }
        } else {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).ok_or(KqlError::Syntax)?;
            tokens.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
        }
    }
}

fn datetime<'q>(name: &str, rest: &'q str) -> Option<(String, &'q str)> {
    let inner = (name == "datetime").then(|| rest.trim_start().strip_prefix('(')).flatten()?;
    let (inner, after) = inner.split_once(')')?;
    Some((inner.trim().trim_matches(['"', '\'']).to_owned(), after))
}

/// A string and what follows it. `@` starts a verbatim one, in which a doubled quote stands for one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (verbatim, text) = text.strip_prefix('@').map_or((false, text), |rest| (true, rest));
    let quote = text.chars().next().filter(|first| *first == '"' || *first == '\'')?;
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            if verbatim && characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
                value.push(quote);
                continue;
            }
            return Some((value, &text[at + quote.len_utf8()..]));
        }
        match character {
            '\n' => return None,
            '\\' if !verbatim => value.push(match characters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                same @ ('\\' | '"' | '\'') => same,
                _ => return None,
            }),
            other => value.push(other),
        }
    }
    None
}

fn number(text: &str) -> Result<(Token, &str), KqlError> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let digits = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (digits, unit) = word.split_at(digits);
    let integer = || digits.parse::<i64>().map_err(|_| KqlError::Syntax);
    let unit = match unit {
        "" if digits.contains('.') => {
            return Ok((Token::Real(digits.parse().map_err(|_| KqlError::Syntax)?), rest));
        }
        "" => return Ok((Token::Integer(integer()?), rest)),
        "d" => DAY,
        "h" => HOUR,
        "m" => MINUTE,
        "s" => SECOND,
        _ => return Err(KqlError::Syntax),
    };
    integer()?.checked_mul(unit).map(|span| (Token::Span(span), rest)).ok_or(KqlError::Syntax)
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};
    use crate::defender::kql::KqlError;
    use crate::defender::world::ticks::DAY;

    #[test]
    fn strings_know_both_quotes_escapes_and_the_verbatim_form() {
        let texts = tokens(r#"'it''s' "a\"b\\c" @"C:\Temp" 'x"y'"#).unwrap();
        let wanted = ["it", "s", "a\"b\\c", "C:\\Temp", "x\"y"].map(|text| Token::Text(text.to_owned()));
        assert_eq!(texts, wanted);
    }

    #[test]
    fn comments_end_with_their_line() {
        let found = tokens("AlertInfo // all\n| take 5").unwrap();
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn spans_and_times_are_literals() {
        assert_eq!(tokens("7d").unwrap(), [Token::Span(7 * DAY)]);
        assert_eq!(tokens("datetime(2026-09-01)").unwrap(), [Token::Time("2026-09-01".to_owned())]);
    }

    #[test]
    fn open_strings_and_unknown_signs_are_syntax_errors() {
        for query in ["'open", "\"a\nb\"", "a # b", "99999999999999999999", "5x", "'\\q'"] {
            assert_eq!(tokens(query).unwrap_err(), KqlError::Syntax, "{query}");
        }
    }
}
