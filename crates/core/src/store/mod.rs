//! Where tokens and named secrets rest between runs.

#[cfg(feature = "file-store")]
pub mod atomic;
mod error;
mod ledger;
#[cfg(feature = "file-store")]
mod ledger_file;
mod memory;
#[cfg(feature = "file-store")]
mod private_lock;
mod protection;
#[cfg(feature = "file-store")]
mod rotation;
#[cfg(feature = "file-store")]
mod seal;
#[cfg(feature = "file-store")]
mod sealed;
#[cfg(feature = "file-store")]
pub mod sealing_key;

use std::any::Any;
use std::fmt::Debug;

use zeroize::Zeroizing;

pub use error::{StoreError, StoreErrorKind};
pub use ledger::{Change, Ledger, MemoryLedger};
#[cfg(feature = "file-store")]
pub use ledger_file::FileLedger;
pub use memory::MemoryVault;
pub use protection::Protection;
#[cfg(feature = "file-store")]
pub use rotation::Rotation;
#[cfg(feature = "file-store")]
pub use sealed::SealedVault;

/// Holds a lock on a name until dropped.
pub type VaultGuard = Box<dyn Any + Send>;

/// A place for secret records, addressed by names of lower-case letters, digits and `-`.
pub trait Vault: Debug + Send + Sync {
    /// The record, `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read or opened; the text names the file.
    fn load(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Replaces the record, all or nothing.
    ///
    /// # Errors
    /// When it cannot be written; then the old record is still there.
    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError>;

    /// Deletes the record. Whether there was one.
    ///
    /// # Errors
    /// When it cannot be deleted.
    fn remove(&self, name: &str) -> Result<bool, StoreError>;

    /// Removes what writers left that were killed amid their work.
    ///
    /// # Errors
    /// When there is something that cannot be deleted.
    fn sweep(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Waits until nobody else, in any process, holds this name. Blocks the thread, but not for ever.
    ///
    /// # Errors
    /// When there is no place for a lock, or another process does not let go.
    fn lock(&self, name: &str) -> Result<VaultGuard, StoreError>;

    /// Whether records outlive this process.
    fn lasts(&self) -> bool;

    /// Honest words on what protects the records and against whom.
    fn protection(&self) -> Protection;
}
