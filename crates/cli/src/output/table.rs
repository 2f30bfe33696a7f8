//! Tables for people.

use comfy_table::{ColumnConstraint, ContentArrangement, TableStyle, Width};

/// A table: a header and rows of text.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// Names and values, one pair a line.
    pub(crate) fn of_pairs(pairs: Vec<(&str, String)>) -> Self {
        let rows = pairs.into_iter().map(|(name, value)| vec![name.to_owned(), printable(&value)]).collect();
        Self { header: Vec::new(), rows }
    }

    pub(crate) fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.iter().map(|cell| printable(cell)).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, wrapped to `width` columns when there is a terminal.
    pub(crate) fn render(&self, width: Option<u16>, color: bool) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new());
        if !self.header.is_empty() {
            table.set_header(self.header.iter().map(|name| printable(name).to_uppercase()));
        }
        table.add_rows(self.rows.iter());
        match width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        for index in 0..table.column_count() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, 2));
                // Ids, times and words stay whole; the last column holds the text that may wrap.
                if index + 1 < self.header.len() {
                    column.set_constraint(ColumnConstraint::ContentWidth);
                } else if !self.header.is_empty() {
                    column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(20)));
                }
            }
        }
        let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        if color
            && !self.header.is_empty()
            && let Some(header) = lines.first_mut()
        {
            *header = format!("\u{1b}[1m{header}\u{1b}[0m");
        }
        lines.join("\n")
    }
}

/// Names and texts come from attackers too: nothing of them may steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || is_bidirectional_control(c) { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Characters that reorder the text around them (Unicode Bidirectional Algorithm, section 2).
pub(super) fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        let mut table = Table::new(&["id", "name"]);
        table.row(&["1".into(), "\u{1b}[2Jevil\r\n\u{202E}live".into()]);
        let text = table.render(None, false);
        assert_eq!(text, "ID  NAME\n1   [2Jevil   live");
    }

    #[test]
    fn long_text_wraps_in_the_last_column_only() {
        let mut table = Table::new(&["id", "name"]);
        table.row(&["0123456789".into(), "many words that do not fit into one line of this width".into()]);
        let text = table.render(Some(40), false);
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= 40), "{text}");
        assert!(text.contains("0123456789"));
    }
}
