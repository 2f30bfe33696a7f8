//! Where a difference is: for rules a pattern, for people with the alert named.

/// A place in an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `alerts[].evidence[].verdict`: what rules are about.
    pub(super) pattern: String,
    /// `alerts[da63…].evidence[deviceEvidence].verdict`.
    pub(super) shown: String,
}

impl Place {
    pub(super) fn root() -> Self {
        Self { pattern: String::new(), shown: String::new() }
    }

    /// A member of what is here.
    pub(super) fn member(&self, name: &str) -> Self {
        let joined = |prefix: &str| {
            if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
        };
        Self { pattern: joined(&self.pattern), shown: joined(&self.shown) }
    }

    /// An item of the list that is here.
    pub(super) fn item(&self, name: &str) -> Self {
        Self { pattern: format!("{}[]", self.pattern), shown: format!("{}[{name}]", self.shown) }
    }
}

/// Whether a pattern of a rule covers a place: as it is, or with one `*` at its beginning or end.
pub(super) fn covers(pattern: &str, place: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => place.ends_with(end),
        (None, Some(begin)) => place.starts_with(begin),
        (None, None) => pattern == place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_pattern_and_a_name() {
        let place = Place::root().member("alerts").item("da1").member("status");
        assert_eq!((place.pattern.as_str(), place.shown.as_str()), ("alerts[].status", "alerts[da1].status"));
    }

    #[test]
    fn patterns_cover_what_they_say() {
        assert!(covers("status", "status") && !covers("status", "alerts[].status"));
        assert!(covers("*status", "alerts[].status") && covers("*", "x"));
        assert!(covers("alerts[].evidence[].*", "alerts[].evidence[].roles"));
    }
}
