//! The only place that builds an HTTP client and the only place that sends.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::arriving::{Arriving, Received};
use super::echo::Sent;
use super::error::{HttpError, HttpErrorKind, Way};
use super::exchange::{Answer, Body, Call};
use super::settings::{HttpSettings, Proxy, without_userinfo};
use super::target::{Reach, is_loopback};
use super::trust;

/// How long connecting to a service of the host may take.
const HOST_SERVICE_CONNECT: Duration = Duration::from_secs(2);

/// A client for every request of the product: no redirects (a redirect could carry a secret to another
/// host), no cookies, TLS by rustls with ring.
#[derive(Clone)]
pub struct HttpClient(Arc<Shared>);

impl fmt::Debug for HttpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("HttpClient").field(&self.0.settings).finish()
    }
}

struct Shared {
    settings: HttpSettings,
    reach: Reach,
    /// Reading the system's certificates takes a moment: commands that send nothing do not pay for it.
    clients: OnceLock<Result<Clients, HttpError>>,
}

struct Clients {
    outward: reqwest::Client,
    /// For this very machine: never through a proxy.
    local: reqwest::Client,
    proxy: Option<String>,
}

impl HttpClient {
    /// A client that is set up at its first request.
    pub fn new(settings: HttpSettings) -> Self {
        Self(Arc::new(Shared { settings, reach: Reach::Secure, clients: OnceLock::new() }))
    }

    /// A client for one service that the host of this machine offers, such as its metadata service: same patience and
    /// name, but that origin only (plain HTTP too if it is link-local), never a proxy, and neither `ca-file` nor
    /// `insecure`. Such a service answers at once or is not there.
    #[must_use]
    pub fn for_host_service(&self, endpoint: &reqwest::Url) -> Self {
        let settings = HttpSettings {
            proxy: Proxy::None,
            ca_file: None,
            insecure: false,
            system_roots: endpoint.scheme() == "https",
            connect_timeout: HOST_SERVICE_CONNECT,
            ..self.0.settings.clone()
        };
        let reach = Reach::HostService(endpoint.origin().ascii_serialization());
        Self(Arc::new(Shared { settings, reach, clients: OnceLock::new() }))
    }

    fn clients(&self) -> Result<&Clients, HttpError> {
        self.0.clients.get_or_init(|| Clients::new(&self.0.settings)).as_ref().map_err(Clone::clone)
    }

    /// Sends once and reads the whole answer, whatever its status.
    pub async fn send(&self, call: Call) -> Result<Answer, HttpError> {
        self.start(call, Patience::Whole).await?.whole().await
    }

    /// Sends once; the body of a success is read by the caller, piece by piece. Each piece may take as long as the call
    /// may: a reader who takes its time is no fault of the service.
    pub(super) async fn receive(&self, call: Call) -> Result<Received, HttpError> {
        let arriving = self.start(call, Patience::EachPiece).await?;
        if arriving.is_success() {
            Ok(Received::Arriving(Box::new(arriving)))
        } else {
            arriving.whole().await.map(Received::Whole)
        }
    }

    async fn start(&self, call: Call, patience: Patience) -> Result<Arriving, HttpError> {
        self.0.reach.require(&call.url)?;
        let local = is_loopback(&call.url);
        let host = call.url.host_str().unwrap_or_default().to_owned();
        let clients = self.clients()?;
        let whom = match call.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        };
        let client = if local { &clients.local } else { &clients.outward };
        let origin = call.url.origin().ascii_serialization();
        let path = call.url.path().to_owned();
        let method = call.method.clone();
        let sent = Sent::of(&call.headers, &call.body);
        let mut request = client.request(call.method, call.url).headers(call.headers);
        request = match call.body {
            Body::Empty => request,
            Body::Form(fields) => request.form(&fields),
            Body::Json(bytes) => request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(bytes),
        };
        let configured = self.0.settings.timeout;
        let longest = call.takes_up_to.map_or(configured, |known| known.max(configured));
        let road = Road { client: self.clone(), local, whom, host };
        let response = match patience {
            Patience::Whole => request.timeout(longest).send().await.map_err(|error| road.failed(error))?,
            Patience::EachPiece => {
                let sending = request.timeout(FOREVER).send();
                let sent = tokio::time::timeout(longest, sending).await.map_err(|_| road.silent())?;
                sent.map_err(|error| road.failed(error))?
            }
        };
        let status = response.status().as_u16();
        tracing::debug!(%method, host = road.host, path, status, "answered");
        let patience = (patience == Patience::EachPiece).then_some(longest);
        Arriving::new(response, origin, road, sent, call.limit, patience)
    }
}

/// What a time limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// The whole exchange.
    Whole,
    /// The answer's head, and then every piece of its body.
    EachPiece,
}

/// Longer than any answer: the time limits are set by hand.
const FOREVER: Duration = Duration::from_hours(24 * 365);

/// Whom a request goes to and which way, for words about failures.
pub(super) struct Road {
    client: HttpClient,
    local: bool,
    whom: String,
    pub(super) host: String,
}

impl Road {
    /// A failure of the transport.
    pub(super) fn failed(&self, error: reqwest::Error) -> HttpError {
        HttpError::from_reqwest(error, &self.whom, self.way())
    }

    /// Nothing came for too long.
    pub(super) fn silent(&self) -> HttpError {
        HttpError::new(HttpErrorKind::Timeout, format!("{} did not answer in time", self.whom))
    }

    fn way(&self) -> Way<'_> {
        let settings = &self.client.0.settings;
        match &settings.proxy {
            Proxy::System if !self.local => Way::System(settings.system_proxy.as_deref()),
            _ if self.local => Way::Direct,
            _ => {
                let clients = self.client.clients().ok();
                clients.and_then(|clients| clients.proxy.as_deref()).map_or(Way::Direct, Way::Through)
            }
        }
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
    let setup = |kind, message: String| move |error| HttpError::new(kind, message).with_source(error);
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(headers)
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.timeout.min(settings.connect_timeout))
        .timeout(settings.timeout)
        .http1_only();
    builder = match proxy {
        Proxy::System => builder,
        Proxy::None => builder.no_proxy(),
        Proxy::Address(address) => builder.proxy(reqwest::Proxy::all(address).map_err(setup(
            HttpErrorKind::ProxySetting,
            format!("the proxy address `{}` cannot be used", without_userinfo(address)),
        ))?),
    };
    builder.build().map_err(setup(HttpErrorKind::Setup, "cannot set up HTTP".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password_and_no_body() {
        let settings = HttpSettings {
            proxy: Proxy::Address("http://user:planted@proxy.example:3128".into()),
            ..HttpSettings::default()
        };
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: b"planted".into(),
            origin: "https://x".into(),
        };
        let shown = format!("{:?} {answer:?}", HttpClient::new(settings));
        assert!(shown.contains("proxy.example") && !shown.contains("planted"), "{shown}");
    }
}
