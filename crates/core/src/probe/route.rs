//! Which way a request to an address takes: straight, or through a proxy. Decided by the same code that decides it for
//! requests, over the environment that is passed in.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;

use crate::http::{HttpSettings, Proxy, Url, is_loopback, system_proxy, without_userinfo};
use crate::{Environment, Secret};

/// Which way a request takes.
#[derive(Debug, Clone)]
pub enum Route {
    /// Straight to the host.
    Direct,
    /// Through a proxy.
    Through(ProxyRoute),
}

/// A proxy.
#[derive(Clone)]
pub struct ProxyRoute {
    /// Its address without user name and password.
    pub address: String,
    /// The variable that names it; `None` when the settings do.
    pub variable: Option<String>,
    pub(super) host: String,
    pub(super) port: u16,
    /// It is spoken to over TLS.
    pub(super) is_https: bool,
    /// `Proxy-Authorization`.
    pub(super) authorization: Option<Secret>,
}

/// No password.
impl fmt::Debug for ProxyRoute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ProxyRoute").field(&self.address).finish()
    }
}

impl Route {
    /// The way of a request to `url`.
    pub fn of(settings: &HttpSettings, environment: &Environment, url: &Url) -> Self {
        if is_loopback(url) {
            return Self::Direct;
        }
        let (matcher, variable) = match &settings.proxy {
            Proxy::None => return Self::Direct,
            Proxy::Address(address) => (Matcher::builder().all(address.clone()).build(), None),
            Proxy::System => {
                let Some((variable, address)) = system_proxy(environment) else { return Self::Direct };
                let exempt = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| environment.get(name));
                let matcher = Matcher::builder().https(address).no(exempt.unwrap_or_default()).build();
                (matcher, Some(variable.to_owned()))
            }
        };
        let intercepted = url.as_str().parse().ok().and_then(|uri| matcher.intercept(&uri));
        let Some(proxy) = intercepted else { return Self::Direct };
        let uri = proxy.uri();
        let is_https = uri.scheme_str() == Some("https");
        let host = uri.host().unwrap_or_default().to_owned();
        let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let authorization = proxy.basic_auth().and_then(|value| value.to_str().ok()).map(Secret::new);
        let address = without_userinfo(&uri.to_string());
        Self::Through(ProxyRoute { address, variable, host, port, is_https, authorization })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(proxy: Proxy, variables: &[(&str, &str)], url: &str) -> Option<ProxyRoute> {
        let settings = HttpSettings { proxy, ..HttpSettings::default() };
        let environment: Environment = variables.iter().copied().collect();
        match Route::of(&settings, &environment, &Url::parse(url).expect("an address")) {
            Route::Direct => None,
            Route::Through(proxy) => Some(proxy),
        }
    }

    const GRAPH: &str = "https://graph.microsoft.com/";

    #[test]
    fn the_systems_proxy_is_passed_by_where_a_variable_exempts_the_host() {
        let proxy = ("HTTPS_PROXY", "http://dana:planted@proxy.example:3128");
        let found = route(Proxy::System, &[proxy], GRAPH).expect("a proxy");
        assert_eq!((found.host.as_str(), found.port), ("proxy.example", 3128));
        assert_eq!(found.variable.as_deref(), Some("HTTPS_PROXY"));
        assert!(found.authorization.is_some());
        assert!(!format!("{found:?}{}", found.address).contains("planted"));
        assert!(route(Proxy::System, &[proxy, ("NO_PROXY", ".microsoft.com")], GRAPH).is_none());
        assert!(route(Proxy::System, &[], GRAPH).is_none());
        assert!(route(Proxy::None, &[proxy], GRAPH).is_none());
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy_and_others_through_that_of_the_settings() {
        let proxy = || Proxy::Address("http://proxy.example:3128".to_owned());
        assert!(route(proxy(), &[], "http://127.0.0.1:9/").is_none());
        let exempt = [("NO_PROXY", "graph.microsoft.com")];
        assert!(route(proxy(), &exempt, GRAPH).is_some_and(|found| found.variable.is_none()));
    }
}
