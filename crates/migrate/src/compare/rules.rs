//! What is known to differ between the two APIs, as a table: where, how, why, and who says so.

use serde_json::Value;

use super::kind::Kind;
use super::place::covers;

/// A difference that is known.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in reports.
    pub id: &'static str,
    /// Where it holds; `*` at one end stands for anything. Empty for rules about lists and whole incidents.
    pub places: &'static [&'static str],
    /// How the two values have to differ.
    kind: Kind,
    /// Why it is no fault.
    pub why: &'static str,
    /// Who says so.
    pub source: &'static str,
}

const INCIDENT: &str = "Microsoft Graph v1.0, incident resource type";
const ALERT: &str = "Microsoft Graph v1.0, alert resource type";
const EVIDENCE: &str = "Microsoft Graph v1.0, alertEvidence resource type";
const LEGACY: &str = "Defender XDR, List incidents API";
const ENUMS: &str =
    "Microsoft Graph v1.0, enumerations and the header `Prefer: include-unknown-enum-members`";
const OBSERVED: &str = "observed in answers of both APIs; Microsoft says nothing about it";

pub(super) static NOTHING: Rule = Rule {
    id: "nothing",
    places: &["*"],
    kind: Kind::Nothing,
    why: "null, a missing member, an empty text and an empty list all mean nothing",
    source: OBSERVED,
};

pub(super) static TIME_PRECISION: Rule = Rule {
    id: "time-precision",
    places: &["*DateTime", "*firstSeen"],
    kind: Kind::Milliseconds,
    why: "times have 0 to 7 digits behind the second; these are equal to the millisecond",
    source: OBSERVED,
};

pub(super) static AWAITING_ACTION: Rule = Rule {
    id: "awaiting-action",
    places: &["status"],
    kind: Kind::Awaiting,
    why: "the legacy API has no word for an incident that awaits an action and shows it as active",
    source: ENUMS,
};

pub(super) static LATER_WORD: Rule = Rule {
    id: "later-word",
    places: &["*"],
    kind: Kind::Placeholder,
    why: "`unknownFutureValue` is Graph's placeholder for words that were added later",
    source: ENUMS,
};

pub(super) static UNSET_WORD: Rule = Rule {
    id: "unset-word",
    places: &["*classification", "*determination", "*severity", "*investigationState"],
    kind: Kind::Unset,
    why: "what nobody has set is null or missing on one API and `unknown` on the other",
    source: LEGACY,
};

pub(super) static WORD_CASE: Rule = Rule {
    id: "word-case",
    places: &[
        "*tatus",
        "*everity",
        "*lassification",
        "*etermination",
        "*Source",
        "*investigationState",
        "*verdict",
        "*riskScore",
        "*deliveryAction",
        "*category",
        "*deviceDnsName",
    ],
    kind: Kind::Case,
    why: "words of enumerations and names of hosts are the same in any case",
    source: OBSERVED,
};

pub(super) static NUMBER_AS_TEXT: Rule = Rule {
    id: "number-as-text",
    places: &["*"],
    kind: Kind::NumberAsText,
    why: "the same number is text in some answers",
    source: OBSERVED,
};

pub(super) static OWNER_NAME: Rule = Rule {
    id: "owner-name",
    places: &["assignedTo", "alerts[].assignedTo"],
    kind: Kind::Person,
    why: "an owner is named by the sign-in name in any case, or by the display name",
    source: OBSERVED,
};

pub(super) static COMMENT_AUTHOR: Rule = Rule {
    id: "comment-author",
    places: &["comments[].createdByDisplayName", "alerts[].comments[].createdByDisplayName"],
    kind: Kind::Any,
    why: "the legacy API names the author of a comment by sign-in name, Graph by display name",
    source: "Microsoft Graph v1.0, alertComment resource type",
};

pub(super) static GRAPH_ONLY: Rule = Rule {
    id: "graph-only",
    places: &[
        "tenantId",
        "incidentWebUrl",
        "description",
        "summary",
        "resolvingComment",
        "systemTags",
        "lastModifiedBy",
        "priorityScore",
        "*@odata.type",
    ],
    kind: Kind::GraphAlone,
    why: "only Graph has this member of an incident",
    source: INCIDENT,
};

pub(super) static GRAPH_ONLY_OF_ALERTS: Rule = Rule {
    id: "graph-only-of-alerts",
    places: &[
        "alerts[].providerAlertId",
        "alerts[].productName",
        "alerts[].tenantId",
        "alerts[].recommendedActions",
        "alerts[].categories",
        "alerts[].alertWebUrl",
        "alerts[].incidentWebUrl",
        "alerts[].threatDisplayName",
        "alerts[].systemTags",
        "alerts[].alertPolicyId",
        "alerts[].additionalData",
        "alerts[].customDetails",
        "alerts[].comments",
    ],
    kind: Kind::GraphAlone,
    why: "only Graph has this member of an alert",
    source: ALERT,
};

pub(super) static GRAPH_ONLY_OF_EVIDENCE: Rule = Rule {
    id: "graph-only-of-evidence",
    places: &["alerts[].evidence[].*"],
    kind: Kind::GraphAlone,
    why: "evidence on Graph tells more than the legacy devices and entities",
    source: EVIDENCE,
};

pub(super) static NEW_MEMBER: Rule = Rule {
    id: "new-member",
    places: &["*"],
    kind: Kind::Unheard,
    why: "Graph sends a member that no table knows; who leaves the legacy API loses nothing by it",
    source: "Microsoft Graph, best practices: members may be added at any time",
};

pub(super) static LEGACY_ONLY: Rule = Rule {
    id: "legacy-only",
    places: &["incidentUri", "entities", "detectionSource", "alerts[].investigationId"],
    kind: Kind::LegacyAlone,
    why: "only the legacy API has this member: whoever reads it needs something else on Graph",
    source: LEGACY,
};

pub(super) static LEGACY_ONLY_OF_EVIDENCE: Rule = Rule {
    id: "legacy-only-of-evidence",
    places: &["alerts[].evidence[].osProcessor"],
    kind: Kind::LegacyAlone,
    why: "only the legacy devices and entities have this member",
    source: LEGACY,
};

pub(super) static EVIDENCE_MORE: Rule = Rule {
    id: "evidence-more",
    places: &["alerts[].evidence", "alerts[].evidence[]", "alerts[].evidence[].*"],
    kind: Kind::GraphMore,
    why: "the legacy API leaves out devices and entities of some alerts, or members of them; Graph has them",
    source: OBSERVED,
};

pub(super) static EVIDENCE_LESS: Rule = Rule {
    id: "evidence-less",
    places: &[
        "alerts[].evidence[].parentProcessImageFile",
        "alerts[].evidence[].imageFile",
        "alerts[].evidence[].userAccount.accountName",
    ],
    kind: Kind::LegacyMore,
    why: "Graph leaves out the image of a process, or the name of an account, in some alerts and has it in others",
    source: OBSERVED,
};

pub(super) static TYPE_MARK: Rule = Rule {
    id: "type-mark",
    places: &["*@odata.type"],
    kind: Kind::TypeMark,
    why: "the `#` before the name of a type may be missing",
    source: OBSERVED,
};

const fn whole(id: &'static str, why: &'static str, source: &'static str) -> Rule {
    Rule { id, places: &[], kind: Kind::Whole, why, source }
}

pub(super) static ORDER: Rule =
    whole("order", "the same items in another order; neither API promises one", OBSERVED);

pub(super) static ALERT_ID_PREFIX: Rule = whole(
    "alert-id-prefix",
    "the same alert: its id has a prefix of two letters for the product on one API",
    OBSERVED,
);

pub(super) static EVIDENCE_KIND: Rule = whole(
    "evidence-kind",
    "evidence of a kind that the legacy API has no entity for, or that no table pairs with one: not compared",
    EVIDENCE,
);

pub(super) static PUBLICATION: Rule = whole(
    "publication-lag",
    "created a moment ago: an incident need not be on both APIs at the same time",
    OBSERVED,
);

pub(super) static MERGED: Rule =
    whole("merged", "merged into another incident, which one API lists and the other does not", INCIDENT);

pub(super) static CHANGED: Rule = whole(
    "changed-meanwhile",
    "it was changed between the two readings, or while it was read again",
    OBSERVED,
);

/// In the order in which they are tried: what says more comes first.
static RULES: [&Rule; 24] = [
    &NOTHING,
    &TIME_PRECISION,
    &AWAITING_ACTION,
    &LATER_WORD,
    &UNSET_WORD,
    &WORD_CASE,
    &NUMBER_AS_TEXT,
    &OWNER_NAME,
    &COMMENT_AUTHOR,
    &GRAPH_ONLY,
    &GRAPH_ONLY_OF_ALERTS,
    &GRAPH_ONLY_OF_EVIDENCE,
    &LEGACY_ONLY,
    &LEGACY_ONLY_OF_EVIDENCE,
    &EVIDENCE_MORE,
    &EVIDENCE_LESS,
    &TYPE_MARK,
    &NEW_MEMBER,
    &ORDER,
    &ALERT_ID_PREFIX,
    &EVIDENCE_KIND,
    &MERGED,
    &PUBLICATION,
    &CHANGED,
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.into_iter()
}

/// The rule that explains two values at a place.
pub(super) fn explaining(
    place: &str,
    legacy: Option<&Value>,
    graph: Option<&Value>,
) -> Option<&'static Rule> {
    RULES.into_iter().find(|rule| {
        rule.places.iter().any(|pattern| covers(pattern, place)) && rule.kind.holds(place, legacy, graph)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_why() {
        let ids: HashSet<_> = rules().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().count());
        assert!(rules().all(|rule| !rule.why.is_empty() && !rule.source.is_empty()));
        assert!(rules().all(|rule| rule.places.is_empty() == (rule.kind == Kind::Whole)));
    }

    fn rule(place: &str, (legacy, graph): (Value, Value)) -> Option<&'static str> {
        explaining(place, Some(&legacy), Some(&graph)).map(|rule| rule.id)
    }

    #[test]
    fn words_are_explained_only_where_they_are_words() {
        assert_eq!(rule("status", (json!("active"), json!("awaitingAction"))), Some("awaiting-action"));
        assert_eq!(rule("status", (json!("resolved"), json!("awaitingAction"))), None);
        assert_eq!(rule("status", (json!("awaitingAction"), json!("active"))), None);
        assert_eq!(rule("determination", (json!(null), json!("unknown"))), Some("unset-word"));
        assert_eq!(rule("determination", (json!("malware"), json!("unknown"))), None);
        assert_eq!(rule("displayName", (json!("Theft"), json!("theft"))), None);
        assert_eq!(rule("assignedTo", (json!(null), json!("Unassigned"))), Some("owner-name"));
        assert_eq!(rule("assignedTo", (json!(null), json!("dana@x.example"))), None);
    }

    #[test]
    fn a_member_that_nobody_knows_is_a_loss_only_on_the_legacy_side() {
        let value = json!(3);
        assert_eq!(explaining("futureScore", None, Some(&value)).map(|rule| rule.id), Some("new-member"));
        assert_eq!(explaining("futureScore", Some(&value), None), None);
        // Null is what a service says that has the member.
        assert_eq!(rule("displayName", (json!("a"), json!(null))), None);
        assert_eq!(explaining("displayName", None, Some(&json!("a"))), None);
    }
}
