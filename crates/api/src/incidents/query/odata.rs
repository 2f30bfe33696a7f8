//! Terms of `$filter` (OData 4.01 part 2, 5.1.1), only in forms that were seen to work on the services.

use defender_xdr_core::Timestamp;

/// The services keep ticks of 100 ns.
const TICK: i32 = 100;

/// OData text: quotes are doubled (OData 4.01 ABNF, `SQUOTE-in-string`).
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `property` equal to one of some words.
pub(crate) fn any_of(property: &str, words: impl Iterator<Item = String>) -> Option<String> {
    one_of_terms(words.map(|word| format!("{property} eq {}", quoted(&word))).collect())
}

/// Any of the terms, as a term of its own.
pub(super) fn one_of_terms(mut terms: Vec<String>) -> Option<String> {
    match terms.len() {
        0 | 1 => terms.pop(),
        _ => Some(format!("({})", terms.join(" or "))),
    }
}

/// A time for comparing with `ge` or `lt`. Times of the service lie on ticks, so the next tick after a time between two
/// of them gives the same answers.
pub(super) fn moment(at: Timestamp) -> String {
    let between = at.subsec_nanosecond().rem_euclid(TICK);
    let up = if between == 0 { 0 } else { TICK - between };
    let at = at.checked_add(jiff::SignedDuration::from_nanos(up.into())).unwrap_or(at);
    if at.subsec_nanosecond() == 0 { format!("{at:.0}") } else { format!("{at:.7}") }
}

/// The second a time lies in: nothing after it is missed by `ge`.
pub(super) fn whole_second(at: Timestamp) -> String {
    // Before 1970 the rounding goes the other way; a second earlier is as good.
    let earlier = at.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(at);
    let at = if at.subsec_nanosecond() < 0 { earlier } else { at };
    format!("{at:.0}")
}

/// A person's own filter beside other terms. Parentheses are kept away from filters that do not need them: the legacy API
/// does not document any.
pub(crate) fn grouped(filter: &str) -> String {
    let joins_alternatives =
        filter.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("or"));
    if joins_alternatives { format!("({filter})") } else { filter.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_time_between_two_ticks_becomes_the_later_one() {
        assert_eq!(moment(at("2026-09-01T00:00:00Z")), "2026-09-01T00:00:00Z");
        assert_eq!(moment(at("2026-09-01T00:00:00.1234567Z")), "2026-09-01T00:00:00.1234567Z");
        assert_eq!(moment(at("2026-09-01T00:00:00.123456701Z")), "2026-09-01T00:00:00.1234568Z");
        assert_eq!(moment(at("2026-09-01T00:00:00.999999999Z")), "2026-09-01T00:00:01Z");
    }

    #[test]
    fn a_second_is_never_later_than_the_time_in_it() {
        assert_eq!(whole_second(at("2026-09-01T00:00:00.9Z")), "2026-09-01T00:00:00Z");
        assert!(at(&whole_second(at("1969-12-31T23:59:58.5Z"))) <= at("1969-12-31T23:59:58.5Z"));
    }

    #[test]
    fn only_alternatives_are_put_in_parentheses() {
        assert_eq!(grouped("a eq 1 OR b eq 2"), "(a eq 1 OR b eq 2)");
        assert_eq!(grouped("a eq 'for'"), "a eq 'for'");
    }
}
