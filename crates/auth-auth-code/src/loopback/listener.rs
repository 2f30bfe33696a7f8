//! Binding: before the page's address is made, since the port is part of it.

use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};

use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use tokio::net::TcpListener;

use super::Limits;
use super::door::Door;
use super::guest::Lobby;
use crate::redirect::Place;

/// Others may hold the port that was free on the first address: so many are tried.
const TRIES: usize = 16;

/// Sockets that wait for a browser, and the redirect URI that leads to them.
#[derive(Debug)]
pub(crate) struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
    path: String,
    redirect_uri: String,
}

impl Listener {
    /// Binds the place's port, or any free one, on 127.0.0.1 and, as `localhost` may mean it, on `[::1]`.
    pub(crate) async fn bind(place: &Place) -> Result<Self, AuthError> {
        let both = place.host == "localhost";
        let sockets = sockets(place.port, both).await.map_err(|error| refusal(place, &error))?;
        let port = sockets
            .first()
            .and_then(|socket| socket.local_addr().ok())
            .map(|address| address.port())
            .ok_or_else(|| refusal(place, &ErrorKind::AddrNotAvailable.into()))?;
        let path = if place.path.is_empty() { "/".to_owned() } else { place.path.clone() };
        let redirect_uri = format!("http://{}:{port}{}", place.host, place.path);
        Ok(Self { sockets, port, path, redirect_uri })
    }

    /// Where the page is to lead back to.
    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Opens the door to whoever brings this state from a page of `authority` (scheme and host).
    pub(crate) fn open(self, state: &str, authority: &str, limits: Limits) -> Lobby {
        let door = Door {
            port: self.port,
            path: self.path,
            state: state.to_owned(),
            authority: authority.to_owned(),
        };
        Lobby::open(self.sockets, door, limits)
    }
}

async fn sockets(port: Option<u16>, both: bool) -> Result<Vec<TcpListener>, Error> {
    let mut last = Error::from(ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
        if !both {
            return Ok(vec![first]);
        }
        match TcpListener::bind((Ipv6Addr::LOCALHOST, first.local_addr()?.port())).await {
            Ok(second) => return Ok(vec![first, second]),
            // Somebody else would get the browser of a machine that prefers IPv6.
            Err(error) if error.kind() == ErrorKind::AddrInUse => last = error,
            // A machine without IPv6.
            Err(_) => return Ok(vec![first]),
        }
        if port.is_some() {
            break;
        }
    }
    Err(last)
}

fn refusal(place: &Place, error: &Error) -> AuthError {
    let what = place.port.map_or_else(|| "on this machine".to_owned(), |port| format!("on port {port}"));
    let hint = match place.port {
        Some(_) => {
            "leave the port out of `redirect-uri`: Entra takes any port of http://localhost; or run `auth start` and \
             `auth complete`"
        }
        None => "run `auth start` and `auth complete`, which need no listener",
    };
    AuthError::new(AuthErrorKind::Setup, format!("cannot wait for the browser {what}: {error}"))
        .with_hint(hint)
        .with_setting("redirect-uri")
}
