//! Settings: one flat map of values that know where they came from.
//!
//! Reading files and environment into that map is the feature `settings`; a library user may fill it by hand.

mod error;
mod flows;
mod keys;
#[cfg(feature = "settings")]
mod load;
mod origin;
#[cfg(feature = "settings")]
mod ownership;
mod process_group;
mod reference;
mod resolver;
mod shown;
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
pub(crate) use reference::told;
pub use resolver::{SecretError, SecretResolver};
pub(crate) use shown::described;
pub use shown::{quoted_word, shown};
pub use value::Value;
pub use values::Values;
