//! Builds the predicate and checks it against the properties that may be filtered on.

use super::FilterError;
use super::lexer::{Token, tokens};
use crate::defender::world::ticks::Ticks;

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Time,
    Text,
    /// One of these words.
    Enum(&'static [&'static str]),
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// A literal, already of the property's kind; enum words are spelled as in the list of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Null,
    Time(Ticks),
    Text(String),
}

/// A filter that can be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    Compare {
        property: &'static str,
        operator: Operator,
        literal: Literal,
    },
    /// Flat, because generated filters join many comparisons.
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
}

/// How much of the language a list takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Enum words are case-sensitive.
    pub(crate) exact_words: bool,
    /// `eq`, `gt` and `ge` joined by `and`: no other operators, no parentheses, no null.
    pub(crate) plain: bool,
}

/// Reads a filter over the given properties.
pub(crate) fn parse(
    filter: &str,
    properties: &'static [(&'static str, Kind)],
    grammar: Grammar,
) -> Result<Predicate, FilterError> {
    let mut parser = Parser { filter, tokens: tokens(filter)?, next: 0, properties, grammar, depth: 0 };
    let predicate = parser.either()?;
    match parser.tokens.get(parser.next) {
        None => Ok(predicate),
        Some((position, _)) => Err(parser.syntax(*position)),
    }
}

/// Nesting that no honest filter reaches, well within the stack.
const DEEPEST: usize = 64;

struct Parser<'f> {
    filter: &'f str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    properties: &'static [(&'static str, Kind)],
    grammar: Grammar,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Predicate, FilterError> {
        let mut predicates = vec![self.both()?];
        while !self.grammar.plain && self.take_word("or") {
            predicates.push(self.both()?);
        }
        Ok(Predicate::Any(predicates))
    }

    fn both(&mut self) -> Result<Predicate, FilterError> {
        let mut predicates = vec![self.one()?];
        while self.take_word("and") {
            predicates.push(self.one()?);
        }
        Ok(Predicate::All(predicates))
    }

    fn one(&mut self) -> Result<Predicate, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.syntax(self.position()));
        }
        let predicate = if self.grammar.plain {
            self.comparison()
        } else if self.take_word("not") {
            Ok(Predicate::Not(Box::new(self.one()?)))
        } else if self.take(&Token::Open) {
            let inner = self.either()?;
            if self.take(&Token::Close) { Ok(inner) } else { Err(self.syntax(self.position())) }
        } else {
            self.comparison()
        };
        self.depth -= 1;
        predicate
    }

    fn comparison(&mut self) -> Result<Predicate, FilterError> {
        let name = self.word()?;
        let Some((property, kind)) = self.properties.iter().copied().find(|(known, _)| *known == name) else {
            return Err(FilterError::Property(name));
        };
        let at = self.position();
        let operator = match self.word()?.as_str() {
            "eq" => Operator::Equal,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            _ if self.grammar.plain => return Err(self.syntax(at)),
            "ne" => Operator::NotEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            _ => return Err(self.syntax(at)),
        };
        let literal = self.literal(property, kind)?;
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && !matches!(literal, Literal::Time(_)) {
            return Err(FilterError::Type(property.to_owned()));
        }
        Ok(Predicate::Compare { property, operator, literal })
    }

    fn literal(&mut self, property: &'static str, kind: Kind) -> Result<Literal, FilterError> {
        let position = self.position();
        let token = self.tokens.get(self.next).map(|(_, token)| token.clone());
        self.next += 1;
        match (kind, token) {
            (_, None | Some(Token::Open | Token::Close)) => Err(self.syntax(position)),
            (_, Some(Token::Word(word))) if word == "null" && !self.grammar.plain => Ok(Literal::Null),
            (Kind::Time, Some(Token::Word(word))) => {
                Ticks::parse(&word).map(Literal::Time).ok_or(FilterError::Type(property.to_owned()))
            }
            (Kind::Text, Some(Token::Text(text))) => Ok(Literal::Text(text)),
            (Kind::Enum(words), Some(Token::Text(text))) => words
                .iter()
                .find(|word| {
                    **word == text || (!self.grammar.exact_words && word.eq_ignore_ascii_case(&text))
                })
                .map(|word| Literal::Text((*word).to_owned()))
                .ok_or(FilterError::Word { property: property.to_owned(), word: text }),
            _ => Err(FilterError::Type(property.to_owned())),
        }
    }

    fn word(&mut self) -> Result<String, FilterError> {
        let word = match self.tokens.get(self.next) {
            Some((_, Token::Word(word))) => word.clone(),
            _ => return Err(self.syntax(self.position())),
        };
        self.next += 1;
        Ok(word)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|(_, token)| token == wanted);
        self.next += usize::from(found);
        found
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((_, Token::Word(word))) if word == wanted);
        self.next += usize::from(found);
        found
    }

    fn position(&self) -> usize {
        self.tokens.get(self.next).map_or_else(|| self.filter.chars().count(), |(position, _)| *position)
    }

    fn syntax(&self, position: usize) -> FilterError {
        FilterError::Syntax { position, filter: self.filter.to_owned() }
    }
}
