//! Environment variables as a value: the cli captures them once, tests make their own.

use std::collections::BTreeMap;
use std::fmt;

use crate::Secret;

/// A snapshot of environment variables. An empty variable counts as unset.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, Secret>);

impl Environment {
    /// The value of a variable, unless it is unset or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// All variable names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), Secret::new(value))).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_unset_and_values_are_not_shown() {
        let environment = Environment::from_iter([("A", ""), ("B", "planted")]);
        assert_eq!(environment.get("A"), None);
        assert_eq!(environment.get("B"), Some("planted"));
        assert!(!format!("{environment:?}").contains("planted"));
    }
}
