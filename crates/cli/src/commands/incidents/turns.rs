//! Changes of tags take turns on this machine: both APIs only replace the whole set, so what another process adds between
//! our reading and our writing would be lost.

use std::sync::Arc;

use defender_xdr_core::store::{Vault, VaultGuard};

use crate::detached::detached;

/// Lock files are never deleted, so there are no more than these. Two incidents that share one only wait longer.
const SLOTS: u64 = 64;

/// Waits until no other process of this user changes the tags of this incident. Without a place for the lock nobody is
/// kept from working: a warning says what is missing.
pub(super) async fn wait_for_turn(vault: &Arc<dyn Vault>, tenant: &str, id: &str) -> Option<VaultGuard> {
    let name = lock_name(tenant, id);
    let vault = Arc::clone(vault);
    match detached(move || vault.lock(&name)).await? {
        Ok(guard) => Some(guard),
        Err(error) => {
            tracing::warn!("{error}; another process that changes the same tags now may undo this change");
            None
        }
    }
}

/// Every version of the program must find the same name, so the hash is spelled out (FNV-1a, 64 bits).
fn lock_name(tenant: &str, id: &str) -> String {
    let bytes = tenant.bytes().chain([0]).chain(id.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("incident-tags-{:02}", (hash ^ (hash >> 32)) % SLOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_every_version_and_few() {
        assert_eq!(lock_name("t", "20250"), lock_name("t", "20250"));
        let names: std::collections::BTreeSet<_> =
            (0..5_000).map(|id| lock_name("aurora-lab.example", &id.to_string())).collect();
        assert_eq!(names.len(), 64);
        assert!(names.contains("incident-tags-00") && names.contains("incident-tags-63"));
    }
}
