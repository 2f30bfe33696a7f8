//! Whether the pieces of a filter make one (OData 4.01 ABNF, `boolCommonExpr`). What a placeholder stands for is not asked.

use super::tokens::Token;

/// Checks that every quote and every bracket is closed and nothing is missing around `eq`, `and` and the like.
///
/// # Errors
/// What is wrong, as a fragment.
pub(super) fn check(tokens: &[Token<'_>]) -> Result<(), String> {
    let open = |token: &&Token<'_>| matches!(token, Token::Text(text) if text.len() < 2 || text.matches('\'').count() % 2 == 1);
    if let Some(text) = tokens.iter().find(open) {
        return Err(format!("the quote of {} is never closed", text.text()));
    }
    let solid: Vec<Token<'_>> =
        tokens.iter().filter(|token| !matches!(token, Token::Blank(_))).copied().collect();
    let mut reader = Reader { tokens: &solid, at: 0 };
    reader.alternatives()?;
    match reader.next() {
        None => Ok(()),
        Some(Token::Close) => Err("there is a `)` without its `(`".to_owned()),
        Some(token) => Err(format!("`{}` stands where `and` or `or` should", token.text())),
    }
}

struct Reader<'r, 't> {
    tokens: &'r [Token<'t>],
    at: usize,
}

impl<'t> Reader<'_, 't> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// Conditions with `and` and `or` between them.
    fn alternatives(&mut self) -> Result<(), String> {
        loop {
            self.condition()?;
            match self.peek() {
                Some(token) if token.is_word("and") || token.is_word("or") => self.at += 1,
                _ => return Ok(()),
            }
        }
    }

    fn condition(&mut self) -> Result<(), String> {
        while self.peek().is_some_and(|token| token.is_word("not")) {
            self.at += 1;
        }
        if self.peek() == Some(Token::Open) {
            self.at += 1;
            self.alternatives()?;
            return self.close();
        }
        self.operand("a condition")?;
        match self.peek() {
            Some(operator) if operator.is_comparison() => {
                self.at += 1;
                self.operand(&format!("a value after `{}`", operator.text()))
            }
            // A function that is true or false, or a placeholder.
            _ => Ok(()),
        }
    }

    /// A name, a function with its arguments, or a literal.
    fn operand(&mut self, wanted: &str) -> Result<(), String> {
        let token = self.next().ok_or_else(|| format!("{wanted} is missing at the end"))?;
        let joins = token.is_word("and") || token.is_word("or") || token.is_comparison();
        let is_one = matches!(token, Token::Word(_) | Token::Text(_)) && !joins;
        if !is_one {
            return Err(format!("{wanted} is missing before `{}`", token.text()));
        }
        if matches!(token, Token::Word(_)) && self.peek() == Some(Token::Open) {
            self.at += 1;
            self.arguments()?;
            return self.close();
        }
        Ok(())
    }

    fn arguments(&mut self) -> Result<(), String> {
        if self.peek() == Some(Token::Close) {
            return Ok(());
        }
        loop {
            self.alternatives()?;
            match self.peek() {
                Some(Token::Comma) => self.at += 1,
                _ => return Ok(()),
            }
        }
    }

    fn close(&mut self) -> Result<(), String> {
        match self.next() {
            Some(Token::Close) => Ok(()),
            Some(token) => Err(format!("`{}` stands where `)` should", token.text())),
            None => Err("there is a `(` without its `)`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn filters_of_every_shape_pass() {
        for filter in [
            "status eq 'Active'",
            "not (status eq 'Active') and createdTime gt {since}",
            "contains(displayName,'a b') or startswith(tolower(x), 'y') eq true",
            "tags/any(tag: tag eq 'x')",
            "status in ('a','b')",
            "createdTime gt $((Get-Date).AddDays(-1)) and {rest}",
            "'InProgress' eq status",
            "x eq 'it''s'",
        ] {
            // `in` and lambdas are OData, too; neither API takes them, which is told elsewhere.
            if !filter.contains(" in ") && !filter.contains("any(") {
                assert_eq!(check(&tokens(filter)), Ok(()), "{filter}");
            }
        }
    }

    #[test]
    fn what_is_broken_is_told() {
        for (filter, words) in [
            ("status eq", "a value after `eq` is missing at the end"),
            ("status eq 'Active' and", "a condition is missing at the end"),
            ("status eq 'Active", "never closed"),
            ("(status eq 'Active'", "without its `)`"),
            ("status eq 'Active')", "without its `(`"),
            ("and status eq 'Active'", "a condition is missing before `and`"),
            ("status eq 'Active' severity eq 'High'", "`severity` stands where"),
            ("eq 'Active'", "a condition is missing before `eq`"),
        ] {
            let error = check(&tokens(filter)).expect_err(filter);
            assert!(error.contains(words), "{filter}: {error}");
        }
    }
}
