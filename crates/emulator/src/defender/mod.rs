//! Microsoft Defender XDR of one invented tenant: incidents, alerts and advanced hunting, in the legacy dialect
//! (`/api/...`) and in that of Microsoft Graph (`/v1.0/security/...`), over one set of facts.

mod author;
mod authorize;
mod control;
mod cpu;
mod divergence;
mod filter;
mod graph;
mod json;
mod kql;
mod legacy;
mod link;
mod nested;
mod path;
mod quota;
mod switches;
mod title;
mod world;

use jiff::Timestamp;
use serde_json::{Value, json};

use self::cpu::Cpu;
use self::divergence::Dialect;
use self::quota::Quota;
use self::switches::Switches;
use self::world::World;
use self::world::random::SplitMix64;
use self::world::ticks::Ticks;
use crate::caller::{Caller, TokenFault};
use crate::exchange::{Request, Response};

const STREAM_TRACKING: u64 = 9;

/// Incidents, alerts and hunting of one tenant.
pub struct Defender {
    world: World,
    switches: Switches,
    quota: Quota,
    cpu: Cpu,
    /// Requests answered so far: the tracking ids count along.
    requests: u64,
}

/// What a tenant's facts are invented from.
#[derive(Debug, Clone)]
pub struct WorldOptions {
    /// The same seed, number of incidents and time give the same facts.
    pub seed: u64,
    /// How many incidents there are at first, spread over the thirty days before. Rare oddities of real payloads
    /// are planted on the newest forty.
    pub incidents: usize,
    /// GUID of the tenant; tokens of other tenants are refused.
    pub tenant_id: String,
    /// Verified domain of the tenant, such as `aurora-lab.example`.
    pub tenant_domain: String,
    /// Enforce the call quotas of both APIs.
    pub limits: bool,
}

impl Defender {
    /// Invents the facts of a tenant as they stand at `now`.
    pub fn generate(options: &WorldOptions, now: Timestamp) -> Self {
        let WorldOptions { seed, incidents, tenant_id, tenant_domain, limits } = options;
        Self {
            world: World::generate(*seed, *incidents, tenant_id, tenant_domain, Ticks::from_timestamp(now)),
            switches: Switches { limits: *limits, ..Switches::default() },
            quota: Quota::default(),
            cpu: Cpu::default(),
            requests: 0,
        }
    }

    /// Answers a request of either API: `/api/...` is the legacy one, `/v1.0/...` Graph; `None` for other paths.
    pub fn handle(
        &mut self,
        caller: &Result<Caller, TokenFault>,
        request: &Request,
        now: Timestamp,
    ) -> Option<Response> {
        match request.path.split('/').nth(1) {
            Some("api") => Some(self.diverging(Dialect::Legacy, request, |defender| {
                legacy::handle(defender, caller, request, now)
            })),
            Some("v1.0") => Some(self.diverging(Dialect::Graph, request, |defender| {
                graph::handle(defender, caller, request, now)
            })),
            _ => None,
        }
    }

    /// What differs from a freshly generated tenant, and the time that its facts count from.
    pub fn snapshot(&self) -> Value {
        json!({ "world": self.world.save(), "switches": self.switches })
    }

    /// Puts a snapshot back.
    ///
    /// # Errors
    /// A text for people when the snapshot is malformed or belongs to a tenant generated from other options; nothing
    /// has changed then.
    pub fn restore(&mut self, snapshot: &Value) -> Result<(), String> {
        let part = |name: &str| snapshot.get(name).cloned().ok_or_else(|| format!("'{name}' is missing"));
        let saved = serde_json::from_value(part("world")?).map_err(|fault| format!("world: {fault}"))?;
        let switches: Switches =
            serde_json::from_value(part("switches")?).map_err(|fault| format!("switches: {fault}"))?;
        self.world = self.world.load(saved)?;
        // Whether quotas count is decided by whoever starts the tenant, not by what it was before.
        self.switches = Switches { limits: self.switches.limits, ..switches };
        Ok(())
    }

    /// Answers `/_control/defender/...`: switches (`options`), `incidents`, `incidents/{id}/touch`, `merge`; `None`
    /// for other paths.
    pub fn control(&mut self, request: &Request, now: Timestamp) -> Option<Response> {
        control::handle(self, request, now)
    }

    fn next_tracking_id(&mut self) -> String {
        self.requests += 1;
        SplitMix64::keyed(self.world.seed, STREAM_TRACKING, self.requests).guid()
    }
}

#[cfg(test)]
mod tests;
