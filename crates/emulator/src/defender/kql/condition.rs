//! Reads the conditions of `where`.

use super::KqlError;
use super::lexer::Token;
use super::parser::{Operand, Parser};

/// Nesting that no honest query reaches, well within the stack.
const DEEPEST: usize = 64;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    EqualAnyCase,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// Holds the whole word, in any case.
    Has,
    Contains,
    StartsWith,
    EndsWith,
}

/// A condition over names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    Compare(Operand, Comparison, Operand),
    In(Operand, Vec<Operand>),
    Truth(Operand),
    /// Flat, because generated queries join thousands of conditions.
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

impl Parser {
    pub(super) fn either(&mut self) -> Result<Condition, KqlError> {
        let mut conditions = vec![self.both()?];
        while self.take_name("or") {
            conditions.push(self.both()?);
        }
        Ok(Condition::Any(conditions))
    }

    fn both(&mut self) -> Result<Condition, KqlError> {
        let mut conditions = vec![self.one()?];
        while self.take_name("and") {
            conditions.push(self.one()?);
        }
        Ok(Condition::All(conditions))
    }

    fn one(&mut self) -> Result<Condition, KqlError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(KqlError::Syntax);
        }
        let negated = self.peek_name("not") && self.tokens.get(self.next + 1) == Some(&Token::Symbol("("));
        self.next += usize::from(negated);
        let condition = if self.take("(") {
            let inner = self.either()?;
            self.expect(")")?;
            if negated { Condition::Not(Box::new(inner)) } else { inner }
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, KqlError> {
        let left = self.operand()?;
        let negated = self.take("!");
        let comparison = match self.tokens.get(self.next) {
            Some(Token::Symbol(symbol)) => match *symbol {
                "==" => Comparison::Equal,
                "!=" => return self.compare(left, Comparison::Equal, true),
                "=~" => Comparison::EqualAnyCase,
                "!~" => return self.compare(left, Comparison::EqualAnyCase, true),
                ">" => Comparison::Greater,
                ">=" => Comparison::GreaterOrEqual,
                "<" => Comparison::Less,
                "<=" => Comparison::LessOrEqual,
                _ if !negated => return Ok(Condition::Truth(left)),
                _ => return Err(KqlError::Syntax),
            },
            Some(Token::Name(name)) => match name.as_str() {
                "has" => Comparison::Has,
                "contains" => Comparison::Contains,
                "startswith" => Comparison::StartsWith,
                "endswith" => Comparison::EndsWith,
                "in" => return self.members(left, negated),
                "and" | "or" if !negated => return Ok(Condition::Truth(left)),
                _ => return Err(KqlError::Syntax),
            },
            None if !negated => return Ok(Condition::Truth(left)),
            _ => return Err(KqlError::Syntax),
        };
        let of_words = matches!(
            comparison,
            Comparison::Has | Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith
        );
        if negated && !of_words {
            return Err(KqlError::Syntax);
        }
        self.compare(left, comparison, negated)
    }

    fn compare(
        &mut self,
        left: Operand,
        comparison: Comparison,
        negated: bool,
    ) -> Result<Condition, KqlError> {
        self.next += 1;
        let condition = Condition::Compare(left, comparison, self.operand()?);
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn members(&mut self, left: Operand, negated: bool) -> Result<Condition, KqlError> {
        self.next += 1;
        self.expect("(")?;
        let mut items = vec![self.operand()?];
        while self.take(",") {
            items.push(self.operand()?);
        }
        self.expect(")")?;
        let condition = Condition::In(left, items);
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }
}
