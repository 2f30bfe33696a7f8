//! What every sign-in flow and every API client of `defender-xdr` shares.
//!
//! - [`auth`]: flows as constant descriptors, their registry, and the one token manager.
//! - [`entra`]: Microsoft Entra authorities, the token endpoint, its errors.
//! - [`http`]: the only place that builds an HTTP client; retry policy.
//! - `probe` (a feature): the way to a host, step by step.
//! - [`retirement`]: what Microsoft turns off, and when.
//! - [`settings`]: a flat map of values that know where they came from; secret references.
//! - [`store`]: where tokens and named secrets rest, sealed.
//!
//! ```
//! use std::time::Duration;
//!
//! use defender_xdr_core::settings::Values;
//!
//! let values = Values::from_iter([("timeout", "5"), ("client-secret", "planted")]);
//! assert_eq!(values.seconds("timeout", 30)?, Duration::from_secs(5));
//! assert!(!format!("{values:?}").contains("planted"), "no secret is ever shown");
//! # Ok::<(), defender_xdr_core::settings::SettingsError>(())
//! ```
//!
//! Invariant: this crate knows no provider, no API and no terminal. It reads no process globals (environment,
//! arguments, current directory) and prints nothing: the caller passes the world in.

pub mod auth;
pub mod backend;
mod clock;
pub mod entra;
mod environment;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod http;
#[cfg(feature = "keyring")]
mod keyring_entry;
#[cfg(feature = "probe")]
pub mod probe;
pub mod retirement;
mod secret;
pub mod settings;
pub mod store;

#[cfg(any(test, feature = "testing"))]
pub use clock::ManualClock;
pub use clock::{Clock, SystemClock};
pub use environment::Environment;
pub use jiff::Timestamp;
#[cfg(feature = "keyring")]
pub use keyring_entry::SERVICE as KEYRING_SERVICE;
pub use secret::Secret;

/// Used by [`register_provider!`]; not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
}
