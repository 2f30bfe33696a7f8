//! Reads `Table | where ... | project ... | take N` from tokens.

use super::KqlError;
use super::cell::Cell;
use super::lexer::{Token, tokens};
use crate::defender::world::ticks::Ticks;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Column(String),
    Literal(Cell),
}

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

/// One step of the pipe.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    Where(Condition),
    /// New name and source column.
    Project(Vec<(String, String)>),
    Take(usize),
}

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) table: String,
    pub(crate) stages: Vec<Stage>,
}

/// Nesting that no honest query reaches, well within the stack.
const DEEPEST: usize = 64;

/// Reads a query; `now` is what `now()` and `ago()` count from.
pub(crate) fn parse(query: &str, now: Ticks) -> Result<Query, KqlError> {
    if query.trim_start().starts_with('.') {
        return Err(KqlError::ControlCommand);
    }
    let mut tokens = tokens(query)?;
    while tokens.last() == Some(&Token::Symbol(";")) {
        tokens.pop();
    }
    let mut parser = Parser { tokens, next: 0, now, depth: 0 };
    let table = parser.name()?;
    let mut stages = Vec::new();
    while parser.next < parser.tokens.len() {
        parser.expect("|")?;
        let stage = match parser.name()?.as_str() {
            "where" | "filter" => Stage::Where(parser.either()?),
            "project" => Stage::Project(parser.projections()?),
            "take" | "limit" => Stage::Take(parser.amount()?),
            _ => return Err(KqlError::Syntax),
        };
        stages.push(stage);
    }
    Ok(Query { table, stages })
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    now: Ticks,
    depth: usize,
}

impl Parser {
    fn either(&mut self) -> Result<Condition, KqlError> {
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

    fn operand(&mut self) -> Result<Operand, KqlError> {
        let negative = self.take("-");
        let token = self.tokens.get(self.next).cloned().ok_or(KqlError::Syntax)?;
        self.next += 1;
        Ok(Operand::Literal(match token {
            Token::Integer(number) => Cell::Long(if negative { -number } else { number }),
            Token::Real(number) => Cell::Real(if negative { -number } else { number }),
            _ if negative => return Err(KqlError::Syntax),
            Token::Text(text) => Cell::Text(text),
            Token::Time(text) => Cell::Time(instant(&text).ok_or(KqlError::Syntax)?),
            Token::Name(name) => match name.as_str() {
                "true" => Cell::Bool(true),
                "false" => Cell::Bool(false),
                "ago" | "now" if self.take("(") => {
                    let mut back = 0;
                    if name == "ago" {
                        let Some(Token::Span(span)) = self.tokens.get(self.next) else {
                            return Err(KqlError::Syntax);
                        };
                        back = *span;
                        self.next += 1;
                    }
                    self.expect(")")?;
                    Cell::Time(self.now.plus(-back))
                }
                _ => return Ok(Operand::Column(name)),
            },
            Token::Span(_) | Token::Symbol(_) => return Err(KqlError::Syntax),
        }))
    }

    fn projections(&mut self) -> Result<Vec<(String, String)>, KqlError> {
        let mut columns = Vec::new();
        loop {
            let name = self.name()?;
            let source = if self.take("=") { self.name()? } else { name.clone() };
            columns.push((name, source));
            if !self.take(",") {
                return Ok(columns);
            }
        }
    }

    fn amount(&mut self) -> Result<usize, KqlError> {
        let Some(Token::Integer(number)) = self.tokens.get(self.next) else { return Err(KqlError::Syntax) };
        self.next += 1;
        usize::try_from(*number).map_err(|_| KqlError::Syntax)
    }

    fn name(&mut self) -> Result<String, KqlError> {
        let Some(Token::Name(name)) = self.tokens.get(self.next) else { return Err(KqlError::Syntax) };
        self.next += 1;
        Ok(name.clone())
    }

    fn peek_name(&self, wanted: &str) -> bool {
        matches!(self.tokens.get(self.next), Some(Token::Name(name)) if name == wanted)
    }

    fn take_name(&mut self, wanted: &str) -> bool {
        let found = self.peek_name(wanted);
        self.next += usize::from(found);
        found
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Symbol(symbol)) if *symbol == wanted);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), KqlError> {
        if self.take(wanted) { Ok(()) } else { Err(KqlError::Syntax) }
    }
}

/// A date, a date and time without zone (UTC), or RFC 3339.
fn instant(text: &str) -> Option<Ticks> {
    let text = text.trim();
    let spelled = if text.len() <= 10 {
        format!("{text}T00:00:00Z")
    } else if text.ends_with(['Z', 'z']) || text[10..].contains(['+', '-']) {
        text.to_owned()
    } else {
        format!("{text}Z")
    };
    Ticks::parse(&spelled)
}
