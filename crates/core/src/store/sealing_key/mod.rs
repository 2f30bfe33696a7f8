//! The key that seals records, and the places it may come from: one file each. Which one is a setting, never a guess.

mod bytes;
mod encoded;
mod environment;
mod key_file;
#[cfg(feature = "keyring")]
mod keyring;
mod passphrase;
mod source;
mod stretching;
mod systemd;

pub(in crate::store) use bytes::KEY_ID_LEN;
pub(in crate::store) use bytes::KEY_LEN;
pub use bytes::SealingKey;
pub use environment::EnvironmentKey;
pub use key_file::KeyFile;
#[cfg(feature = "keyring")]
pub use keyring::KeyringKey;
pub use passphrase::PassphraseKey;
pub use source::{KeySource, Replacement};
pub use systemd::SystemdCredential;
