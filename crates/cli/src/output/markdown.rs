//! Rows of a Markdown table (GitHub Flavored Markdown, section 4.10), which nothing within a cell can leave, nor make a
//! link, a picture or HTML of.

use super::steering::without_steering;

/// A row, with its line break.
pub(super) fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        escape(cell.as_ref(), &mut line);
        line.push_str(" |");
    }
    line.push('\n');
    line
}

/// The line below a header.
pub(super) fn rule(columns: usize) -> String {
    format!("|{}\n", " --- |".repeat(columns))
}

fn escape(cell: &str, line: &mut String) {
    let lines: Vec<_> = cell.trim().split(['\n', '\r']).filter(|part| !part.trim().is_empty()).collect();
    for (index, part) in lines.into_iter().enumerate() {
        if index > 0 {
            line.push_str("<br>");
        }
        let text = without_steering(part);
        let mut before = ' ';
        let mut characters = text.trim().chars().peekable();
        while let Some(character) = characters.next() {
            // Within a word, an underscore means nothing.
            let within =
                before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
            match character {
                '<' => line.push_str("&lt;"),
                '&' => line.push_str("&amp;"),
                '_' if within => line.push('_'),
                '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => line.extend(['\\', character]),
                _ => line.push(character),
            }
            before = character;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_leaves_its_column_or_makes_markup() {
        let cells =
            ["a|b\\", "x\r\n\ny", "![p](http://h)<img>`c`", "snake_case _em_ **b**", "\u{1b}\u{202E}t"];
        assert_eq!(
            row(cells),
            "| a\\|b\\\\ | x<br>y | !\\[p\\](http://h)&lt;img>\\`c\\` | snake_case \\_em\\_ \\*\\*b\\*\\* | t |\n"
        );
        assert_eq!(rule(2), "| --- | --- |\n");
    }
}
