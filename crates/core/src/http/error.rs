//! Why a request got no usable answer.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What kind of fault it was: each needs another remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// The client could not be built: bad `ca-file`.
    Setup,
    /// The client could not be built: bad proxy address.
    ProxySetting,
    /// The address is not allowed: plain HTTP beyond this machine.
    Insecure,
    /// No connection: name not found, refused, unreachable. Nothing was sent.
    Connect,
    /// The configured proxy could not be reached or refused. Nothing was sent.
    Proxy,
    /// The server's certificate is not trusted. Nothing was sent.
    UntrustedCertificate,
    /// No answer in time.
    Timeout,
    /// The connection broke while the request or the answer was on its way.
    Interrupted,
    /// The answer is larger than the caller allows.
    TooLarge,
}

/// A request that failed below HTTP. Its text never holds a query, a header or a body.
#[derive(Debug, Clone, thiserror::Error)]
pub struct HttpError {
    kind: HttpErrorKind,
    message: String,
    /// Connecting took too long: nothing was sent.
    unconnected: bool,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl fmt::Display for HttpError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), unconnected: false, source: None }
    }

    pub(super) fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// What kind of fault it was.
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// The settings key at fault, when one is.
    pub fn setting(&self) -> Option<&'static str> {
        match self.kind {
            HttpErrorKind::ProxySetting | HttpErrorKind::Proxy => Some("proxy"),
            HttpErrorKind::Setup | HttpErrorKind::UntrustedCertificate => Some("ca-file"),
            HttpErrorKind::Timeout => Some("timeout"),
            _ => None,
        }
    }

    /// Whether it may heal without anybody doing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind, HttpErrorKind::Connect | HttpErrorKind::Timeout | HttpErrorKind::Interrupted)
    }

    /// Whether the request certainly never reached the server, so that repeating it is safe for every method.
    pub fn is_unsent(&self) -> bool {
        self.unconnected
            || matches!(
                self.kind,
                HttpErrorKind::Setup
                    | HttpErrorKind::ProxySetting
                    | HttpErrorKind::Insecure
                    | HttpErrorKind::Connect
                    | HttpErrorKind::Proxy
                    | HttpErrorKind::UntrustedCertificate
            )
    }

    /// What to do about it, when something can be done.
    pub fn hint(&self) -> Option<&'static str> {
        match self.kind {
            HttpErrorKind::Insecure => Some("use an https address"),
            HttpErrorKind::Connect => {
                Some("check the name, the network and, behind a proxy, the `proxy` setting")
            }
            HttpErrorKind::Proxy => Some("check the `proxy` setting: an address, `system` or `none`"),
            HttpErrorKind::UntrustedCertificate => Some(
                "if a company proxy re-signs TLS, name its certificate with `ca-file`; verification stays on",
            ),
            HttpErrorKind::Timeout => Some("try again, or raise `timeout`"),
            HttpErrorKind::Interrupted => Some("try again"),
            HttpErrorKind::Setup => Some(
                "set `ca-file` to a PEM file with certificates (-----BEGIN CERTIFICATE-----), or remove it",
            ),
            HttpErrorKind::ProxySetting => {
                Some("set `proxy` to `system`, `none` or an address such as http://proxy.example:3128")
            }
            HttpErrorKind::TooLarge => None,
        }
    }

    /// Sorts a reqwest error. `host` is whom we called, with the port.
    pub(super) fn from_reqwest(error: reqwest::Error, host: &str, way: Way<'_>) -> Self {
        let error = error.without_url();
        let kind = classify(&error, matches!(way, Way::Through(_)));
        let message = match kind {
            HttpErrorKind::Timeout => format!("{host} did not answer in time"),
            HttpErrorKind::UntrustedCertificate => {
                format!("the certificate of {host} is not trusted: {}", root_cause(&error))
            }
            HttpErrorKind::Proxy => {
                let proxy = match way {
                    Way::Through(address) => format!("the proxy {address}"),
                    Way::System(Some(variable)) => format!("the proxy that {variable} names"),
                    Way::System(None) | Way::Direct => "the system's proxy".to_owned(),
                };
                format!("cannot reach {host} through {proxy}: {}", root_cause(&error))
            }
            HttpErrorKind::Connect => {
                // Only reqwest knows whether NO_PROXY exempts the host, and does not tell.
                let perhaps = match way {
                    Way::System(Some(variable)) => {
                        format!(
                            " (through the proxy that {variable} names, unless NO_PROXY exempts the host)"
                        )
                    }
                    _ => String::new(),
                };
                format!("cannot connect to {host}{perhaps}: {}", root_cause(&error))
            }
            _ => format!("the connection to {host} broke: {}", root_cause(&error)),
        };
        Self { unconnected: kind == HttpErrorKind::Timeout && error.is_connect(), ..Self::new(kind, message) }
    }
}

/// How a request leaves this machine.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'a> {
    /// Straight to the host.
    Direct,
    /// Through the proxy of the settings, told without its password.
    Through(&'a str),
    /// Through the system's proxy, if one is set; perhaps it is known which variable names it.
    System(Option<&'a str>),
}

fn classify(error: &reqwest::Error, proxied: bool) -> HttpErrorKind {
    if error.is_timeout() {
        return HttpErrorKind::Timeout;
    }
    for cause in causes(error) {
        if let Some(rustls::Error::InvalidCertificate(_)) = tls_error(cause) {
            return HttpErrorKind::UntrustedCertificate;
        }
    }
    if error.is_connect() {
        let names_proxy = causes(error).any(|cause| cause.to_string().contains("tunnel"));
        if proxied || names_proxy { HttpErrorKind::Proxy } else { HttpErrorKind::Connect }
    } else {
        HttpErrorKind::Interrupted
    }
}

/// The TLS error in a cause. Each layer of the transport wraps it in one more I/O error, which does not name its
/// content as its source.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    cause.downcast_ref::<rustls::Error>().or_else(|| {
        let wrapped: &'a (dyn Error + 'static) = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
        tls_error(wrapped)
    })
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}
