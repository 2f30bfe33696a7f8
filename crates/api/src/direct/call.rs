//! One call, and its answer as it came.

use defender_xdr_core::http::{HeaderMap, HeaderName, HeaderValue, Method, Repeatable, Url};

use super::purpose::Unknown;
use super::target;
use crate::client::Client;
use crate::error::ApiError;

/// Headers that are not a caller's: they carry the token, or say how long and in what form a body is.
const OURS: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept-encoding",
];

/// A call that this crate knows nothing about.
#[derive(Debug, Clone)]
pub struct DirectCall {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) json: Option<Vec<u8>>,
}

/// What came back: a success.
#[derive(Debug, Clone)]
pub struct DirectAnswer {
    /// HTTP status, 2xx.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Whether a method only reads.
pub(super) fn reads(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

impl DirectCall {
    /// A call of a path of the client's root: `/incidents`, `security/incidents`, `/v1.0/users`, or a full address.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::Refused`] when it leads to another host, or is no path.
    pub fn new(client: &Client, method: Method, path: &str) -> Result<Self, ApiError> {
        let url = target::address(client.endpoint(), path)?;
        Ok(Self { method, url, headers: HeaderMap::new(), json: None })
    }

    /// The same call with an option in its query. OData names such as `$filter` stay readable.
    #[must_use]
    pub fn with_option(mut self, name: &str, value: &str) -> Self {
        let pair = format!("{}={}", crate::endpoint::escaped(name), crate::endpoint::escaped(value));
        let query = match self.url.query() {
            Some(query) if !query.is_empty() => format!("{query}&{pair}"),
            _ => pair,
        };
        self.url.set_query(Some(&query));
        self
    }

    /// The same call with a JSON text as its body.
    #[must_use]
    pub fn with_json(mut self, json: Vec<u8>) -> Self {
        self.json = Some(json);
        self
    }

    /// The same call with a header of one's own.
    ///
    /// # Errors
    /// [`crate::ApiErrorKind::Refused`] when it is malformed, or is not the caller's to set.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, ApiError> {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            return Err(ApiError::refused("a header holds characters that no header may hold"));
        };
        if OURS.contains(&name.as_str()) {
            return Err(ApiError::refused(format!("the header `{name}` is set by this program")));
        }
        self.headers.insert(name, value);
        Ok(self)
    }
}

impl Client {
    /// Makes a call. One that reads is repeated after passing faults; any other only when it certainly did nothing.
    ///
    /// # Errors
    /// [`ApiError`] with the service's own text. [`crate::ApiErrorKind::OutcomeUnknown`] when a call that may have changed
    /// something brought no answer.
    pub async fn call(&self, call: DirectCall) -> Result<DirectAnswer, ApiError> {
        let answer = self.answer(&call).await?;
        Ok(DirectAnswer { status: answer.status, headers: answer.headers, body: answer.body })
    }

    pub(super) async fn answer(
        &self,
        call: &DirectCall,
    ) -> Result<defender_xdr_core::http::Answer, ApiError> {
        let purpose = Unknown { method: &call.method, path: call.url.path() };
        let repeatable = if reads(&call.method) { Repeatable::Yes } else { Repeatable::WhenUntouched };
        let (method, url) = (call.method.clone(), call.url.clone());
        self.exchange(method, url, call.headers.clone(), call.json.clone(), repeatable, &purpose).await
    }
}
