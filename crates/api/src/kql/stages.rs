//! The last statement of a query and its stages: what stands between the pipes outside strings, comments and brackets.

use std::ops::Range;

use super::pieces::{Piece, pieces};

/// What stands between two pipes.
#[derive(Debug)]
pub(super) struct Stage {
    /// All of it, blanks included.
    pub(super) range: Range<usize>,
    /// Nothing but blanks and comments.
    pub(super) is_empty: bool,
    pub(super) comments: Vec<Range<usize>>,
    /// The first word, and whether a blank, a comment or the end follows it.
    word: Range<usize>,
    word_stands_alone: bool,
}

/// What stands between two semicolons.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) stages: Vec<Stage>,
}

impl Stage {
    fn new(begin: usize) -> Self {
        Self {
            range: begin..begin,
            is_empty: true,
            comments: Vec::new(),
            word: begin..begin,
            word_stands_alone: true,
        }
    }

    fn push(&mut self, piece: Piece, range: Range<usize>, is_word: bool) {
        match piece {
            Piece::Blank => {}
            Piece::Comment => self.comments.push(range.clone()),
            Piece::Text | Piece::OpenText | Piece::Code => {
                if self.is_empty && is_word {
                    self.word = range.clone();
                } else if !self.word.is_empty() && range.start == self.word.end {
                    if is_word {
                        self.word.end = range.end;
                    } else {
                        self.word_stands_alone = false;
                    }
                }
                self.is_empty = false;
            }
        }
        self.range.end = range.end;
    }

    /// Whether its first word is one of these, in any case.
    pub(super) fn begins_with(&self, query: &str, words: &[&str]) -> bool {
        let word = &query[self.word.clone()];
        self.word_stands_alone && words.iter().any(|wanted| word.eq_ignore_ascii_case(wanted))
    }
}

/// The last statement that is not empty; `None` for a query of blanks and comments, and where a string or bracket is never
/// closed: what follows it may be meant as anything, and the service refuses it.
pub(super) fn last_statement(query: &str) -> Option<Statement> {
    let mut found = None;
    let mut statement = Statement { begin: 0, end: 0, stages: Vec::new() };
    let mut stage = Stage::new(0);
    let mut depth = 0_usize;
    let bytes = query.as_bytes();
    for (piece, range) in pieces(query) {
        if piece == Piece::OpenText {
            return None;
        }
        let byte = if piece == Piece::Code { bytes[range.start] } else { b' ' };
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 && !has_twin(bytes, range.start) => {
                statement.stages.push(std::mem::replace(&mut stage, Stage::new(range.end)));
                continue;
            }
            b';' if depth == 0 => {
                statement.stages.push(std::mem::replace(&mut stage, Stage::new(range.end)));
                statement.end = range.start;
                let next = Statement { begin: range.end, end: range.end, stages: Vec::new() };
                let ended = std::mem::replace(&mut statement, next);
                if !ended.is_empty() {
                    found = Some(ended);
                }
                continue;
            }
            _ => {}
        }
        let is_word = byte == b'_' || byte.is_ascii_alphanumeric();
        stage.push(piece, range, is_word && piece == Piece::Code);
    }
    if depth > 0 {
        return None;
    }
    statement.stages.push(stage);
    statement.end = query.len();
    if statement.is_empty() { found } else { Some(statement) }
}

/// `||` is no pipe.
fn has_twin(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1) == Some(&b'|') || (at > 0 && bytes[at - 1] == b'|')
}

impl Statement {
    fn is_empty(&self) -> bool {
        self.stages.iter().all(|stage| stage.is_empty)
    }
}
