//! The calls of the retired APIs and those of Graph.
//!
//! Source: "Migrate from the Defender APIs to the Microsoft Graph security API", the pages of both APIs.

use super::hosts::LegacyApi;

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Its path, in lower case.
    pub legacy: &'static str,
    /// Graph's path.
    pub graph: &'static str,
    /// Whose it is.
    pub api: LegacyApi,
    /// Whether the path alone tells the API: nobody else has such a one.
    pub unmistakable: bool,
    /// What else changes.
    pub note: &'static str,
}

/// All of them.
pub const CALLS: &[Call] = &[
    Call {
        legacy: "/api/incidents",
        graph: "/v1.0/security/incidents",
        api: LegacyApi::Xdr,
        unmistakable: false,
        note: "alerts come only with $expand=alerts, a page holds at most 50, a comment is a call of its own (POST …/comments)",
    },
    Call {
        legacy: "/api/advancedhunting/run",
        graph: "/v1.0/security/runHuntingQuery",
        api: LegacyApi::Xdr,
        unmistakable: true,
        note: "the answer has `results` and `schema` in lower case, and no `Stats`",
    },
    Call {
        legacy: "/api/advancedqueries/run",
        graph: "/v1.0/security/runHuntingQuery",
        api: LegacyApi::Endpoint,
        unmistakable: true,
        note: "the answer has `results` and `schema` in lower case, and no `Stats`",
    },
    Call {
        legacy: "/api/alerts",
        graph: "/v1.0/security/alerts_v2",
        api: LegacyApi::Endpoint,
        unmistakable: false,
        note: "the alerts have other fields",
    },
];

/// The call a path belongs to, and what follows in it (`/20417` of `/api/incidents/20417`). Case does not matter.
pub fn call_of(path: &str) -> Option<(&'static Call, &str)> {
    CALLS.iter().find_map(|call| {
        let start = path.get(..call.legacy.len())?;
        let rest = path.get(call.legacy.len()..)?;
        let ends = rest
            .chars()
            .next()
            .is_none_or(|next| !next.is_ascii_alphanumeric() && next != '_' && next != '-');
        (start.eq_ignore_ascii_case(call.legacy) && ends).then_some((call, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_by_whole_segments() {
        assert_eq!(
            call_of("/api/incidents/7").map(|(call, rest)| (call.graph, rest)),
            Some(("/v1.0/security/incidents", "/7"))
        );
        assert_eq!(call_of("/API/AdvancedHunting/run").map(|(_, rest)| rest), Some(""));
        assert!(call_of("/api/incidents-archive").is_none() && call_of("/api/inc").is_none());
    }
}
