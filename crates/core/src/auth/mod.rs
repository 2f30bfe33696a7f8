//! Signing in: flows as constant descriptors, their registry, and the one token manager.

mod account;
mod challenge;
mod claims;
mod context;
mod entry;
mod error;
mod freshness;
mod grant;
mod key;
mod manager;
mod pending;
mod provider;
mod reception;
mod refusal;
mod registry;
mod session;
mod status;

pub use account::{other_person, warn_of_another_account};
pub use challenge::claims_challenge;
pub use claims::{Claims, peek};
pub use context::FlowContext;
pub use entry::{Capabilities, Identity, ProviderEntry, SettingUse};
pub use error::{Actor, AuthError, AuthErrorKind};
pub use freshness::{Freshness, freshness};
pub use grant::{AccessToken, Grant};
pub use key::CacheKey;
pub use manager::{Completion, Started, TokenManager};
pub use pending::{Instruction, Pending};
pub use provider::{Begin, Configured, Finish, Presence, Provider, TokenRequest};
pub use reception::Reception;
pub use registry::{Registry, RegistryError, UnknownFlow};
pub use status::{Refused, SignInStatus};

/// Used by [`crate::register_provider!`] to reach the entry type.
#[doc(hidden)]
pub use entry::Registered;
