//! What the token lacks for the commands, by the table of permissions.

use defender_xdr_api::{Operation, requirement, smallest_set};
use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;

use super::finding::Finding;

pub(super) const CHECK: &str = "permissions";

/// Whose token it is and what for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) backend: Backend,
    pub(super) identity: Identity,
    /// The commands that have to work; empty for a look at all.
    pub(super) needed: &'a [Operation],
    /// Where an administrator consents.
    pub(super) consent: Option<&'a str>,
}

/// The verdict about what a token holds. Commands that nobody named and that lack something are a warning, as long as
/// incidents can be listed: who only reads has no need to write.
pub(super) fn verdict(asked: Asked<'_>, held: &[String]) -> Finding {
    let Asked { backend, identity, needed, consent } = asked;
    let all = Operation::ALL.into_iter().filter(|operation| operation.is_offered_by(backend));
    let looked_at: Vec<_> = if needed.is_empty() { all.collect() } else { needed.to_vec() };
    let allowed = |operation: &Operation| {
        operation.is_offered_by(backend) && requirement(*operation, backend, identity).is_met_by(held)
    };
    let (fine, lacking): (Vec<_>, Vec<_>) = looked_at.into_iter().partition(allowed);
    let names = |operations: &[Operation]| {
        operations.iter().map(|operation| operation.command()).collect::<Vec<_>>().join(", ")
    };
    let holds = if held.is_empty() { "nothing".to_owned() } else { held.join(" ") };
    if lacking.is_empty() {
        return Finding::ok(CHECK, format!("the token holds {holds}: enough for {}", names(&fine)));
    }
    if let Some(absent) = lacking.iter().find(|operation| !operation.is_offered_by(backend)) {
        let seen = format!("`{}` is not in the {backend} API", absent.command());
        return Finding::problem(CHECK, seen, "set `api = \"graph\"`");
    }
    let grants = smallest_set(&lacking, backend, identity).join(" and ");
    let kind = if identity == Identity::Application { "application" } else { "delegated" };
    let api = requirement(lacking[0], backend, identity).api;
    let how = match consent {
        Some(link) => {
            format!("(app registration, API permissions), then an administrator consents here: {link}")
        }
        None => "as app role assignments of the identity: docs/managed-identity.md shows how".to_owned(),
    };
    let remedy = format!("grant the {kind} permission {grants} of {api} {how}");
    let seen = format!("the token holds {holds}, which is not enough for {}", names(&lacking));
    if needed.is_empty() && fine.contains(&Operation::ListIncidents) {
        let remedy = format!("if these commands are needed, {remedy}");
        return Finding::warning(CHECK, format!("{seen}; it is for {}", names(&fine)), remedy);
    }
    Finding::problem(CHECK, seen, remedy)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    fn judged(needed: &[Operation], held: &[&str]) -> Finding {
        let held: Vec<_> = held.iter().map(|&name| name.to_owned()).collect();
        let consent = Some("https://login.example/adminconsent");
        let (backend, identity) = (Backend::Graph, Identity::Application);
        verdict(Asked { backend, identity, needed, consent }, &held)
    }

    const ALL: [&str; 3] =
        ["SecurityIncident.ReadWrite.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All"];

    #[test]
    fn a_token_for_everything_is_fine() {
        assert_eq!(judged(&[], &ALL).verdict, Verdict::Ok);
    }

    #[test]
    fn who_only_reads_is_warned_and_who_reads_nothing_has_a_problem() {
        let reader = judged(&[], &["SecurityIncident.Read.All"]);
        assert_eq!(reader.verdict, Verdict::Warning);
        let remedy = reader.remedy.expect("a remedy");
        assert!(
            remedy.contains("SecurityIncident.ReadWrite.All") && remedy.contains("adminconsent"),
            "{remedy}"
        );
        assert!(judged(&[], &["ThreatHunting.Read.All"]).is_problem());
        assert!(judged(&[], &[]).seen.contains("holds nothing"));
    }

    #[test]
    fn a_command_that_was_named_has_to_work() {
        assert!(judged(&[Operation::Hunt], &["SecurityIncident.Read.All"]).is_problem());
        assert_eq!(judged(&[Operation::Hunt], &["ThreatHunting.Read.All"]).verdict, Verdict::Ok);
    }

    #[test]
    fn what_an_api_cannot_do_is_no_matter_of_permissions() {
        let asked = Asked {
            backend: Backend::Legacy,
            identity: Identity::Application,
            needed: &[Operation::UpdateAlert],
            consent: None,
        };
        let found = verdict(asked, &["Incident.ReadWrite.All".to_owned()]);
        assert!(found.is_problem() && found.seen.contains("is not in the legacy API"), "{found:?}");
    }
}
