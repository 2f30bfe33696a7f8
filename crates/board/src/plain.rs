//! Texts of others on a terminal: names and command lines come from attackers too.

/// Characters that reorder the text around them or are not seen at all (Unicode Bidirectional Algorithm, section 2).
const fn is_unseen(c: char) -> bool {
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

/// A text of one line that steers nothing: control characters become blanks, unseen ones are dropped.
pub(crate) fn plain(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_control() { ' ' } else { c });
    shown.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_steers_and_letters_stay() {
        assert_eq!(plain("a\u{1b}[31mb\u{202E}c\r\nd\u{9b}e\u{200B}"), "a [31mbc  d e");
        assert_eq!(plain(" naïve ✓ אבג "), "naïve ✓ אבג");
    }
}
