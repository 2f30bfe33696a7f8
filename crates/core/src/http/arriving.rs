//! An answer whose body has not been read yet.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::client::Road;
use super::echo::Sent;
use super::error::{HttpError, HttpErrorKind};
use super::exchange::Answer;

/// An answer on its way. It is decompressed as it arrives, and never larger than its call allows.
pub struct Arriving {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Who answers: scheme, host and port of the request.
    pub origin: String,
    response: reqwest::Response,
    road: Road,
    sent: Sent,
    limit: usize,
    read: usize,
    /// How long one piece may take; without it the whole exchange has a limit.
    patience: Option<Duration>,
}

/// Headers may hold tokens.
impl fmt::Debug for Arriving {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Arriving")
            .field("status", &self.status)
            .field("origin", &self.origin)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

impl Arriving {
    /// # Errors
    /// When the answer says that it is larger than `limit`.
    pub(super) fn new(
        mut response: reqwest::Response,
        origin: String,
        road: Road,
        sent: Sent,
        limit: usize,
        patience: Option<Duration>,
    ) -> Result<Self, HttpError> {
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let arriving = Self { status, headers, origin, response, road, sent, limit, read: 0, patience };
        if arriving.announced() > limit { Err(arriving.too_large()) } else { Ok(arriving) }
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The next piece of the body appended to `buffer`; `false` at its end.
    ///
    /// # Errors
    /// When the connection breaks, nothing comes in time, or the answer is too large.
    pub async fn read_into(&mut self, buffer: &mut Vec<u8>) -> Result<bool, HttpError> {
        let piece = match self.patience {
            None => self.response.chunk().await,
            Some(patience) => match tokio::time::timeout(patience, self.response.chunk()).await {
                Ok(piece) => piece,
                Err(_) => return Err(self.road.silent()),
            },
        };
        let Some(piece) = piece.map_err(|error| self.road.failed(error))? else { return Ok(false) };
        self.read += piece.len();
        if self.read > self.limit {
            return Err(self.too_large());
        }
        buffer.extend_from_slice(&piece);
        Ok(true)
    }

    /// Reads all of it. Secrets that a refusal repeats are hidden.
    ///
    /// # Errors
    /// As [`Self::read_into`].
    pub async fn whole(mut self) -> Result<Answer, HttpError> {
        let mut body = Vec::with_capacity(self.announced());
        while self.read_into(&mut body).await? {}
        let body = if self.is_success() { body } else { self.sent.hidden_in(body) };
        Ok(Answer { status: self.status, headers: self.headers, body, origin: self.origin })
    }

    /// The length the answer states, zero if it states none.
    fn announced(&self) -> usize {
        usize::try_from(self.response.content_length().unwrap_or(0)).unwrap_or(usize::MAX)
    }

    fn too_large(&self) -> HttpError {
        let message = format!("the answer of {} is larger than {} bytes", self.road.host, self.limit);
        HttpError::new(HttpErrorKind::TooLarge, message)
    }
}

/// What a streamed request brought.
#[derive(Debug)]
pub enum Received {
    /// A success whose body is still to be read.
    Arriving(Box<Arriving>),
    /// Anything else, read to its end.
    Whole(Answer),
}

impl Received {
    /// The answer, read to its end.
    ///
    /// # Errors
    /// As [`Arriving::whole`].
    pub async fn whole(self) -> Result<Answer, HttpError> {
        match self {
            Self::Arriving(arriving) => arriving.whole().await,
            Self::Whole(answer) => Ok(answer),
        }
    }
}
