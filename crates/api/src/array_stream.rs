//! Finds the elements of one array in a JSON object that arrives in pieces, in memory that does not grow with it.
//!
//! Only boundaries are looked for: strings, escapes, depth. Whether an element is valid JSON is for its reader to say.

mod blocks;
mod scanner;

use std::ops::Range;

pub(crate) use self::scanner::{NoObject, Part, Scanner};

/// A JSON object of which one member is an array that is given out element by element. Its other members are held
/// whole, so they should be small.
#[derive(Debug)]
pub(crate) struct ArrayStream {
    scanner: Scanner,
    buffer: Vec<u8>,
    dropped: usize,
}

impl ArrayStream {
    /// Looks for the elements of the top-level array that has one of these names.
    pub(crate) fn new(wanted: &'static [&'static str]) -> Self {
        Self { scanner: Scanner::new(wanted), buffer: Vec::new(), dropped: 0 }
    }

    /// Where to append the bytes that come next. What was given out before is gone.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        let passed = self.scanner.drop_passed();
        self.buffer.drain(..passed);
        self.dropped += passed;
        &mut self.buffer
    }

    /// The bytes of a part that was just found.
    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    /// How many bytes came.
    pub(crate) fn received(&self) -> usize {
        self.dropped + self.buffer.len()
    }

    /// Whether nothing but blanks came yet: only then the buffer shows how the answer begins.
    pub(crate) fn beginning(&self) -> Option<&[u8]> {
        self.scanner.is_outside().then_some(&self.buffer)
    }

    /// Whether the wanted array was there.
    pub(crate) fn found(&self) -> bool {
        self.scanner.found()
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Result<Part, NoObject> {
        self.scanner.next(&self.buffer)
    }
}

#[cfg(test)]
mod tests;
