//! Who gets in: judged from the request alone. A web page elsewhere can make a browser knock here, so host, origin,
//! path, method, form and state all have to fit.

use defender_xdr_core::Secret;
use hyper::header::{CONTENT_TYPE, HOST, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::answer;
use crate::pkce::equal;

/// What has to fit.
#[derive(Debug)]
pub(crate) struct Door {
    pub(super) port: u16,
    pub(super) path: String,
    /// The state of the start.
    pub(super) state: String,
    /// Scheme and host of the page that sends the browser back.
    pub(super) authority: String,
}

/// Where a request carries its answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Body,
    Query,
}

impl Door {
    /// Judges everything but the answer itself.
    pub(super) fn judge(&self, request: &Parts) -> Result<Carrier, StatusCode> {
        if !self.is_our_host(request) {
            return Err(StatusCode::MISDIRECTED_REQUEST);
        }
        if !self.is_expected_origin(request) {
            return Err(StatusCode::FORBIDDEN);
        }
        if request.uri.path() != self.path {
            return Err(StatusCode::NOT_FOUND);
        }
        match request.method {
            Method::GET => Ok(Carrier::Query),
            Method::POST if is_form(request) => Ok(Carrier::Body),
            Method::POST => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    /// Lets an answer in that brings this start's state.
    pub(super) fn admit(&self, text: &str) -> Result<Secret, StatusCode> {
        // A bare code and whatever else people paste has no place here: only parameters do.
        let query = Secret::new(format!("?{text}"));
        let answer = answer::read(query.expose()).map_err(|_| StatusCode::BAD_REQUEST)?;
        let fits = answer.state.is_some_and(|state| equal(&self.state, &state));
        if fits { Ok(query) } else { Err(StatusCode::BAD_REQUEST) }
    }

    /// The name the browser looked up: another one leads here when its owner says so (DNS rebinding).
    fn is_our_host(&self, request: &Parts) -> bool {
        let mut hosts = request.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
            return false;
        };
        if request.uri.authority().is_some() {
            return false;
        }
        let host = host.to_ascii_lowercase();
        let suffix = format!(":{}", self.port);
        let name = host.strip_suffix(&suffix).or((self.port == 80).then_some(host.as_str()));
        matches!(name, Some("localhost" | "127.0.0.1" | "[::1]"))
    }

    fn is_expected_origin(&self, request: &Parts) -> bool {
        let mut origins = request.headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => origin == "null" || origin == self.authority.as_str(),
            _ => false,
        }
    }
}

fn is_form(request: &Parts) -> bool {
    let value = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
