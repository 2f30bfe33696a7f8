//! Cuts a query into strings, comments, blanks and code.

use std::ops::Range;

/// What a piece of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// White space.
    Blank,
    /// From `//` to the end of the line, without the line break.
    Comment,
    /// A string, with its quotes.
    Text,
    /// A string that is never closed: it goes on to the end.
    OpenText,
    /// One character of anything else.
    Code,
}

/// The pieces of a query, none left out.
pub fn pieces(query: &str) -> impl Iterator<Item = (Piece, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &query[at..];
        let first = rest.chars().next()?;
        let (piece, length) = if first.is_whitespace() {
            (Piece::Blank, first.len_utf8())
        } else if rest.starts_with("//") {
            (Piece::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len()))
        } else if let Some(text) = text(rest) {
            text
        } else {
            (Piece::Code, first.len_utf8())
        };
        at += length;
        Some((piece, at - length..at))
    })
}

/// The string that begins here, and its length: plain, verbatim (`@`), or over several lines. An `h` before it
/// is code.
fn text(rest: &str) -> Option<(Piece, usize)> {
    for fence in ["```", "~~~"] {
        if let Some(inner) = rest.strip_prefix(fence) {
            let end = inner.find(fence).map(|end| (Piece::Text, end + 2 * fence.len()));
            return end.or(Some((Piece::OpenText, rest.len())));
        }
    }
    let (verbatim, quoted) = rest.strip_prefix('@').map_or((false, rest), |after| (true, after));
    let quote = quoted.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let start = rest.len() - quoted.len() + 1;
    let mut characters = rest[start..].char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        if character == quote {
            let doubled = verbatim && characters.next_if(|(_, next)| *next == quote).is_some();
            if !doubled {
                return Some((Piece::Text, start + offset + 1));
            }
        } else if character == '\\' && !verbatim {
            characters.next();
        }
    }
    Some((Piece::OpenText, rest.len()))
}
