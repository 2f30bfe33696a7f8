//! Accepting connections and carrying HTTP/1.1 exchanges to the tenant and back.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::body::ResponseBody;
use super::resettable::Resettable;
use crate::exchange::{Request, Response};
use crate::world::{Delivery, World};

/// Larger request bodies are refused (413).
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// How long open exchanges may take once the emulator is asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// What every connection shares.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) acceptor: Option<TlsAcceptor>,
    /// Where clients reach the listener.
    pub(crate) origin: String,
    /// What a path has to begin with; everything else is not found.
    pub(crate) only_below: &'static str,
}

/// Serves until asked to stop, or until whoever could ask is gone.
pub(crate) async fn serve(listener: TcpListener, edge: Edge, mut stop: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, edge.clone(), stop.clone()));
                }
                // Out of descriptors, most likely: give others time to close some.
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::debug!("connections that did not end are dropped");
    }
}

async fn connection(stream: TcpStream, edge: Edge, stop: watch::Receiver<()>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small answers may be delayed");
    }
    let reset = Arc::new(AtomicBool::new(false));
    let stream = Resettable::new(stream, Arc::clone(&reset));
    match edge.acceptor.clone() {
        None => exchanges(stream, edge, reset, stop).await,
        Some(acceptor) => match acceptor.accept(stream).await {
            Ok(stream) => exchanges(stream, edge, reset, stop).await,
            Err(error) => tracing::debug!(%error, "no TLS connection came about"),
        },
    }
}

async fn exchanges(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    edge: Edge,
    reset: Arc<AtomicBool>,
    mut stop: watch::Receiver<()>,
) {
    let service = service_fn(move |request| {
        let (edge, reset) = (edge.clone(), Arc::clone(&reset));
        async move { exchange(request, &edge, &reset).await }
    });
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// One exchange; an error ends the connection.
async fn exchange(
    request: http::Request<Incoming>,
    edge: &Edge,
    reset: &AtomicBool,
) -> Result<http::Response<ResponseBody>, io::Error> {
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        let now = edge.world.lock().unwrap_or_else(PoisonError::into_inner).clock.now();
        return Ok(whole(too_large(), now));
    }
    if !parts.uri.path().starts_with(edge.only_below) {
        let now = edge.world.lock().unwrap_or_else(PoisonError::into_inner).clock.now();
        return Ok(whole(not_here(), now));
    }
    let delivery = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let request = Request {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                query: serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default(),
                origin: origin(&edge.origin, parts.headers.get(http::header::HOST)),
                headers: parts.headers,
                body: body.to_bytes(),
            };
            edge.world.lock().unwrap_or_else(PoisonError::into_inner).answer(&request)
        }
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Delivery::Whole(too_large()),
        Err(error) => return Err(io::Error::other(error)),
    };
    let now = edge.world.lock().unwrap_or_else(PoisonError::into_inner).clock.now();
    match delivery {
        Delivery::Whole(response) => Ok(whole(response, now)),
        Delivery::Late(response, delay) => {
            tokio::time::sleep(delay).await;
            Ok(whole(response, now))
        }
        Delivery::Cut(response, kept) => {
            let body = ResponseBody::cut_after(&response.body, kept);
            Ok(wire(response, body, now))
        }
        Delivery::Reset => {
            reset.store(true, Ordering::Relaxed);
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        }
    }
}

fn not_here() -> Response {
    Response::json(
        StatusCode::NOT_FOUND,
        &json!({ "error": { "code": "NotFound", "message": "Only the hosts of managed identities are here." } }),
    )
}

fn too_large() -> Response {
    Response::json(
        StatusCode::PAYLOAD_TOO_LARGE,
        &json!({ "error": { "code": "RequestEntityTooLarge", "message": "The body is larger than 4 MiB." } }),
    )
}

fn whole(response: Response, now: Timestamp) -> http::Response<ResponseBody> {
    let body = ResponseBody::whole(response.body.clone());
    wire(response, body, now)
}

fn wire(response: Response, body: ResponseBody, now: Timestamp) -> http::Response<ResponseBody> {
    let mut wire = http::Response::new(body);
    *wire.status_mut() = response.status;
    *wire.headers_mut() = response.headers;
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap_or_default();
    if let Ok(date) = HeaderValue::from_str(&date) {
        wire.headers_mut().insert(http::header::DATE, date);
    }
    wire
}

/// Links in answers start with the name the client used, as long as that is a name of this machine.
fn origin(own: &str, host: Option<&HeaderValue>) -> String {
    let (scheme, own_host) = own.split_once("://").unwrap_or(("http", own));
    let named = host.and_then(|host| host.to_str().ok()).unwrap_or(own_host);
    let name = named.rsplit_once(':').map_or(named, |(name, _)| name);
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        format!("{scheme}://{named}")
    } else {
        own.to_owned()
    }
}
