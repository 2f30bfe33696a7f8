//! One change of one incident, from reading it to knowing how it ended.

use std::sync::Arc;

use defender_xdr_api::incidents::{IncidentChange, Manner, PlannedChange, Written};
use defender_xdr_api::{ApiError, Client};
use defender_xdr_core::store::Vault;

use super::claims::Claims;
use super::manner::Ways;
use super::turns::wait_for_turn;
use crate::failure::Failure;
use crate::session::Session;

/// The same change for any number of incidents.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) client: Client,
    vault: Arc<dyn Vault>,
    tenant: String,
    change: IncidentChange,
    manner: Manner,
    dry_run: bool,
    claims: Claims,
}

/// How far a change went.
#[derive(Debug)]
pub(super) enum Step {
    /// Only compared, as asked for.
    Planned(PlannedChange),
    /// Made, or found to be made already.
    Written(PlannedChange, Written),
    /// Left as it is: the incident that goes on was changed, or compared, for another of the ids.
    Done(PlannedChange),
}

impl Worker {
    /// A worker for a change that can be made at all.
    pub(super) fn new(session: &Session, change: IncidentChange, ways: &Ways) -> Result<Self, Failure> {
        let change = session.told(change.checked(session.backend), "command line")?;
        let tenant = session.context.values.text("tenant-id").unwrap_or_default().to_ascii_lowercase();
        Ok(Self {
            client: session.client()?,
            vault: Arc::clone(&session.vault),
            tenant,
            change,
            manner: ways.manner(),
            dry_run: ways.dry_run,
            claims: Claims::default(),
        })
    }

    /// The same for a long job: its calls let those of others go first.
    pub(super) fn in_background(self) -> Self {
        Self { client: self.client.in_background(), ..self }
    }

    pub(super) async fn run(&self, id: &str) -> Result<Step, ApiError> {
        let takes_turns = self.change.tags.is_some() && !self.dry_run;
        let turn = |id: String| async move {
            if takes_turns { wait_for_turn(&self.vault, &self.tenant, &id).await } else { None }
        };
        let plan =
            |id: String| async move { self.client.plan_change(&id, self.change.clone(), self.manner).await };
        let mut held = turn(id.to_owned()).await;
        let mut planned = plan(id.to_owned()).await?;
        if takes_turns && !planned.passed.is_empty() {
            // It is another incident's turn that has to be waited for, and it may change until then.
            drop(held);
            let target = planned.current.id().to_owned();
            held = turn(target.clone()).await;
            let again = plan(target).await?;
            let passed = planned.passed;
            planned = again;
            planned.passed.splice(0..0, passed);
        }
        let target = planned.current.id().to_owned();
        if self.dry_run {
            let compared = self.claims.once(&target, async { Ok(()) }).await?;
            return Ok(if compared.is_some() { Step::Planned(planned) } else { Step::Done(planned) });
        }
        let written = self.claims.once(&target, Box::pin(self.client.carry_out(&planned))).await?;
        drop(held);
        Ok(match written {
            Some(written) => Step::Written(planned, written),
            None => Step::Done(planned),
        })
    }
}
