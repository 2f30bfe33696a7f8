//! A vault that ends with the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use super::{Protection, StoreError, Vault, VaultGuard};

/// Records in memory only.
#[derive(Default)]
pub struct MemoryVault(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl std::fmt::Debug for MemoryVault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MemoryVault")
    }
}

impl MemoryVault {
    fn records(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Zeroizing<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for MemoryVault {
    fn load(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.records().get(name).cloned())
    }

    fn save(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        self.records().insert(name.to_owned(), Zeroizing::new(content.to_vec()));
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.records().remove(name).is_some())
    }

    fn lock(&self, _name: &str) -> Result<VaultGuard, StoreError> {
        // Nobody outside this process can see the records, and the token manager has its own lock inside it.
        Ok(Box::new(()))
    }

    fn lasts(&self) -> bool {
        false
    }

    fn protection(&self) -> Protection {
        Protection {
            store: "memory",
            key_source: None,
            key_place: None,
            summary: "kept in memory only and gone when the program ends".to_owned(),
            against: vec![
                "whoever gets the disk, or a copy or backup of it: nothing is written",
                "other users",
            ],
            not_against: vec![
                "programs that run as you, which may read this one's memory while it runs",
                "root",
            ],
        }
    }
}
