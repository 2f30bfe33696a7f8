//! A response body that can break off before its announced end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// A body of known length, sent whole or up to a point.
#[derive(Debug)]
pub(crate) struct ResponseBody {
    announced: u64,
    rest: Option<Bytes>,
    cut: Option<Cut>,
}

/// How far a broken body has got.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// Nothing sent yet.
    Ahead,
    /// The part is handed over; the connection gets one turn to send it before it breaks.
    Sending,
    Over,
}

impl ResponseBody {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { announced: length(&bytes), rest: Some(bytes).filter(|bytes| !bytes.is_empty()), cut: None }
    }

    pub(crate) fn cut_after(bytes: &Bytes, kept: usize) -> Self {
        let part = bytes.slice(..kept.min(bytes.len().saturating_sub(1)));
        Self { announced: length(bytes), rest: Some(part), cut: Some(Cut::Ahead) }
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.cut {
            None => Poll::Ready(self.rest.take().map(|bytes| Ok(Frame::data(bytes)))),
            Some(Cut::Ahead) => {
                self.cut = Some(Cut::Sending);
                match self.rest.take().filter(|bytes| !bytes.is_empty()) {
                    Some(part) => Poll::Ready(Some(Ok(Frame::data(part)))),
                    None => self.poll_frame(cx),
                }
            }
            Some(Cut::Sending) => {
                self.cut = Some(Cut::Over);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Cut::Over) => Poll::Ready(Some(Err(io::Error::other("cut off as scripted")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.cut.is_none() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
