//! HTTP in one place: one way to build a client, one retry policy, one reading of `Retry-After`.

mod address;
mod arriving;
mod client;
mod echo;
mod error;
mod exchange;
mod retry;
mod sending;
mod settings;
mod spoken_wait;
mod target;
pub(crate) mod trust;
mod wait;

pub use address::{AddressError, ProxyError, check_proxy, check_root, system_proxy};
pub use arriving::{Arriving, Received};
pub use client::HttpClient;
pub use error::{HttpError, HttpErrorKind};
pub use exchange::{Answer, Body, Call};
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, Url};
pub use retry::{Exhausted, Outcome, Repeatable, RetryBudget, RetryDecision, RetryPolicy};
pub use sending::{Turnstile, send, send_by, send_streamed, send_through};
pub(crate) use settings::without_userinfo;
pub use settings::{HttpSettings, Proxy};
pub use target::{is_loopback, require_host_local, require_secure};
#[cfg(fuzzing)]
pub use wait::fuzz_stated_wait;
pub use wait::stated_wait;
