//! The way to a host, step by step: its name, a connection, its certificate, and what its clock shows. What comes after a
//! step that failed is skipped, so that one trouble is told once.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use defender_xdr_core::http::{Call, HttpClient, HttpSettings, Url};
use defender_xdr_core::probe::{Route, Trust, Unconnected, connect};
use jiff::SignedDuration;

use super::certificate;
use super::clock;
use super::finding::{Finding, Verdict};
use super::proxy::ProxyFault;
use crate::detached::detached;

/// What the steps to a host are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    pub(super) dns: &'static str,
    pub(super) connection: &'static str,
    pub(super) tls: &'static str,
}

pub(super) const SIGN_IN: Steps =
    Steps { dns: "dns-sign-in", connection: "connection-sign-in", tls: "tls-sign-in" };
pub(super) const GRAPH: Steps = Steps { dns: "dns-graph", connection: "connection-graph", tls: "tls-graph" };
pub(super) const LEGACY: Steps =
    Steps { dns: "dns-legacy", connection: "connection-legacy", tls: "tls-legacy" };

/// What every way has in common.
#[derive(Debug)]
pub(super) struct Gear {
    pub(super) settings: HttpSettings,
    pub(super) http: HttpClient,
    /// Absent when it could not be read.
    pub(super) trust: Option<Trust>,
    /// Where the trusted authorities come from, in words.
    pub(super) trusted: String,
    /// How long a step may take.
    pub(super) deadline: Duration,
}

/// A way that was walked.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) findings: [Finding; 3],
    /// It leads to the host.
    pub(super) is_passable: bool,
    pub(super) host: String,
    pub(super) route: Route,
    pub(super) proxy_fault: Option<ProxyFault>,
    /// How far the host's clock is ahead of this machine's.
    pub(super) ahead: Option<SignedDuration>,
}

impl Steps {
    /// All steps skipped. `why` stands after "because".
    pub(super) fn skipped(self, why: &str) -> [Finding; 3] {
        [self.dns, self.connection, self.tls].map(|check| Finding::skipped(check, why))
    }

    /// Walks to the host of `url`.
    pub(super) async fn walk(self, gear: &Gear, route: Route, url: &Url) -> Walked {
        let host = url.host_str().unwrap_or_default().to_owned();
        let dns = self.name(gear, &route, url).await;
        let mut proxy_fault = None;
        let connection = if dns.is_problem() {
            Err(Finding::skipped(self.connection, format!("the address of {host} is not known")))
        } else {
            match within(gear.deadline, connect(&route, &gear.settings, url)).await {
                Some(Ok(connection)) => Ok(connection),
                Some(Err(Unconnected::Host(error))) => Err(self.nobody(url, &error.to_string())),
                Some(Err(error)) => {
                    let why = "the proxy does not lead there";
                    proxy_fault = Some(ProxyFault::of(&error));
                    Err(Finding::skipped(self.connection, why))
                }
                None => Err(self.nobody(url, &format!("no answer within {} s", gear.deadline.as_secs()))),
            }
        };
        let (connection, tls) = match connection {
            Err(finding) => (finding, Finding::skipped(self.tls, "there is no connection")),
            Ok(connection) => {
                let through = match &route {
                    Route::Direct => String::new(),
                    Route::Through(proxy) => format!(" through the proxy {}", proxy.address),
                };
                let reached = format!("{} answers{through}", whom(url));
                (Finding::ok(self.connection, reached), self.shake_hands(gear, connection, url).await)
            }
        };
        let is_checkable = url.scheme() != "https" || gear.trust.is_some() || gear.settings.insecure;
        let is_passable = connection.verdict == Verdict::Ok && !tls.is_problem() && is_checkable;
        let ahead = if is_passable { ahead(gear, url).await } else { None };
        Walked { findings: [dns, connection, tls], is_passable, host, route, proxy_fault, ahead }
    }

    async fn name(self, gear: &Gear, route: &Route, url: &Url) -> Finding {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if let Route::Through(proxy) = route {
            return Finding::skipped(self.dns, format!("the proxy {} looks names up", proxy.address));
        }
        if host.parse::<IpAddr>().is_ok() {
            return Finding::ok(self.dns, format!("{host} is an address already"));
        }
        let port = url.port_or_known_default().unwrap_or(443);
        let name = host.clone();
        // The system's resolver blocks, and may do so for long.
        let asked =
            detached(move || (name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>));
        let found: Option<io::Result<Vec<SocketAddr>>> = within(gear.deadline, asked).await.flatten();
        match found {
            Some(Ok(addresses)) if !addresses.is_empty() => {
                let mut shown: Vec<_> =
                    addresses.iter().take(3).map(|address| address.ip().to_string()).collect();
                shown.dedup();
                Finding::ok(self.dns, format!("{host} is {}", shown.join(", ")))
            }
            Some(Ok(_)) => self.unknown(&host, "it has no address"),
            Some(Err(error)) => self.unknown(&host, &error.to_string()),
            None => self.unknown(&host, &format!("no answer within {} s", gear.deadline.as_secs())),
        }
    }

    fn unknown(self, host: &str, why: &str) -> Finding {
        Finding::problem(
            self.dns,
            format!("the name {host} is not known here: {why}"),
            "check `cloud`, `authority-host` and `endpoint`, and this machine's name servers; where only a proxy knows names, \
             set `proxy`",
        )
    }

    fn nobody(self, url: &Url, why: &str) -> Finding {
        Finding::problem(
            self.connection,
            format!("cannot connect to {}: {why}", whom(url)),
            "check `cloud`, `authority-host` and `endpoint`, and the firewall; where only a proxy leads out, set `proxy`",
        )
    }

    async fn shake_hands(
        self,
        gear: &Gear,
        connection: defender_xdr_core::probe::Connection,
        url: &Url,
    ) -> Finding {
        let host = url.host_str().unwrap_or_default();
        if url.scheme() != "https" {
            return Finding::skipped(self.tls, "it is plain http, which reaches this machine only");
        }
        let Some(trust) = &gear.trust else {
            return Finding::skipped(self.tls, "it is not known whom to trust");
        };
        let way = certificate::Way { host, insecure: gear.settings.insecure, trusted: &gear.trusted };
        let problem = |why: String| {
            let remedy = "check that the address speaks https, and what on the way answers in its place";
            Finding::problem(self.tls, format!("no TLS with {}: {why}", whom(url)), remedy)
        };
        match within(gear.deadline, trust.shake_hands(connection, url)).await {
            Some(Ok(shaken)) => certificate::verdict(self.tls, way, &shaken, clock::now()),
            Some(Err(error)) => problem(error.to_string()),
            None => problem(format!("no answer within {} s", gear.deadline.as_secs())),
        }
    }
}

/// Host and port.
fn whom(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Asks for the root, without any token: whatever the answer is, it says what time it is there.
async fn ahead(gear: &Gear, url: &Url) -> Option<SignedDuration> {
    let sent = clock::now();
    let answer = within(gear.deadline, gear.http.send(Call::get(url.clone()))).await?.ok()?;
    clock::ahead(&answer, sent, clock::now())
}

/// What a step gives in its time.
pub(super) async fn within<T>(deadline: Duration, step: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(deadline, step).await.ok()
}
