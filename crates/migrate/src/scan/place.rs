//! Lines and columns of places in a text.

/// Counts on from the last place: places are asked for in rising order.
#[derive(Debug)]
pub(super) struct Places<'t> {
    text: &'t str,
    line: usize,
    line_start: usize,
    /// The last place and its column, so that one endless line is walked once.
    last: (usize, usize),
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, line: 1, line_start: 0, last: (0, 1) }
    }

    /// The line and the column, in characters, both from 1.
    pub(super) fn of(&mut self, at: usize) -> (usize, usize) {
        let between = self.text.as_bytes().get(self.line_start.max(self.last.0)..at).unwrap_or_default();
        let from = at - between.len();
        for newline in memchr::memchr_iter(b'\n', between) {
            self.line += 1;
            self.line_start = from + newline + 1;
        }
        let (start, column) = if self.last.0 >= self.line_start { self.last } else { (self.line_start, 1) };
        let column = column + self.text.get(start..at).unwrap_or_default().chars().count();
        self.last = (at, column);
        (self.line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_anyhow() {
        let text = "a\r\nüb c\n\nd";
        let mut places = Places::new(text);
        assert_eq!(places.of(0), (1, 1));
        assert_eq!(places.of(text.find('b').expect("b")), (2, 2));
        assert_eq!(places.of(text.find('c').expect("c")), (2, 4));
        assert_eq!(places.of(text.find('d').expect("d")), (4, 1));
    }
}
