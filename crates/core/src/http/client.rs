//! The only place that builds an HTTP client and the only place that sends.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};

use super::error::{HttpError, HttpErrorKind};
use super::target::require_secure;
use super::trust;

/// Which proxy requests go through.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// The platform's: `HTTPS_PROXY`, `NO_PROXY` and the like.
    #[default]
    System,
    /// None, whatever the platform says.
    None,
    /// This one, for every request that leaves the machine.
    Address(String),
}

/// Shows an address without its user name and password.
impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::None => formatter.write_str("None"),
            Self::Address(address) => {
                formatter.debug_tuple("Address").field(&without_userinfo(address)).finish()
            }
        }
    }
}

/// How to reach the world.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The proxy. Requests to a loopback address never use one.
    pub proxy: Proxy,
    /// PEM certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether the system's certificates are trusted.
    pub system_roots: bool,
    /// Accepts any certificate. For tests against a broken set-up only.
    pub insecure: bool,
    /// The longest a request may take from connecting to the last byte.
    pub timeout: Duration,
    /// `User-Agent`.
    pub user_agent: String,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            proxy: Proxy::System,
            ca_file: None,
            system_roots: true,
            insecure: false,
            timeout: Duration::from_secs(30),
            user_agent: concat!("defender-xdr/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// What a request carries.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    Empty,
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(&'static str, String)>),
    /// `application/json`, already serialised.
    Json(Vec<u8>),
}

/// A request. No `Debug`: it carries secrets.
#[derive(Clone)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Where to; `https`, or `http` to a loopback address.
    pub url: Url,
    /// Headers beside those every request has.
    pub headers: HeaderMap,
    /// What it carries.
    pub body: Body,
    /// The largest answer accepted, in bytes.
    pub limit: usize,
}

impl Call {
    /// A `GET` that accepts up to 1 MiB.
    pub fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Body::Empty, limit: 1 << 20 }
    }

    /// A form `POST` that accepts up to 1 MiB.
    pub fn form(url: Url, fields: Vec<(&'static str, String)>) -> Self {
        Self { method: Method::POST, body: Body::Form(fields), ..Self::get(url) }
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// Who answered: scheme, host and port of the request.
    pub origin: String,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// [`Answer::describe`] without the beginning of a body that may hold a token.
    pub fn describe_without_body_on_success(&self) -> String {
        if self.is_success() {
            let media = self.header("content-type").unwrap_or("no media type");
            format!("HTTP {}, {media}, {} bytes", self.status, self.body.len())
        } else {
            self.describe()
        }
    }

    /// One line about an answer that is not what was expected: status, media type and how it begins.
    pub fn describe(&self) -> String {
        let media = self.header("content-type").unwrap_or("no media type");
        let start: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(80)
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        let status =
            StatusCode::from_u16(self.status).map_or_else(|_| self.status.to_string(), |s| s.to_string());
        if start.trim().is_empty() {
            format!("HTTP {status}, {media}, empty body")
        } else {
            format!("HTTP {status}, {media}, beginning `{}`", start.trim())
        }
    }
}

/// A client for every request of the product: no redirects (a redirect could carry a secret to another
/// host), no cookies, TLS by rustls with ring.
#[derive(Debug, Clone)]
pub struct HttpClient(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: HttpSettings,
    /// Reading the system's certificates takes a moment: commands that send nothing do not pay for it.
    clients: OnceLock<Result<Clients, HttpError>>,
}

#[derive(Debug)]
struct Clients {
    outward: reqwest::Client,
    /// For this very machine: never through a proxy.
    local: reqwest::Client,
    proxy: Option<String>,
}

impl HttpClient {
    /// A client that is set up at its first request.
    pub fn new(settings: HttpSettings) -> Self {
        Self(Arc::new(Shared { settings, clients: OnceLock::new() }))
    }

    fn clients(&self) -> Result<&Clients, HttpError> {
        self.0.clients.get_or_init(|| Clients::new(&self.0.settings)).as_ref().map_err(Clone::clone)
    }

    /// Sends once and reads the whole answer, whatever its status.
    pub async fn send(&self, call: Call) -> Result<Answer, HttpError> {
        require_secure(&call.url)?;
        let local = super::target::is_loopback(&call.url);
        let host = call.url.host_str().unwrap_or_default().to_owned();
        let clients = self.clients()?;
        let proxy = if local { None } else { clients.proxy.as_deref() };
        let failed = |error| HttpError::from_reqwest(error, &host, proxy);

        let client = if local { &clients.local } else { &clients.outward };
        let origin = call.url.origin().ascii_serialization();
        let path = call.url.path().to_owned();
        let method = call.method.clone();
        let mut request = client.request(call.method, call.url).headers(call.headers);
        request = match call.body {
            Body::Empty => request,
            Body::Form(fields) => request.form(&fields),
            Body::Json(bytes) => request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(bytes),
        };
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        tracing::debug!(%method, host, path, status, "answered");

        let headers = std::mem::take(response.headers_mut());
        let too_large = || {
            HttpError::new(
                HttpErrorKind::TooLarge,
                format!("the answer of {host} is larger than {} bytes", call.limit),
            )
        };
        let expected = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if expected > call.limit {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(expected);
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > call.limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body, origin })
    }
}

impl Clients {
    fn new(settings: &HttpSettings) -> Result<Self, HttpError> {
        let tls = trust::configure(settings.system_roots, settings.ca_file.as_deref(), settings.insecure)?;
        let local = build(settings, tls.clone(), &Proxy::None)?;
        let (outward, proxy) = match &settings.proxy {
            Proxy::None => (local.clone(), None),
            Proxy::System => (build(settings, tls, &Proxy::System)?, None),
            Proxy::Address(address) => {
                (build(settings, tls, &settings.proxy)?, Some(without_userinfo(address)))
            }
        };
        Ok(Self { outward, local, proxy })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that builds clients")]
fn build(
    settings: &HttpSettings,
    tls: rustls::ClientConfig,
    proxy: &Proxy,
) -> Result<reqwest::Client, HttpError> {
    let setup =
        |message: String| move |error| HttpError::new(HttpErrorKind::Setup, message).with_source(error);
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(headers)
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
        .timeout(settings.timeout)
        .http1_only();
    builder =
        match proxy {
            Proxy::System => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Address(address) => builder.proxy(reqwest::Proxy::all(address).map_err(setup(
                format!("the proxy address `{}` cannot be used", without_userinfo(address)),
            ))?),
        };
    builder.build().map_err(setup("cannot set up HTTP".to_owned()))
}

/// A proxy address may hold a password; errors show it without.
fn without_userinfo(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) => {
            // Addresses without an authority have no user information to remove.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.to_string()
        }
        Err(_) => address.rsplit('@').next().unwrap_or_default().to_owned(),
    }
}
