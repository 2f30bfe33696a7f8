//! How to reach the world.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

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

/// An address may hold a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::None => formatter.write_str("None"),
            Self::Address(address) => write!(formatter, "Address({})", without_userinfo(address)),
        }
    }
}

/// How to reach the world.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The proxy. Requests to a loopback address never use one.
    pub proxy: Proxy,
    /// The variable that names the system's proxy, for messages.
    pub system_proxy: Option<String>,
    /// PEM certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether the system's certificates are trusted.
    pub system_roots: bool,
    /// Accepts any certificate. For tests against a broken set-up only.
    pub insecure: bool,
    /// The longest a request may take from connecting to the last byte.
    pub timeout: Duration,
    /// The longest that connecting may take, when that is less than `timeout`.
    pub connect_timeout: Duration,
    /// `User-Agent`.
    pub user_agent: String,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            proxy: Proxy::System,
            system_proxy: None,
            ca_file: None,
            system_roots: true,
            insecure: false,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("defender-xdr/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A proxy address may hold a password; errors show it without.
pub(crate) fn without_userinfo(address: &str) -> String {
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
