//! The number of rows of a query: strings and comments stay as they are, whatever the query.
#![no_main]

use defender_xdr_api::kql::{Piece, pieces, with_limit};

libfuzzer_sys::fuzz_target!(|query: &str| {
    // Nothing is left out.
    let mut end = 0;
    for (_, range) in pieces(query) {
        assert_eq!(range.start, end);
        assert!(range.end > range.start);
        end = range.end;
    }
    assert_eq!(end, query.len());

    assert_eq!(with_limit(query, -1), query);
    let limited = with_limit(query, 7);
    let says_something = |text: &str| pieces(text).any(|(piece, range)| {
        matches!(piece, Piece::Text | Piece::OpenText) || (piece == Piece::Code && &text[range] != ";")
    });
    if !says_something(query) || is_never_closed(query) {
        assert_eq!(limited, query);
        return;
    }
    assert_eq!(of(Piece::Comment, &limited), of(Piece::Comment, query));
    // A stage that is replaced may have held strings; no other is touched, and none is new.
    let mut before = of(Piece::Text, query).into_iter();
    for text in of(Piece::Text, &limited) {
        assert!(before.any(|held| held == text), "{text} is new");
    }
    // The same number once more changes nothing but blanks.
    let bare = |text: &str| -> String {
        pieces(text).filter(|(piece, _)| *piece != Piece::Blank).map(|(_, range)| &text[range]).collect()
    };
    assert_eq!(bare(&with_limit(&limited, 7)), bare(&limited));
});

fn of(wanted: Piece, text: &str) -> Vec<&str> {
    pieces(text).filter(|(piece, _)| *piece == wanted).map(|(_, range)| &text[range]).collect()
}

/// A string or a bracket that is open at the end.
fn is_never_closed(query: &str) -> bool {
    let mut depth = 0_usize;
    for (piece, range) in pieces(query) {
        match (piece, &query[range]) {
            (Piece::OpenText, _) => return true,
            (Piece::Code, "(" | "[" | "{") => depth += 1,
            (Piece::Code, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth > 0
}
