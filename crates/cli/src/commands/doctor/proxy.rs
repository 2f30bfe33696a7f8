//! Which proxy is in force, and whether it does its work.

use defender_xdr_core::http::{HttpSettings, Proxy, system_proxy};
use defender_xdr_core::probe::{Route, Unconnected};

use super::finding::Finding;
use super::way::Walked;
use crate::world::World;

pub(super) const CHECK: &str = "proxy";

/// What went wrong with a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProxyFault {
    seen: String,
    remedy: &'static str,
}

impl ProxyFault {
    pub(super) fn of(error: &Unconnected) -> Self {
        let remedy = match error {
            Unconnected::Refused { status: 407, .. } => {
                "it wants a user name and a password: `proxy = \"http://USER:PASSWORD@HOST:PORT\"` in a settings file that \
                 nobody else can read"
            }
            Unconnected::Refused { .. } => {
                "ask who runs the proxy to allow the host, or set `proxy = \"none\"`"
            }
            Unconnected::NoProxy { .. } | Unconnected::Host(_) => {
                "correct `proxy` (or HTTPS_PROXY), or set it to `none` where no proxy is needed"
            }
        };
        Self { seen: error.to_string(), remedy }
    }
}

/// The verdict about the proxy, from the ways that were walked.
pub(super) fn verdict(world: &World, settings: &HttpSettings, walked: &[&Walked]) -> Finding {
    let fault = walked.iter().find_map(|way| way.proxy_fault.as_ref());
    let used = walked.iter().find_map(|way| match &way.route {
        Route::Through(proxy) => Some(proxy),
        Route::Direct => None,
    });
    if let Some(fault) = fault {
        return Finding::problem(CHECK, &fault.seen, fault.remedy);
    }
    match (used, &settings.proxy) {
        (Some(proxy), _) => {
            let by = proxy.variable.as_deref().unwrap_or("`proxy`");
            let whom: Vec<_> = walked
                .iter()
                .filter(|way| matches!(way.route, Route::Through(_)))
                .map(|way| way.host.as_str())
                .collect();
            Finding::ok(CHECK, format!("{} (from {by}) leads to {}", proxy.address, whom.join(", ")))
        }
        (None, Proxy::None) => Finding::ok(CHECK, "none, as `proxy` says"),
        (None, Proxy::Address(_)) => Finding::ok(CHECK, "one is set, and no host needs it"),
        (None, Proxy::System) => match system_proxy(&world.environment) {
            Some((variable, _)) => {
                Finding::ok(CHECK, format!("{variable} names one, and NO_PROXY exempts all hosts"))
            }
            None => Finding::ok(CHECK, "none: neither `proxy` nor HTTPS_PROXY names one"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_wants_a_password_is_told_how() {
        let refused = |status| Unconnected::Refused {
            address: "http://proxy.example:3128/".to_owned(),
            host: "graph.microsoft.com:443".to_owned(),
            status,
        };
        assert!(ProxyFault::of(&refused(407)).remedy.contains("PASSWORD"));
        let forbidden = ProxyFault::of(&refused(403));
        assert!(forbidden.remedy.contains("allow the host"));
        assert!(
            forbidden.seen.contains("refuses the way to graph.microsoft.com:443: HTTP 403"),
            "{forbidden:?}"
        );
    }
}
