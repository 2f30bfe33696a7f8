//! Which identity a request means.

use super::switches::Switches;
use crate::directory::managed_identities::{ManagedIdentity, SYSTEM, USER_ASSIGNED};
use crate::exchange::Request;

/// A parameter that names an identity, as a host calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Client,
    Object,
    Resource,
}

/// Why no identity is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotChosen {
    /// Two parameters name one.
    TwoIds,
    /// None has this id, or there is none.
    NotFound,
    /// Several are assigned, and none is named.
    Ambiguous,
}

/// A chosen identity, and how it was named if it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) identity: &'static ManagedIdentity,
    pub(super) named: Option<(&'static str, &'a str)>,
}

/// The identity a request means, by the parameters this host knows.
pub(super) fn choose<'a>(
    request: &'a Request,
    parameters: &[(&'static str, By)],
    switches: &Switches,
) -> Result<Chosen<'a>, NotChosen> {
    let mut named =
        parameters.iter().filter_map(|&(name, by)| request.option(name).map(|value| (name, by, value)));
    let first = named.next();
    if named.next().is_some() {
        return Err(NotChosen::TwoIds);
    }
    let assigned: Vec<&'static ManagedIdentity> = USER_ASSIGNED
        .iter()
        .copied()
        .filter(|identity| switches.user_assigned.iter().any(|name| name == identity.application.name))
        .collect();
    let Some((name, by, value)) = first else {
        return match (switches.system_assigned, assigned.as_slice()) {
            (true, _) => Ok(Chosen { identity: &SYSTEM, named: None }),
            (false, [only]) => Ok(Chosen { identity: only, named: None }),
            (false, []) => Err(NotChosen::NotFound),
            (false, _) => Err(NotChosen::Ambiguous),
        };
    };
    let system = switches.system_assigned.then_some(&SYSTEM);
    let identity = assigned.into_iter().chain(system).find(|identity| {
        let id = match by {
            By::Client => identity.application.id,
            By::Object => identity.object_id,
            By::Resource => identity.resource_id,
        };
        id.eq_ignore_ascii_case(value)
    });
    let identity = identity.ok_or(NotChosen::NotFound)?;
    Ok(Chosen { identity, named: Some((name, value)) })
}
