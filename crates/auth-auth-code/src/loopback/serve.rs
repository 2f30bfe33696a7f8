//! Connections: a few at once, each with little time and space, each for one request.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Limits;
use super::door::{Carrier, Door};
use super::guest::Guest;
use super::page::Page;

/// A browser opens a handful of connections; nobody needs more.
const MOST_CONNECTIONS: usize = 64;
/// Of a request's head, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// Of a form, in bytes. A code has about one thousand.
const LARGEST_FORM: usize = 64 * 1024;

/// Every open connection. Dropping it closes them.
#[derive(Debug)]
pub(super) struct Connections {
    door: Arc<Door>,
    /// Taken by the one who gets in.
    seat: Arc<Mutex<Option<mpsc::Sender<Guest>>>>,
    limits: Limits,
    tasks: Mutex<JoinSet<()>>,
}

impl Connections {
    pub(super) fn new(door: Door, arrivals: mpsc::Sender<Guest>, limits: Limits) -> Self {
        let seat = Arc::new(Mutex::new(Some(arrivals)));
        Self { door: Arc::new(door), seat, limits, tasks: Mutex::default() }
    }

    fn serve(&self, stream: TcpStream) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        if tasks.len() >= MOST_CONNECTIONS {
            return;
        }
        let (closed, left) = oneshot::channel();
        let visit = Arc::new(Visit {
            door: Arc::clone(&self.door),
            seat: Arc::clone(&self.seat),
            patience: self.limits.request,
            left: Mutex::new(Some(left)),
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.request)
            .max_buf_size(LARGEST_HEAD)
            .keep_alive(false)
            .serve_connection(
                TokioIo::new(stream),
                service_fn(move |request| {
                    let visit = Arc::clone(&visit);
                    async move { Ok::<_, Infallible>(visit.receive(request).await) }
                }),
            );
        tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("a connection to the sign-in listener broke: {error}");
            }
            drop(closed);
        });
    }
}

/// Takes connections until nobody waits any more.
pub(super) async fn accept(socket: TcpListener, connections: Weak<Connections>) {
    loop {
        match socket.accept().await {
            Ok((stream, _)) => {
                let Some(connections) = connections.upgrade() else { return };
                connections.serve(stream);
            }
            // Out of file descriptors, say: it may pass.
            Err(error) => {
                tracing::debug!("the sign-in listener cannot accept: {error}");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// One request.
struct Visit {
    door: Arc<Door>,
    seat: Arc<Mutex<Option<mpsc::Sender<Guest>>>>,
    patience: Duration,
    left: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Visit {
    async fn receive(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        match self.answer(request).await {
            Err(status) => refusal(status),
            Ok(waiting) => {
                // Held until the sign-in has ended, however: the page says how.
                let page = waiting.await.unwrap_or_else(|_| Page::interrupted());
                document(StatusCode::OK, "text/html; charset=utf-8", page.html())
            }
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<oneshot::Receiver<Page>, StatusCode> {
        let (parts, body) = request.into_parts();
        let answer = match self.door.judge(&parts)? {
            Carrier::Query => self.door.admit(parts.uri.query().unwrap_or_default())?,
            Carrier::Body => {
                let form = timeout(self.patience, Limited::new(body, LARGEST_FORM).collect())
                    .await
                    .map_err(|_| StatusCode::REQUEST_TIMEOUT)?
                    .map_err(|error| {
                        let too_large = error.downcast_ref::<LengthLimitError>().is_some();
                        if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
                    })?
                    .to_bytes();
                let text = std::str::from_utf8(&form).map_err(|_| StatusCode::BAD_REQUEST)?;
                self.door.admit(text)?
            }
        };
        let seat = self.seat.lock().unwrap_or_else(PoisonError::into_inner).take();
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (Some(seat), Some(left)) = (seat, left) else { return Err(StatusCode::CONFLICT) };
        let (page, waiting) = oneshot::channel();
        // The seat has room for the one guest there is.
        seat.try_send(Guest { answer, page, left }).map_err(|_| StatusCode::CONFLICT)?;
        Ok(waiting)
    }
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let text = match status {
        StatusCode::CONFLICT => "This sign-in has been answered already.\n",
        _ => "This address waits for the end of a sign-in. This is not it.\n",
    };
    let mut response = document(status, "text/plain; charset=utf-8", text.to_owned());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
    }
    response
}

fn document(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
