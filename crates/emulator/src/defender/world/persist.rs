//! Saving what changed in a world, and putting it back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::World;
use super::record::{AlertChange, Record};
use super::ticks::Ticks;

/// What a world needs besides its options to be the same again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    seed: u64,
    incidents: usize,
    tenant_id: String,
    /// When the world was invented: its times count from there, also after a restart.
    generated_at: Ticks,
    changed: Vec<Record>,
    alerts: BTreeMap<String, AlertChange>,
}

impl World {
    /// Only what differs from a freshly generated world.
    pub(crate) fn save(&self) -> Saved {
        Saved {
            seed: self.seed,
            incidents: self.generated,
            tenant_id: self.tenant_id.clone(),
            generated_at: self.generated_at,
            changed: self.changed.iter().filter_map(|id| self.record(*id)).cloned().collect(),
            alerts: self.alert_changes.clone(),
        }
    }

    /// The world a saved state belongs to.
    pub(crate) fn load(&self, saved: Saved) -> Result<Self, String> {
        if (saved.seed, saved.incidents, saved.tenant_id.as_str())
            != (self.seed, self.generated, self.tenant_id.as_str())
        {
            return Err(format!(
                "the saved incidents belong to another world (seed {}, {} incidents, tenant {})",
                saved.seed, saved.incidents, saved.tenant_id
            ));
        }
        let mut world =
            Self::generate(saved.seed, saved.incidents, &self.tenant_id, &self.domain, saved.generated_at);
        for record in saved.changed {
            let id = record.id;
            if let Some(slot) = world.record_mut(id) {
                *slot = record;
            } else if world.add(saved.generated_at) == id {
                if let Some(slot) = world.record_mut(id) {
                    *slot = record;
                }
            } else {
                return Err(format!("the saved incidents have a gap before {id}"));
            }
        }
        world.alert_changes = saved.alerts;
        Ok(world)
    }
}
