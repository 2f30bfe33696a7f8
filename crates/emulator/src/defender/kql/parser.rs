//! Reads `let` statements and a pipe of operators from tokens.

use std::collections::BTreeMap;

use super::KqlError;
use super::cell::Cell;
use super::condition::Condition;
use super::lexer::{Token, tokens};
use crate::defender::world::ticks::Ticks;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Column(String),
    Literal(Cell),
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

pub(super) struct Parser {
    pub(super) tokens: Vec<Token>,
    pub(super) next: usize,
    now: Ticks,
    pub(super) depth: usize,
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
        let first = self.name()?;
        let name = match first.as_str() {
            _ if self.take("=") => {
                let counts = self.take_name("count");
                if counts { first } else { return Err(KqlError::Syntax) }
            }
            "count" => "count_".to_owned(),
            _ => return Err(KqlError::Syntax),
        };
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

    pub(super) fn operand(&mut self) -> Result<Operand, KqlError> {
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

    pub(super) fn peek_name(&self, wanted: &str) -> bool {
        matches!(self.tokens.get(self.next), Some(Token::Name(name)) if name == wanted)
    }

    pub(super) fn take_name(&mut self, wanted: &str) -> bool {
        let found = self.peek_name(wanted);
        self.next += usize::from(found);
        found
    }

    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Symbol(symbol)) if *symbol == wanted);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, wanted: &str) -> Result<(), KqlError> {
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
