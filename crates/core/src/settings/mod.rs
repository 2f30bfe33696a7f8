//! Settings: one flat map of values that know where they came from.
//!
//! Reading files and environment into that map is the feature `settings`; a library user may fill it by hand.

mod error;
mod flows;
mod keys;
#[cfg(feature = "settings")]
mod load;
mod origin;
mod reference;
mod resolver;
#[cfg(feature = "settings")]
mod toml_file;
mod value;
mod values;

pub use error::SettingsError;
pub use flows::{KNOWN_FLOWS, KnownFlow};
pub use keys::{KEYS, Key, find_key, keys, nearest_key};
#[cfg(feature = "settings")]
pub use load::{ENVIRONMENT_PREFIX, Loaded, Sources, load};
pub use origin::Origin;
pub use reference::SecretReference;
pub use resolver::{SecretError, SecretResolver};
pub use value::Value;
pub use values::Values;
