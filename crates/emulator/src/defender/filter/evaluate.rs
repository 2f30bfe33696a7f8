//! Whether one incident or alert satisfies a predicate.

use super::parser::{Literal, Operator, Predicate};
use crate::defender::world::ticks::Ticks;

/// The value a property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operand<'r> {
    Null,
    Time(Ticks),
    Text(&'r str),
}

/// Evaluates a predicate over the values that `value_of` gives for property names.
pub(crate) fn matches<'r>(predicate: &Predicate, value_of: &dyn Fn(&str) -> Operand<'r>) -> bool {
    match predicate {
        Predicate::All(predicates) => predicates.iter().all(|predicate| matches(predicate, value_of)),
        Predicate::Any(predicates) => predicates.iter().any(|predicate| matches(predicate, value_of)),
        Predicate::Not(inner) => !matches(inner, value_of),
        Predicate::Compare { property, operator, literal } => compare(value_of(property), *operator, literal),
    }
}

/// Null equals null only; every ordering with null is false (OData 4.01 part 2, 5.1.1.1).
fn compare(operand: Operand<'_>, operator: Operator, literal: &Literal) -> bool {
    let equal = match (operand, literal) {
        (Operand::Null, Literal::Null) => true,
        (Operand::Time(time), Literal::Time(wanted)) => time == *wanted,
        (Operand::Text(text), Literal::Text(wanted)) => text == wanted,
        _ => false,
    };
    match (operator, operand, literal) {
        (Operator::Equal, _, _) => equal,
        (Operator::NotEqual, _, _) => !equal,
        (_, Operand::Time(time), Literal::Time(wanted)) => match operator {
            Operator::Greater => time > *wanted,
            Operator::GreaterOrEqual => time >= *wanted,
            Operator::Less => time < *wanted,
            _ => time <= *wanted,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Operand, matches};
    use crate::defender::filter::{FilterError, Grammar, Kind, parse};
    use crate::defender::world::ticks::Ticks;

    const PROPERTIES: &[(&str, Kind)] = &[
        ("lastUpdateTime", Kind::Time),
        ("status", Kind::Enum(&["Active", "InProgress", "Resolved"])),
        ("assignedTo", Kind::Text),
    ];

    const EXACT: Grammar = Grammar { exact_words: true, plain: false };

    fn holds(filter: &str) -> bool {
        let updated = Ticks::parse("2026-09-03T09:02:44.0366667Z").unwrap();
        matches(&parse(filter, PROPERTIES, EXACT).unwrap(), &|property| match property {
            "lastUpdateTime" => Operand::Time(updated),
            "status" => Operand::Text("Active"),
            _ => Operand::Null,
        })
    }

    fn fault(filter: &str) -> FilterError {
        parse(filter, PROPERTIES, EXACT).unwrap_err()
    }

    #[test]
    fn the_documented_forms_hold() {
        assert!(holds("lastUpdateTime ge 2026-09-01T00:00:00Z"));
        assert!(holds("status eq 'Active' and lastUpdateTime gt 2026-09-01T06:30:00Z"));
        assert!(!holds("assignedTo eq 'dana@aurora-lab.example'"));
        assert!(holds("assignedTo eq null"));
        assert!(!holds("assignedTo ne null"));
    }

    #[test]
    fn a_seventh_fraction_digit_decides() {
        assert!(holds("lastUpdateTime gt 2026-09-03T09:02:44.0366666Z"));
        assert!(!holds("lastUpdateTime gt 2026-09-03T09:02:44.0366667Z"));
        assert!(holds("lastUpdateTime le 2026-09-03T09:02:44.0366667Z"));
        assert!(!holds("lastUpdateTime lt 2026-09-03T09:02:44.0366667Z"));
    }

    #[test]
    fn and_binds_tighter_than_or_and_parentheses_win() {
        assert!(holds("status eq 'Active' or status eq 'Resolved' and assignedTo ne null"));
        assert!(!holds("(status eq 'Active' or status eq 'Resolved') and assignedTo ne null"));
        assert!(holds("not (status eq 'Resolved')"));
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        assert_eq!(fault("severity eq 'High'"), FilterError::Property("severity".to_owned()));
        assert_eq!(
            fault("lastUpdateTime ge '2026-09-01T00:00:00Z'"),
            FilterError::Type("lastUpdateTime".to_owned())
        );
        assert_eq!(fault("status gt 'Active'"), FilterError::Type("status".to_owned()));
        assert!(matches!(fault("status eq 'active'"), FilterError::Word { .. }));
        assert!(matches!(fault("status eq"), FilterError::Syntax { .. }));
        assert!(matches!(fault("status eq 'Active' extra"), FilterError::Syntax { .. }));
        assert!(matches!(fault("contains(assignedTo,'x')"), FilterError::Syntax { .. }));
        assert!(matches!(fault(&"(".repeat(5000)), FilterError::Syntax { .. }));
    }

    #[test]
    fn a_plain_filter_compares_and_joins_and_does_nothing_else() {
        let plain = Grammar { plain: true, ..EXACT };
        let read = |filter: &str| parse(filter, PROPERTIES, plain);
        assert!(read("status eq 'Active' and lastUpdateTime ge 2026-09-01T00:00:00Z").is_ok());
        for filter in [
            "status eq 'Active' or status eq 'Resolved'",
            "(status eq 'Active')",
            "not status eq 'Active'",
            "status ne 'Active'",
            "lastUpdateTime lt 2026-09-01T00:00:00Z",
            "assignedTo eq null",
        ] {
            assert!(read(filter).is_err(), "{filter}");
        }
    }
}
