//! Tables for people.

use comfy_table::{ColumnConstraint, ContentArrangement, TableStyle, Width};

use super::steering::printable;

/// Narrower columns than this can be read by nobody.
const NARROWEST: usize = 10;

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

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, wrapped to `width` columns when there is a terminal. What has too many columns for that is
    /// shown one row below the other, as names and values.
    pub(crate) fn render(&self, width: Option<u16>, color: bool) -> String {
        let columns = self.header.len();
        match width {
            Some(width) if columns * NARROWEST > usize::from(width) => {
                let rows = self.rows.iter().map(|row| {
                    let pairs = self.header.iter().map(String::as_str).zip(row.iter().cloned()).collect();
                    Self::of_pairs(pairs).render_columns(Some(width), color)
                });
                rows.collect::<Vec<_>>().join("\n\n")
            }
            _ => self.render_columns(width, color),
        }
    }

    /// Whether all columns but the last can keep their content on one line and leave the last one room.
    fn leaves_room(&self, width: u16) -> bool {
        let widest = |index: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).chain(self.header.get(index));
            cells.map(|cell| cell.chars().count() + 2).max().unwrap_or(0)
        };
        let others: usize = (0..self.header.len().saturating_sub(1)).map(widest).sum();
        others + 20 <= usize::from(width)
    }

    fn render_columns(&self, width: Option<u16>, color: bool) -> String {
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
        let whole = width.is_none_or(|width| self.leaves_room(width));
        for index in 0..table.column_count() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, 2));
                // Ids, times and words stay whole; the last column holds the text that may wrap.
                if !whole {
                    continue;
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        let mut table = Table::new(&["id", "name"]);
        table.row(&["1".into(), "\u{1b}[2Jevil\r\n\u{202E}li\u{200B}ve".into()]);
        let text = table.render(None, false);
        assert_eq!(text, "ID  NAME\n1   [2Jevil  live");
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        for columns in [2, 5, 8, 12, 40] {
            let names: Vec<String> = (0..columns).map(|index| format!("SomeColumn{index}")).collect();
            let mut table = Table::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
            for _ in 0..2 {
                table.row(&vec!["a-value-without-any-blank-of-forty-chars".to_owned(); columns]);
            }
            let text = table.render(Some(80), false);
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{columns}: {text}");
            let letters: String = text.split_whitespace().collect();
            assert!(columns > 8 || letters.contains("a-value"), "{text}");
        }
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
