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
pub use load::{ENVIRONMENT_PREFIX, Loaded, Sources, load, profiles};
pub use origin::Origin;
pub use reference::SecretReference;
pub(crate) use reference::told;
pub use resolver::{SecretError, SecretResolver};
pub(crate) use shown::described;
pub use shown::{quoted_word, shown};
pub use value::Value;
pub use values::Values;

/// Reads a text as a settings file, with every profile it names and every value as a secret reference.
#[cfg(fuzzing)]
pub fn fuzz_settings_file(text: &str) {
    let place = |line| Origin::File { path: "fuzz".into(), line, trusted: true, private: true };
    let Ok(file) = toml_file::parse(text, None, place) else { return };
    for profile in &file.profiles {
        let Ok(file) = toml_file::parse(text, Some(profile), place) else { continue };
        for line in file.shared.into_iter().chain(file.selected.into_iter().flatten()) {
            let mut values = Values::default();
            values.set(line.key.clone(), line.text, line.origin);
            // Whatever it is read as, an answer or an error comes back.
            drop((values.secret(&line.key), values.http(), values.cloud(), values.backend()));
        }
    }
}
