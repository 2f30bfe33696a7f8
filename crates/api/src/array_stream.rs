//! Finds the elements of one array in a JSON object that arrives in pieces, in memory that does not grow with it.
//!
//! Only boundaries are looked for: strings, escapes, depth. Whether an element is valid JSON is for its reader to say.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// An element of the wanted array.
    Element(Range<usize>),
    /// The value of another member of the object.
    Member(String, Range<usize>),
    /// Nothing before more bytes come.
    More,
    /// The object is complete.
    End,
}

/// The bytes are no JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoObject;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the object.
    Outside,
    /// Before a member's name, or the end of the object.
    BeforeName {
        first: bool,
    },
    Name,
    BeforeColon,
    BeforeValue,
    Value,
    AfterValue,
    /// In the wanted array, before an element or the end.
    BeforeElement {
        first: bool,
    },
    Element,
    AfterElement,
    Over,
}

/// A JSON object of which one member is an array that is given out element by element. Its other members are held
/// whole, so they should be small.
#[derive(Debug)]
pub(crate) struct ArrayStream {
    wanted: &'static [&'static str],
    buffer: Vec<u8>,
    /// How far the buffer has been looked at.
    at: usize,
    /// Where the name, member or element begins that is being looked at.
    begin: usize,
    state: State,
    name: String,
    depth: usize,
    in_string: bool,
    found: bool,
    dropped: usize,
}

impl ArrayStream {
    /// Looks for the elements of the top-level array that has one of these names.
    pub(crate) fn new(wanted: &'static [&'static str]) -> Self {
        Self {
            wanted,
            buffer: Vec::new(),
            at: 0,
            begin: 0,
            state: State::Outside,
            name: String::new(),
            depth: 0,
            in_string: false,
            found: false,
            dropped: 0,
        }
    }

    /// Where to append the bytes that come next. What was given out before is gone.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        let kept = match self.state {
            State::Name | State::Value | State::Element => self.begin,
            _ => self.at,
        };
        self.buffer.drain(..kept);
        self.dropped += kept;
        self.at -= kept;
        self.begin = 0;
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
        (self.state == State::Outside).then_some(&self.buffer)
    }

    /// Whether the wanted array was there.
    pub(crate) fn found(&self) -> bool {
        self.found
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Result<Part, NoObject> {
        loop {
            if !matches!(self.state, State::Name | State::Value | State::Element) {
                self.skip_blanks();
            }
            if self.state == State::Over {
                return Ok(Part::End);
            }
            let Some(byte) = self.buffer.get(self.at).copied() else { return Ok(Part::More) };
            match (self.state, byte) {
                (State::Outside, b'{') => self.step(State::BeforeName { first: true }),
                (State::BeforeName { .. }, b'"') => self.enter(State::Name),
                (State::BeforeName { first: true } | State::AfterValue, b'}') => self.step(State::Over),
                (State::AfterValue, b',') => self.step(State::BeforeName { first: false }),
                (State::BeforeColon, b':') => self.step(State::BeforeValue),
                (State::BeforeValue, b'[') if self.wanted.contains(&self.name.as_str()) => {
                    self.found = true;
                    self.step(State::BeforeElement { first: true });
                }
                (State::BeforeValue, first) if starts_value(first) => self.enter(State::Value),
                (State::BeforeElement { first: true } | State::AfterElement, b']') => {
                    self.step(State::AfterValue);
                }
                (State::BeforeElement { .. }, first) if starts_value(first) => self.enter(State::Element),
                (State::AfterElement, b',') => self.step(State::BeforeElement { first: false }),
                (State::Name | State::Value | State::Element, _) => {
                    if !self.pass_value() {
                        return Ok(Part::More);
                    }
                    let range = self.begin..self.at;
                    match self.state {
                        State::Name => {
                            let name: Result<Cow<'_, str>, _> = serde_json::from_slice(self.bytes(range));
                            self.name = name.map_err(|_| NoObject)?.into_owned();
                            self.state = State::BeforeColon;
                        }
                        State::Element => {
                            self.state = State::AfterElement;
                            return Ok(Part::Element(range));
                        }
                        _ => {
                            self.state = State::AfterValue;
                            return Ok(Part::Member(std::mem::take(&mut self.name), range));
                        }
                    }
                }
                _ => return Err(NoObject),
            }
        }
    }

    fn step(&mut self, next: State) {
        self.at += 1;
        self.state = next;
    }

    fn enter(&mut self, next: State) {
        self.begin = self.at;
        self.depth = 0;
        self.in_string = false;
        self.state = next;
    }

    fn skip_blanks(&mut self) {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !is_blank(*byte)).unwrap_or(rest.len());
    }

    /// Goes to the end of the value that was entered; `false` when it is not there yet.
    fn pass_value(&mut self) -> bool {
        let (mut at, mut depth) = (self.at, self.depth);
        let complete = loop {
            if self.in_string {
                let rest = self.buffer.get(at..).unwrap_or_default();
                match memchr2(b'"', b'\\', rest) {
                    None => {
                        at = self.buffer.len();
                        break false;
                    }
                    Some(length) if rest[length] == b'"' => {
                        at += length + 1;
                        self.in_string = false;
                        if depth == 0 {
                            break true;
                        }
                    }
                    // An escape whose second half has not come is looked at again.
                    Some(length) if length + 1 == rest.len() => {
                        at += length;
                        break false;
                    }
                    Some(length) => at += length + 2,
                }
                continue;
            }
            let Some(byte) = self.buffer.get(at) else { break false };
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => {
                    // The bracket around a number is not the number's.
                    at += depth;
                    break true;
                }
                b'}' | b']' => depth -= 1,
                b',' if depth == 0 => break true,
                blank if depth == 0 && is_blank(*blank) => break true,
                _ => {}
            }
            at += 1;
        };
        (self.at, self.depth) = (at, depth);
        complete
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn starts_value(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

#[cfg(test)]
mod tests;
