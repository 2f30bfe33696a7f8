//! A connection to a host: TCP, or a tunnel through a proxy (RFC 9110 section 9.3.6, `CONNECT`).

use std::io;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::route::{ProxyRoute, Route};
use crate::http::{HttpSettings, Url, trust};

/// The head of an answer to `CONNECT` is no longer than this, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// Bytes in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection to a host, on which nothing was sent yet.
pub struct Connection(pub(super) Box<dyn Stream>);

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Connection")
    }
}

/// There is no connection.
#[derive(Debug, thiserror::Error)]
pub enum Unconnected {
    /// The host does not take it.
    #[error("cannot connect: {0}")]
    Host(io::Error),
    /// The proxy itself cannot be reached.
    #[error("the proxy {address} cannot be reached: {error}")]
    NoProxy {
        /// The proxy, without its password.
        address: String,
        /// What went wrong.
        error: io::Error,
    },
    /// The proxy answered something else than yes.
    #[error("the proxy {address} refuses the way to {host}: HTTP {status}")]
    Refused {
        /// The proxy, without its password.
        address: String,
        /// Whom it should have connected to.
        host: String,
        /// What it answered.
        status: u16,
    },
}

/// Connects to the host of `url`.
///
/// # Errors
/// When there is no connection, with whose fault that is.
pub async fn connect(route: &Route, settings: &HttpSettings, url: &Url) -> Result<Connection, Unconnected> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    match route {
        Route::Direct => {
            let plain = host.trim_matches(['[', ']']);
            let stream = TcpStream::connect((plain, port)).await.map_err(Unconnected::Host)?;
            Ok(Connection(Box::new(stream)))
        }
        Route::Through(proxy) => through(proxy, settings, &format!("{host}:{port}")).await,
    }
}

async fn through(proxy: &ProxyRoute, settings: &HttpSettings, whom: &str) -> Result<Connection, Unconnected> {
    let absent = |error: io::Error| Unconnected::NoProxy { address: proxy.address.clone(), error };
    let tcp = TcpStream::connect((proxy.host.trim_matches(['[', ']']), proxy.port)).await.map_err(absent)?;
    let mut stream: Box<dyn Stream> = if proxy.is_https {
        let config = trust::configure(settings.system_roots, settings.ca_file.as_deref(), settings.insecure);
        let config = config.map_err(|error| absent(io::Error::other(error)))?;
        let name =
            ServerName::try_from(proxy.host.clone()).map_err(|error| absent(io::Error::other(error)))?;
        let connector = TlsConnector::from(Arc::new(config));
        Box::new(connector.connect(name, tcp).await.map_err(absent)?)
    } else {
        Box::new(tcp)
    };
    let password = proxy
        .authorization
        .as_ref()
        .map(|value| format!("Proxy-Authorization: {}\r\n", value.expose()))
        .unwrap_or_default();
    let request =
        zeroize::Zeroizing::new(format!("CONNECT {whom} HTTP/1.1\r\nHost: {whom}\r\n{password}\r\n"));
    stream.write_all(request.as_bytes()).await.map_err(absent)?;
    let status = status(&mut stream).await.map_err(absent)?;
    if (200..300).contains(&status) {
        return Ok(Connection(stream));
    }
    Err(Unconnected::Refused { address: proxy.address.clone(), host: whom.to_owned(), status })
}

/// Reads the head of an answer byte by byte: what follows it belongs to the host.
async fn status(stream: &mut Box<dyn Stream>) -> io::Result<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD {
            return Err(io::Error::other("its answer is no answer of a proxy"));
        }
        head.push(stream.read_u8().await?);
    }
    let line = String::from_utf8_lossy(&head);
    let mut words = line.split(' ');
    let speaks_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    let status = words.next().and_then(|word| word.trim().parse().ok()).filter(|_| speaks_http);
    status.ok_or_else(|| io::Error::other("its answer is no answer of a proxy"))
}
