//! Reads `let` statements and a pipe of operators from tokens.

use std::collections::BTreeMap;

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
    Extend(Vec<(String, Operand)>),
    /// `summarize Name = count() by ...`, and `count`, which is the same without a `by`.
    Count {
        name: String,
        by: Vec<String>,
    },
    Distinct(Vec<String>),
    /// Column, and whether the smallest comes first.
    Sort(Vec<(String, bool)>),
    /// The first so many in an order.
    Top(usize, Vec<(String, bool)>),
    Take(usize),
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Table(String),
    /// `range Name from A to B step S`.
    Range {
        name: String,
        from: i64,
        to: i64,
        step: i64,
    },
    /// `print Name = value, ...`.
    Print(Vec<(String, Operand)>),
}

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) source: Source,
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
    let mut parser = Parser { tokens, next: 0, now, depth: 0, constants: BTreeMap::new() };
    while parser.take_name("let") {
        let name = parser.name()?;
        parser.expect("=")?;
        let value = parser.operand()?;
        parser.constants.insert(name, value);
        parser.expect(";")?;
    }
    let source = parser.source()?;
    let mut stages = Vec::new();
    while parser.next < parser.tokens.len() {
        parser.expect("|")?;
        stages.push(parser.stage()?);
    }
    Ok(Query { source, stages })
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    now: Ticks,
    depth: usize,
    /// What `let` statements name.
    constants: BTreeMap<String, Operand>,
}

impl Parser {
    fn source(&mut self) -> Result<Source, KqlError> {
        let name = self.name()?;
        Ok(match name.as_str() {
            "range" => {
                let name = self.name()?;
                let mut bounds = [0; 3];
                for (bound, word) in bounds.iter_mut().zip(["from", "to", "step"]) {
                    if !self.take_name(word) {
                        return Err(KqlError::Syntax);
                    }
                    let Operand::Literal(Cell::Long(number)) = self.operand()? else {
                        return Err(KqlError::Syntax);
                    };
                    *bound = number;
                }
                let [from, to, step] = bounds;
                Source::Range { name, from, to, step }
            }
            "print" => Source::Print(self.assignments()?),
            _ => Source::Table(name),
        })
    }

    fn stage(&mut self) -> Result<Stage, KqlError> {
        Ok(match self.name()?.as_str() {
            "where" | "filter" => Stage::Where(self.either()?),
            "project" => Stage::Project(self.projections()?),
            "extend" => Stage::Extend(self.assignments()?),
            "take" | "limit" => Stage::Take(self.amount()?),
            "count" => Stage::Count { name: "Count".to_owned(), by: Vec::new() },
            "summarize" => self.summary()?,
            "distinct" => Stage::Distinct(self.names()?),
            "sort" | "order" if self.take_name("by") => Stage::Sort(self.orders()?),
            "top" => {
                let amount = self.amount()?;
                if !self.take_name("by") {
                    return Err(KqlError::Syntax);
                }
                Stage::Top(amount, self.orders()?)
            }
            _ => return Err(KqlError::Syntax),
        })
    }

    /// `[Name =] count() [by A, B]`.
    fn summary(&mut self) -> Result<Stage, KqlError> {
        let mut name = self.name()?;
        if self.take("=") {
            if !self.take_name("count") {
                return Err(KqlError::Syntax);
            }
        } else if name == "count" {
            name = "count_".to_owned();
        } else {
            return Err(KqlError::Syntax);
        }
        self.expect("(")?;
        self.expect(")")?;
        let by = if self.take_name("by") { self.names()? } else { Vec::new() };
        Ok(Stage::Count { name, by })
    }

    fn names(&mut self) -> Result<Vec<String>, KqlError> {
        let mut names = vec![self.name()?];
        while self.take(",") {
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// `A asc, B`: without a word, the largest comes first.
    fn orders(&mut self) -> Result<Vec<(String, bool)>, KqlError> {
        let mut orders = Vec::new();
        loop {
            let name = self.name()?;
            let ascending = self.take_name("asc");
            if !ascending {
                self.take_name("desc");
            }
            orders.push((name, ascending));
            if !self.take(",") {
                return Ok(orders);
            }
        }
    }

    fn assignments(&mut self) -> Result<Vec<(String, Operand)>, KqlError> {
        let mut assignments = Vec::new();
        loop {
            let name = self.name()?;
            self.expect("=")?;
            assignments.push((name, self.operand()?));
            if !self.take(",") {
                return Ok(assignments);
            }
        }
    }

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
                _ => {
                    let constant = self.constants.get(&name).cloned();
                    return Ok(constant.unwrap_or(Operand::Column(name)));
                }
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
        let Operand::Literal(Cell::Long(number)) = self.operand()? else { return Err(KqlError::Syntax) };
        usize::try_from(number).map_err(|_| KqlError::Syntax)
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
