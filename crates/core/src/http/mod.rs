//! HTTP in one place: one way to build a client, one retry policy, one reading of `Retry-After`.

mod client;
mod error;
mod exchange;
mod retry;
mod settings;
mod target;
mod trust;
mod wait;

pub use client::HttpClient;
pub use error::{HttpError, HttpErrorKind};
pub use exchange::{Answer, Body, Call};
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, Url};
pub use retry::{Exhausted, Outcome, Repeatable, RetryBudget, RetryDecision, RetryPolicy, send};
pub use settings::{HttpSettings, Proxy};
pub use target::{is_loopback, require_secure};
pub use wait::stated_wait;
