//! A hunting answer while it arrives, in either API's spelling: columns first, then rows one at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use defender_xdr_core::http::{Answer, Arriving};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::cells::Cells;
use super::schema::{Column, Schema};
use crate::array_stream::{ArrayStream, Part};
use crate::envelope::other_shape;
use crate::error::{ApiError, ApiErrorKind};
use crate::permissions::Operation;

/// An answer being read. Memory does not grow with it, unless rows come before the columns that explain them.
#[derive(Debug)]
pub struct HuntStream {
    arriving: Box<Arriving>,
    parts: ArrayStream,
    schema: Option<Arc<Schema>>,
    /// Rows that came before the schema.
    early: VecDeque<Vec<u8>>,
    row: Vec<u8>,
    count: usize,
    complete: bool,
    /// The answer as it came, for who asks for it.
    verbatim: Option<Vec<u8>>,
}

/// One row as the server sent it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    bytes: &'a [u8],
    number: usize,
}

/// A step of reading.
enum Step {
    Row(std::ops::Range<usize>),
    /// The schema, or a member nobody asked for.
    Other,
    End,
}

impl HuntStream {
    pub(super) fn new(arriving: Box<Arriving>) -> Self {
        Self {
            arriving,
            parts: ArrayStream::new(&["results", "Results"]),
            schema: None,
            early: VecDeque::new(),
            row: Vec::new(),
            count: 0,
            complete: false,
            verbatim: None,
        }
    }

    /// Keeps the answer's own text for [`Self::take_verbatim`].
    #[must_use]
    pub fn keeping_verbatim(mut self) -> Self {
        self.verbatim = Some(Vec::new());
        self
    }

    /// What came of the answer's own text since the last call, whole characters only.
    pub fn take_verbatim(&mut self) -> String {
        let Some(bytes) = &mut self.verbatim else { return String::new() };
        let whole = match std::str::from_utf8(bytes) {
            // Half a character waits for its rest; what can be no text is shown as such.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Ok(_) | Err(_) => bytes.len(),
        };
        let taken: Vec<u8> = bytes.drain(..whole).collect();
        String::from_utf8(taken)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// The columns. Zero rows still have them.
    ///
    /// # Errors
    /// When the answer ends before they come, or is none of this API's.
    pub async fn schema(&mut self) -> Result<Arc<Schema>, ApiError> {
        loop {
            if let Some(schema) = &self.schema {
                return Ok(Arc::clone(schema));
            }
            match self.step().await? {
                Step::Row(range) => self.early.push_back(self.parts.bytes(range).to_vec()),
                Step::Other => {}
                Step::End => return Err(other_shape(&self.arriving.origin, "no `schema`")),
            }
        }
    }

    /// The next row; `None` after the last one.
    ///
    /// # Errors
    /// When the answer breaks off. What was given before is valid.
    pub async fn next(&mut self) -> Result<Option<Row<'_>>, ApiError> {
        self.schema().await?;
        if let Some(row) = self.early.pop_front() {
            self.row = row;
            self.count += 1;
            return Ok(Some(Row { bytes: &self.row, number: self.count }));
        }
        loop {
            match self.step().await? {
                Step::Row(range) => {
                    self.count += 1;
                    return Ok(Some(Row { bytes: self.parts.bytes(range), number: self.count }));
                }
                Step::Other => {}
                Step::End => return Ok(None),
            }
        }
    }

    /// How many rows were given.
    pub fn count(&self) -> usize {
        self.count
    }

    /// All that is left, as objects.
    ///
    /// # Errors
    /// When the answer breaks off or a row cannot be read.
    pub async fn into_objects(mut self) -> Result<Vec<Map<String, Value>>, ApiError> {
        let schema = self.schema().await?;
        let mut objects = Vec::new();
        while let Some(row) = self.next().await? {
            objects.push(row.object(&schema)?);
        }
        Ok(objects)
    }

    async fn step(&mut self) -> Result<Step, ApiError> {
        loop {
            if self.complete {
                return Ok(Step::End);
            }
            let part = self.parts.next().map_err(|_| self.no_json())?;
            match part {
                Part::Element(range) => return Ok(Step::Row(range)),
                Part::Member(name, range) => {
                    if name.eq_ignore_ascii_case("schema") {
                        let columns: Vec<Column> = serde_json::from_slice(self.parts.bytes(range))
                            .map_err(|error| other_shape(&self.arriving.origin, &error.to_string()))?;
                        self.schema = Some(Arc::new(Schema::new(columns)));
                    }
                    return Ok(Step::Other);
                }
                Part::More => {
                    let room = self.parts.room();
                    let before = room.len();
                    let more = self.arriving.read_into(room).await;
                    let came = room.get(before..).unwrap_or_default();
                    if let Some(verbatim) = &mut self.verbatim {
                        verbatim.extend_from_slice(came);
                    }
                    if !more.map_err(|error| ApiError::from_http(&error, Operation::Hunt.verb()))? {
                        return Err(self.cut_off());
                    }
                }
                Part::End => {
                    self.complete = true;
                    // Whatever follows is read, so that the connection can be used again.
                    let mut rest = Vec::new();
                    while self.arriving.read_into(&mut rest).await.is_ok_and(|more| more) {
                        rest.clear();
                    }
                    if !self.parts.found() {
                        return Err(other_shape(&self.arriving.origin, "no `results`"));
                    }
                }
            }
        }
    }

    fn cut_off(&self) -> ApiError {
        match self.parts.beginning() {
            Some(_) => self.no_json(),
            None => ApiError::new(
                ApiErrorKind::Unreadable,
                format!(
                    "the answer of {} is cut off after {} bytes",
                    self.arriving.origin,
                    self.parts.received()
                ),
            )
            .with_hint("run the query again; if it happens again, check `proxy`"),
        }
    }

    fn no_json(&self) -> ApiError {
        let origin = self.arriving.origin.clone();
        let Some(beginning) = self.parts.beginning() else {
            return other_shape(&origin, "it is malformed");
        };
        let answer = Answer {
            status: self.arriving.status,
            headers: self.arriving.headers.clone(),
            body: beginning.iter().copied().take(400).collect(),
            origin,
        };
        ApiError::new(
            ApiErrorKind::Unreadable,
            format!("{} did not answer with JSON: {}", answer.origin, answer.describe()),
        )
        .with_hint("check `endpoint` and `proxy`: something else may be answering")
    }
}

impl<'a> Row<'a> {
    /// The server's own JSON text.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn raw(self) -> Result<&'a str, ApiError> {
        let raw: Result<&RawValue, _> = serde_json::from_slice(self.bytes);
        raw.map(RawValue::get).map_err(|error| self.unreadable(&error.to_string()))
    }

    /// The values in the order of the columns.
    ///
    /// # Errors
    /// When the row is no JSON object.
    pub fn cells<'s: 'a>(self, schema: &'s Schema) -> Result<Cells<'a>, ApiError> {
        let text = std::str::from_utf8(self.bytes).map_err(|error| self.unreadable(&error.to_string()))?;
        Cells::read(text, schema).map_err(|error| self.unreadable(&error.to_string()))
    }

    /// The row as an object, values in the forms their columns' types ask for.
    ///
    /// # Errors
    /// When the row is no JSON object.
    pub fn object(self, schema: &Schema) -> Result<Map<String, Value>, ApiError> {
        let mut json = Vec::new();
        self.cells(schema)?.write_json(&mut json);
        serde_json::from_slice(&json).map_err(|error| self.unreadable(&error.to_string()))
    }

    fn unreadable(self, problem: &str) -> ApiError {
        ApiError::new(ApiErrorKind::Unreadable, format!("row {} cannot be read: {problem}", self.number))
    }
}
