//! The body of a token or device code request: a form and nothing else.

use std::collections::BTreeSet;

use super::aadsts;
use super::refusal::Refusal;
use crate::exchange::Request;

const FORM: &str = "application/x-www-form-urlencoded";

/// Form fields, each at most once. An empty value counts as absent (RFC 6749 section 3.2).
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The query of a request, under the same rules.
    pub(crate) fn of_query(request: &Request) -> Result<Self, Refusal> {
        Self::unique(request.query.clone())
    }

    /// Reads the form. A body of any other media type has no fields, so that every field is missing from it.
    ///
    /// Refuses a field that comes twice (RFC 6749 section 3.2).
    pub(crate) fn read(request: &Request) -> Result<Self, Refusal> {
        let media_type = request.header("content-type").unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(FORM) {
            return Ok(Self::default());
        }
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&request.body)
            .map_err(|_| aadsts::malformed("the body is no form"))?;
        Self::unique(fields)
    }

    fn unique(fields: Vec<(String, String)>) -> Result<Self, Refusal> {
        let mut seen = BTreeSet::new();
        if let Some((name, _)) = fields.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            return Err(aadsts::malformed(&format!("the field '{name}' comes more than once")));
        }
        Ok(Self(fields))
    }

    /// A field's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Whether a field is there without a value.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        self.0.iter().any(|(key, value)| key == name && value.is_empty())
    }

    /// A field's value, or the refusal that names it (AADSTS900144).
    pub(crate) fn require(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| aadsts::missing_field(name))
    }

    /// Fields that are not among these names, in the order sent.
    pub(crate) fn without(&self, names: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(name, _)| !names.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
