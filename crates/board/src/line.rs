//! A text that is being typed.

/// A text with a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// In characters.
    cursor: usize,
}

impl Line {
    /// A text with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.chars().count() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor is: the text before it, and the text from it on.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.place(self.cursor))
    }

    pub(crate) fn insert(&mut self, c: char) {
        let place = self.place(self.cursor);
        self.text.insert(place, c);
        self.cursor += 1;
    }

    pub(crate) fn backspace(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.delete();
        }
    }

    pub(crate) fn delete(&mut self) {
        let place = self.place(self.cursor);
        if place < self.text.len() {
            self.text.remove(place);
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves by so many characters.
    pub(crate) fn go(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.text.chars().count());
    }

    pub(crate) fn home(&mut self) {
        self.cursor = 0;
    }

    pub(crate) fn end(&mut self) {
        self.cursor = self.text.chars().count();
    }

    fn place(&self, cursor: usize) -> usize {
        self.text.char_indices().nth(cursor).map_or(self.text.len(), |(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn letters_of_any_length_are_typed_and_taken_back() {
        let mut line = Line::new("aé");
        line.insert('✓');
        line.go(-2);
        line.insert('x');
        assert_eq!((line.text(), line.halves()), ("axé✓", ("ax", "é✓")));
        line.delete();
        line.backspace();
        line.backspace();
        line.backspace();
        assert_eq!(line.text(), "✓");
        line.go(99);
        line.home();
        line.go(-1);
        line.end();
        line.delete();
        assert_eq!(line.halves(), ("✓", ""));
    }
}
