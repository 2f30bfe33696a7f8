//! Tables for people.

use super::layout::{GAP, cut, fit, width, wrap};
use super::moment;
use super::steering::printable;

/// Narrower columns than this can be read by nobody.
const NARROWEST: usize = 10;

/// A table: a header and rows of text.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Whether a text too long for its column goes on in the next line; else it is cut.
    wraps: bool,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self::with_header(header.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(super) fn with_header(header: Vec<String>) -> Self {
        Self { header, rows: Vec::new(), wraps: false }
    }

    /// Names and values, one pair a line.
    pub(crate) fn of_pairs(pairs: Vec<(&str, String)>) -> Self {
        let rows = pairs.into_iter().map(|(name, value)| vec![name.to_owned(), printable(&value)]).collect();
        Self { header: Vec::new(), rows, wraps: true }
    }

    /// No text is cut: for tables that explain.
    pub(crate) fn wrapping(self) -> Self {
        Self { wraps: true, ..self }
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

    /// The table as text, within `width` columns when there is a terminal. What has too many columns for that is shown one
    /// row below the other, as names and values.
    pub(crate) fn render(&self, width: Option<u16>, color: bool) -> String {
        let total = width.map(usize::from);
        if self.header.is_empty() {
            return pairs(&self.rows, total, color, true);
        }
        match total {
            Some(total) if self.header.len() * NARROWEST > total => {
                let records = self.rows.iter().map(|row| {
                    let named = self.header.iter().zip(row);
                    let rows: Vec<_> =
                        named.map(|(name, value)| vec![printable(name), value.clone()]).collect();
                    pairs(&rows, Some(total), color, false)
                });
                records.collect::<Vec<_>>().join("\n\n")
            }
            _ => self.columns(total, color),
        }
    }

    fn columns(&self, total: Option<usize>, color: bool) -> String {
        let names: Vec<_> = self.header.iter().map(|name| printable(name).to_uppercase()).collect();
        let widths = widths(std::iter::once(&names).chain(&self.rows), names.len(), total);
        let mut text = String::new();
        let paint =
            |_: usize, line: &str| if color { format!("\u{1b}[1m{line}\u{1b}[0m") } else { line.to_owned() };
        print_row(&names, &widths, false, paint, &mut text);
        for row in &self.rows {
            let paint = |column: usize, cell: &str| match self.header.get(column) {
                Some(name) if color && is_severity(name) => in_color_of(row.get(column), cell),
                _ => cell.to_owned(),
            };
            text.push('\n');
            print_row(row, &widths, self.wraps, paint, &mut text);
        }
        text
    }
}

fn widths<'r>(
    rows: impl Iterator<Item = &'r Vec<String>>,
    columns: usize,
    total: Option<usize>,
) -> Vec<usize> {
    let mut natural = vec![0; columns];
    for row in rows {
        for (widest, cell) in natural.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    match total {
        Some(total) => fit(&natural, total),
        None => natural,
    }
}

/// Names and values; those that begin with a time show it in the zone of the reader if `times`.
fn pairs(rows: &[Vec<String>], total: Option<usize>, color: bool, times: bool) -> String {
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|row| match row.as_slice() {
            [name, value] if times => {
                vec![name.clone(), moment::to_the_second(value).unwrap_or_else(|| value.clone())]
            }
            cells => cells.to_vec(),
        })
        .collect();
    let widths = widths(shown.iter(), 2, total);
    let mut lines = Vec::new();
    for row in &shown {
        let severity = row.first().is_some_and(|name| is_severity(name));
        let paint = |column: usize, cell: &str| {
            if color && severity && column == 1 { in_color_of(row.get(1), cell) } else { cell.to_owned() }
        };
        let mut text = String::new();
        print_row(row, &widths, true, paint, &mut text);
        lines.push(text);
    }
    lines.join("\n")
}

/// A row, over several lines where cells wrap.
fn print_row(
    cells: &[String],
    widths: &[usize],
    wraps: bool,
    paint: impl Fn(usize, &str) -> String,
    text: &mut String,
) {
    let parts: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, columns)| if wraps { wrap(cell, *columns) } else { vec![cut(cell, *columns)] })
        .collect();
    let height = parts.iter().map(Vec::len).max().unwrap_or_default();
    for index in 0..height {
        if index > 0 {
            text.push('\n');
        }
        let mut line = String::new();
        let mut blanks = 0;
        for (column, (lines, columns)) in parts.iter().zip(widths).enumerate() {
            let part = lines.get(index).map_or("", |part| part.trim_end());
            if !part.is_empty() {
                line.extend(std::iter::repeat_n(' ', blanks));
                line.push_str(&paint(column, part));
                blanks = 0;
            }
            blanks += columns.saturating_sub(width(part)) + GAP;
        }
        text.push_str(&line);
    }
}

fn is_severity(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("severity"))
}

/// A text in the colour of the severity that a cell names.
fn in_color_of(severity: Option<&String>, text: &str) -> String {
    let code = match severity.map(|word| word.to_ascii_lowercase()).as_deref() {
        Some("high") => "31",
        Some("medium") => "33",
        Some("low") => "36",
        _ => return text.to_owned(),
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
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
        for (columns, wraps) in
            [(2, false), (2, true), (5, false), (5, true), (8, false), (12, false), (40, true)]
        {
            let names: Vec<String> = (0..columns).map(|index| format!("SomeColumn{index}")).collect();
            let mut table = Table::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
            table.wraps = wraps;
            for cell in
                ["a-value-without-any-blank-of-forty-chars", "機密文書の機密文書の機密文書の機密文書の"]
            {
                table.row(&vec![cell.to_owned(); columns]);
            }
            let text = table.render(Some(80), false);
            assert!(text.lines().all(|line| width(line) <= 80), "{columns}: {text}");
            let letters: String = text.split_whitespace().collect();
            assert!(columns > 8 || letters.contains("a-value"), "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_with_a_mark_or_wraps_where_it_explains() {
        let row = ["0123456789".into(), "many words that do not fit into one line of this width".into()];
        let mut table = Table::new(&["id", "name"]);
        table.row(&row);
        assert_eq!(
            table.render(Some(40), false),
            "ID          NAME\n0123456789  many words that do not fit…"
        );
        let text = table.wrapping().render(Some(40), false);
        assert!(
            text.ends_with("0123456789  many words that do not fit\n            into one line of this width"),
            "{text}"
        );
    }

    #[test]
    fn severities_have_colours_and_nothing_else_has() {
        let mut table = Table::new(&["severity", "name"]);
        table.row(&["high".into(), "high".into()]);
        table.row(&["informational".into(), "x".into()]);
        let expected = "\u{1b}[1mSEVERITY\u{1b}[0m       \u{1b}[1mNAME\u{1b}[0m\n\u{1b}[31mhigh\u{1b}[0m           high\ninformational  x";
        assert_eq!(table.render(Some(80), true), expected);
        assert!(!table.render(Some(80), false).contains('\u{1b}'));
    }
}
