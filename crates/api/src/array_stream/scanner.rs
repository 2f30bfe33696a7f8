//! The state machine behind: where a member or an element begins and ends, in bytes that somebody else holds.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::{BLOCK, Inside};

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

/// How far an object has been looked at, of which one member is an array that is given out element by element.
#[derive(Debug)]
pub(crate) struct Scanner {
    wanted: &'static [&'static str],
    /// How far the bytes have been looked at.
    at: usize,
    /// Where the name, member or element begins that is being looked at.
    begin: usize,
    state: State,
    name: String,
    inside: Inside,
    found: bool,
}

impl Scanner {
    /// Looks for the elements of the top-level array that has one of these names.
    pub(crate) fn new(wanted: &'static [&'static str]) -> Self {
        Self {
            wanted,
            at: 0,
            begin: 0,
            state: State::Outside,
            name: String::new(),
            inside: Inside::default(),
            found: false,
        }
    }

    /// From where on the bytes are still needed; they are dropped, and places count from there.
    pub(super) fn drop_passed(&mut self) -> usize {
        let passed = match self.state {
            State::Name | State::Value | State::Element => self.begin,
            _ => self.at,
        };
        self.at -= passed;
        self.begin = 0;
        passed
    }

    /// Whether nothing but blanks came yet.
    pub(super) fn is_outside(&self) -> bool {
        self.state == State::Outside
    }

    /// Whether the wanted array was there.
    pub(crate) fn found(&self) -> bool {
        self.found
    }

    /// How far the bytes have been looked at.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next part.
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Result<Part, NoObject> {
        loop {
            if !matches!(self.state, State::Name | State::Value | State::Element) {
                self.skip_blanks(bytes);
            }
            if self.state == State::Over {
                return Ok(Part::End);
            }
            let Some(byte) = bytes.get(self.at).copied() else { return Ok(Part::More) };
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
                    if !self.pass_value(bytes) {
                        return Ok(Part::More);
                    }
                    let range = self.begin..self.at;
                    match self.state {
                        State::Name => {
                            let name: Result<Cow<'_, str>, _> =
                                serde_json::from_slice(bytes.get(range).unwrap_or_default());
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
        self.inside = Inside::default();
        self.state = next;
    }

    fn skip_blanks(&mut self, bytes: &[u8]) {
        let rest = bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !is_blank(*byte)).unwrap_or(rest.len());
    }

    /// Goes to the end of the value that was entered; `false` when it is not there yet.
    fn pass_value(&mut self, bytes: &[u8]) -> bool {
        let mut inside = self.inside;
        let mut at = self.at;
        let complete = 'value: loop {
            at += inside.pass_plain_blocks(bytes.get(at..).unwrap_or_default());
            // What a block could not tell is looked at byte by byte.
            let end = bytes.len().min(at + BLOCK);
            while at < end {
                match (inside.string, bytes[at]) {
                    (true, b'"') => {
                        inside.string = false;
                        if inside.depth == 0 {
                            at += 1;
                            break 'value true;
                        }
                    }
                    // An escape whose second half has not come is looked at again.
                    (true, b'\\') if at + 1 == bytes.len() => break 'value false,
                    (true, b'\\') => at += 1,
                    (false, b'"') => inside.string = true,
                    (false, b'{' | b'[') => inside.depth += 1,
                    (false, b'}' | b']') if inside.depth <= 1 => {
                        // The bracket around a number is not the number's.
                        at += inside.depth;
                        break 'value true;
                    }
                    (false, b'}' | b']') => inside.depth -= 1,
                    (false, b',') if inside.depth == 0 => break 'value true,
                    (false, blank) if inside.depth == 0 && is_blank(blank) => break 'value true,
                    _ => {}
                }
                at += 1;
            }
            if at >= bytes.len() {
                break false;
            }
        };
        (self.at, self.inside) = (at, inside);
        complete
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn starts_value(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}
