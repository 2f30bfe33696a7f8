//! What every place of a sealing key can do.

use std::fmt;

use super::bytes::SealingKey;
use crate::store::error::StoreError;

/// A place that a sealing key comes from.
pub trait KeySource: fmt::Debug + Send + Sync {
    /// The word of the settings, such as `file`.
    fn id(&self) -> &'static str;

    /// Where the key is, in words that continue "sealed with": `the key /path`.
    fn place(&self) -> String;

    /// The key; `None` when there is none yet. Asked again before each record is sealed, so that a key that another
    /// process changed is noticed.
    ///
    /// # Errors
    /// When there is one that cannot be used.
    fn read(&self) -> Result<Option<SealingKey>, StoreError>;

    /// The key, made now if there is none and this place can hold a new one.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    fn read_or_create(&self) -> Result<SealingKey, StoreError>;

    /// A new key that is not in its place yet; `None` when somebody else brings the key here.
    ///
    /// # Errors
    /// When none can be made.
    fn draw(&self) -> Result<Option<Replacement>, StoreError>;

    /// Whether a key could be read now, without the work of reading it.
    ///
    /// # Errors
    /// What [`KeySource::read`] would fail with.
    fn check(&self) -> Result<(), StoreError> {
        self.read().map(|_| ())
    }

    /// Whom records sealed with this key are safe from.
    fn guards_against(&self) -> &'static [&'static str];

    /// Who can open them all the same.
    fn no_guard_against(&self) -> &'static [&'static str];
}

/// A new key, and how to put it into its place.
pub struct Replacement {
    key: SealingKey,
    install: Box<dyn FnOnce() -> Result<(), StoreError> + Send>,
}

impl Replacement {
    /// A new key; `install` replaces the old one by it, all or nothing.
    pub fn new(key: SealingKey, install: impl FnOnce() -> Result<(), StoreError> + Send + 'static) -> Self {
        Self { key, install: Box::new(install) }
    }

    /// The new key.
    pub fn key(&self) -> &SealingKey {
        &self.key
    }

    /// Replaces the old key. From here on every process seals with the new one.
    ///
    /// # Errors
    /// When it cannot be written; then the old key is still in its place.
    pub fn install(self) -> Result<(), StoreError> {
        (self.install)()
    }
}

impl fmt::Debug for Replacement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Replacement").field("key", &self.key).finish_non_exhaustive()
    }
}
