//! The button that tests an instance: a real test in every flow.

use defender_xdr_api::incidents::{Extent, IncidentQuery};
use defender_xdr_core::auth::Identity;
use serde_json::Value;

use super::{Failure, Instance};

/// A token; and for an application that signs in as itself, a look at one incident.
pub(super) async fn run(instance: &Instance<'_>) -> Result<Value, Failure> {
    instance.tokens.token().await?;
    if instance.flow.capabilities.identity == Identity::Application && instance.flow.id != "managed-identity"
    {
        let query = IncidentQuery { extent: Extent::AtMost(1), ..IncidentQuery::default() };
        instance.client.list_incidents(&query).next().await?;
    }
    Ok("ok".into())
}
