//! Incidents that were merged into others: what is left of one names where it goes on.

use super::record::Incident;
use crate::client::Client;
use crate::error::{ApiError, ApiErrorKind};

/// Merges of merges are few; more of them than this are taken for a mistake of the service.
const MOST_HOPS: usize = 10;

/// Where a chain of merges ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed<T> {
    /// What is at the end.
    pub end: T,
    /// The ids of the merged incidents on the way, the one asked for first; empty when that was not merged.
    pub passed: Vec<String>,
}

impl Incident {
    /// The incident this one was merged into.
    pub fn merged_into(&self) -> Option<&str> {
        self.text("redirectIncidentId").filter(|target| !target.is_empty() && *target != "0")
    }
}

/// The way from one incident to the next.
#[derive(Debug)]
pub(super) struct Chain {
    passed: Vec<String>,
    next: String,
}

impl Chain {
    pub(super) fn from(id: &str) -> Self {
        Self { passed: Vec::new(), next: id.to_owned() }
    }

    /// The incident to read now.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// Takes what was read; whether there is another one to read.
    pub(super) fn goes_on(&mut self, incident: &Incident) -> Result<bool, ApiError> {
        let Some(target) = incident.merged_into() else { return Ok(false) };
        self.passed.push(std::mem::replace(&mut self.next, target.to_owned()));
        if self.passed.contains(&self.next) {
            return Err(self.stuck(&format!("the merges lead in a circle: {}", self.way())));
        }
        if self.passed.len() > MOST_HOPS {
            return Err(self.stuck(&format!("more than {MOST_HOPS} merges: {}", self.way())));
        }
        Ok(true)
    }

    /// An error on the way, which must not be taken for one of the incident that was asked for.
    pub(super) fn lost(&self, error: ApiError) -> ApiError {
        match self.passed.first() {
            Some(first) => {
                error.amended(&format!("incident {first} was merged into {}, and that fails: ", self.next))
            }
            None => error,
        }
    }

    pub(super) fn ends_with<T>(self, end: T) -> Followed<T> {
        Followed { end, passed: self.passed }
    }

    fn way(&self) -> String {
        let mut ids = self.passed.clone();
        ids.push(self.next.clone());
        ids.join(", ")
    }

    fn stuck(&self, what: &str) -> ApiError {
        let first = self.passed.first().unwrap_or(&self.next);
        ApiError::new(ApiErrorKind::MergeCircle, what).with_hint(format!(
            "`defender-xdr incidents get {first} --no-follow` shows what is left of the first one"
        ))
    }
}

impl Client {
    /// Reads an incident with its alerts, or the one it was merged into, over up to ten merges.
    ///
    /// # Errors
    /// As [`Client::get_incident`]; [`ApiErrorKind::MergeCircle`] when the merges do not end.
    pub async fn follow_incident(&self, id: &str) -> Result<Followed<Incident>, ApiError> {
        let mut chain = Chain::from(id);
        loop {
            let incident = self.get_incident(chain.next()).await.map_err(|error| chain.lost(error))?;
            if !chain.goes_on(&incident)? {
                return Ok(chain.ends_with(incident));
            }
        }
    }

    /// The same as the server's own JSON text.
    ///
    /// # Errors
    /// As [`Client::follow_incident`].
    pub async fn follow_incident_raw(&self, id: &str) -> Result<Followed<String>, ApiError> {
        let mut chain = Chain::from(id);
        loop {
            let raw = self.get_incident_raw(chain.next()).await.map_err(|error| chain.lost(error))?;
            let incident = Incident::read(self.backend(), &raw)
                .map_err(|error| ApiError::new(ApiErrorKind::Unreadable, error.to_string()))?;
            if !chain.goes_on(&incident)? {
                return Ok(chain.ends_with(raw));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::backend::Backend;

    use super::*;

    fn husk(target: &str) -> Incident {
        let json = format!(r#"{{"id":"1","redirectIncidentId":{target}}}"#);
        Incident::read(Backend::Graph, &json).expect("readable")
    }

    #[test]
    fn a_chain_ends_where_nothing_was_merged() {
        let mut chain = Chain::from("1");
        assert!(chain.goes_on(&husk("\"2\"")).expect("goes on"));
        assert_eq!(chain.next(), "2");
        for end in ["null", "\"\"", "\"0\""] {
            assert!(!chain.goes_on(&husk(end)).expect("ends"), "{end}");
        }
        assert_eq!(chain.ends_with(()).passed, ["1"]);
    }

    #[test]
    fn circles_and_endless_chains_are_noticed() {
        let mut circle = Chain::from("1");
        assert!(circle.goes_on(&husk("\"2\"")).expect("goes on"));
        let error = circle.goes_on(&husk("\"1\"")).expect_err("a circle");
        assert_eq!((error.kind(), error.to_string().contains("1, 2, 1")), (ApiErrorKind::MergeCircle, true));
        assert!(Chain::from("1").goes_on(&husk("\"1\"")).is_err(), "merged into itself");

        let mut chain = Chain::from("0");
        let followed = (1..=20).take_while(|id| chain.goes_on(&husk(&format!("\"{id}\""))).is_ok()).count();
        assert_eq!(followed, MOST_HOPS);
    }
}
