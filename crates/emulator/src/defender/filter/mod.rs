//! The part of OData's `$filter` that the incident and alert lists accept.
//!
//! Source: OData 4.01 part 2, section 5.1.1; which properties may be used is in Microsoft Learn's
//! "List incidents API" and "List incidents" (Graph).

mod evaluate;
mod lexer;
mod parser;

pub(crate) use evaluate::{Operand, matches};
pub(crate) use parser::{Grammar, Kind, Predicate, parse};

/// Why a filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    #[error("Syntax error at position {position} in '{filter}'.")]
    Syntax { position: usize, filter: String },
    #[error("The property '{0}' cannot be used in the $filter query option.")]
    Property(String),
    #[error("The string '{word}' is not a valid value of the property '{property}'.")]
    Word { property: String, word: String },
    #[error("A literal with an incompatible type was compared with the property '{0}'.")]
    Type(String),
}
