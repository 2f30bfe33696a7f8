//! The library from outside: HTTP over real sockets, settings over real files.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod host_services;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod settings_layers;
#[cfg(test)]
mod stated_waits;
#[cfg(test)]
mod tls;

/// A client for this machine that trusts no certificate.
#[cfg(test)]
fn local() -> defender_xdr_core::http::HttpClient {
    use defender_xdr_core::http::{HttpClient, HttpSettings};
    HttpClient::new(HttpSettings { system_roots: false, ..HttpSettings::default() })
}
