//! Characters that steer a terminal or hide in a text. Names and texts come from attackers too.

/// Characters that reorder the text around them (Unicode Bidirectional Algorithm, section 2) or are not seen at all.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// A text that may be shown to a person: control characters become blanks, unseen ones are dropped.
pub(crate) fn without_steering(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The same for a cell of a table.
pub(crate) fn printable(text: &str) -> String {
    without_steering(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reorders_or_hides_is_dropped_and_letters_stay() {
        let text = "a\u{202E}b\u{200B}c\u{2066}d\u{2069}e\u{FEFF}f\u{E0041}g\u{AD}h";
        assert_eq!(without_steering(text), "abcdefgh");
        assert_eq!(without_steering("naïve ✓ אבג"), "naïve ✓ אבג");
        assert_eq!(printable("\u{1b}[31m\n"), "[31m");
    }
}
