//! Pieces of an OData filter (OData 4.01 ABNF, `boolCommonExpr`), tolerant of the placeholders of scripts and templates.

/// A piece of a filter, as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Blanks.
    Blank(&'t str),
    /// A quoted text with its quotes.
    Text(&'t str),
    /// A name, an operator, a number, a time, a placeholder.
    Word(&'t str),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

impl<'t> Token<'t> {
    pub(super) fn text(self) -> &'t str {
        match self {
            Self::Blank(text) | Self::Text(text) | Self::Word(text) => text,
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
        }
    }

    pub(super) fn is_word(self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(wanted))
    }

    pub(super) fn is_comparison(self) -> bool {
        ["eq", "ne", "gt", "ge", "lt", "le"].iter().any(|operator| self.is_word(operator))
    }
}

/// All pieces; joined they are the filter again.
pub(super) fn tokens(filter: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = filter;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' => {
                let length = quoted(rest);
                (Token::Text(&rest[..length]), length)
            }
            first if first.is_whitespace() => {
                let length = rest.find(|next: char| !next.is_whitespace()).unwrap_or(rest.len());
                (Token::Blank(&rest[..length]), length)
            }
            _ => {
                let length = word(rest);
                (Token::Word(&rest[..length]), length)
            }
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// The length of a quoted text; two quotes stand for one. Without an end it goes to the end.
fn quoted(text: &str) -> usize {
    let mut from = 1;
    while let Some(at) = text[from..].find('\'') {
        from += at + 1;
        if !text[from..].starts_with('\'') {
            return from;
        }
        from += 1;
    }
    text.len()
}

/// The length of a word. Placeholders such as `{since}`, `$(Get-Date)` and `@{utcNow()}` belong to it with what they hold.
fn word(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut before = None;
    for (at, next) in text.char_indices() {
        match next {
            '{' => depth += 1,
            '(' if depth > 0 || before == Some('$') => depth += 1,
            '}' | ')' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            '(' | ')' | ',' | '\'' => return at,
            next if next.is_whitespace() => return at,
            _ => {}
        }
        before = Some(next);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_filter_again() {
        for filter in [
            "status eq 'it''s' and (x ge 2026-09-01T00:00:00Z or contains(displayName,'a b'))",
            "lastUpdateTime ge {since.strftime('%Y-%m-%d')} and createdTime gt $((Get-Date).AddDays(-1))",
            "a eq 'never closed",
            "",
        ] {
            assert_eq!(tokens(filter).into_iter().map(Token::text).collect::<String>(), filter);
        }
    }

    #[test]
    fn placeholders_are_words() {
        let words = tokens("createdTime gt @{addDays(utcNow(), -1)} and x eq 1");
        assert!(words.contains(&Token::Word("@{addDays(utcNow(), -1)}")), "{words:?}");
    }
}
