//! Text in columns of a terminal: how wide it is, cut with a mark, or wrapped. Wide characters take two columns, combining
//! ones none.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Blanks between columns.
pub(super) const GAP: usize = 2;
/// What the text of the last column is given, if it needs it.
const ROOM_FOR_TEXT: usize = 20;
/// Stands where text was cut.
const MARK: char = '…';

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in so many columns, the last of them a mark if there was more.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (head, _) = split(text, columns.saturating_sub(1));
    format!("{}{MARK}", head.trim_end())
}

/// The text in lines of so many columns, broken between words where that can be.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        while width(rest) > columns.saturating_sub(width(&line)) {
            let (head, tail) = split(rest, columns.saturating_sub(width(&line)));
            if head.is_empty() && line.is_empty() {
                // One character wider than the column is shown all the same.
                break;
            }
            line.push_str(head);
            lines.push(std::mem::take(&mut line));
            rest = tail;
        }
        line.push_str(rest);
    }
    lines.push(line);
    lines
}

/// The longest beginning that fits, and what follows it. What belongs to one character stays together.
fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut taken = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        taken += width(cluster);
        if taken > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// How wide columns become that would be as wide as `natural`, within `total`. Text stands in the last one, which gives
/// first; then the widest give, but for ids in the first.
pub(super) fn fit(natural: &[usize], total: usize) -> Vec<usize> {
    let available = total.saturating_sub(GAP * natural.len().saturating_sub(1));
    let mut widths = natural.to_vec();
    let Some((last, others)) = natural.split_last() else { return widths };
    if natural.iter().sum::<usize>() <= available {
        return widths;
    }
    let sum: usize = others.iter().sum();
    if sum + ROOM_FOR_TEXT.min(*last) <= available {
        if let Some(width) = widths.last_mut() {
            *width = available - sum;
        }
        return widths;
    }
    let kept = usize::from(natural.len() > 1 && natural[0] <= available / 3);
    let (first, rest) = widths.split_at_mut(kept);
    let available = available.saturating_sub(first.iter().sum());
    let needed = |cap: usize| rest.iter().map(|width| cap.min(*width)).sum::<usize>();
    let cap = (1..=available.max(1)).rev().find(|cap| needed(*cap) <= available).unwrap_or(1);
    let spare = available.saturating_sub(needed(cap));
    for width in rest.iter_mut() {
        *width = cap.min(*width);
    }
    if let Some(width) = rest.last_mut() {
        *width = (*width + spare).min(*last);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combining_characters_are_measured_as_terminals_show_them() {
        assert_eq!(width("機密e\u{301}"), 5);
        assert_eq!(cut("機密文書", 5), "機密…");
        assert_eq!(cut("機密文書", 6), "機密…");
        assert_eq!(cut("機密文書", 8), "機密文書");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}e\u{301}", 3), "e\u{301}e\u{301}…");
        assert_eq!(cut("a b c", 3), "a…");
        assert_eq!(cut("abc", 1), "…");
    }

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a abcdefgh b", 4), ["a", "abcd", "efgh", "b"]);
        assert_eq!(wrap("機密文書", 5), ["機密", "文書"]);
        assert_eq!(wrap("機", 1), ["機"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn the_last_column_gives_first_then_the_widest() {
        assert_eq!(fit(&[5, 8, 60], 60), [5, 8, 43]);
        assert_eq!(fit(&[5, 8, 10], 60), [5, 8, 10]);
        let widths = fit(&[5, 40, 60], 50);
        assert!(widths[0] == 5 && widths.iter().sum::<usize>() <= 46, "{widths:?}");
        let widths = fit(&[60, 60, 60], 40);
        assert!(widths.iter().sum::<usize>() <= 36, "{widths:?}");
    }
}
