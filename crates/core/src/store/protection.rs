//! Honest words on what protects records at rest, and what does not.

/// What protects the records of a vault, and against whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// `sealed` or `memory`: a word of the settings.
    pub store: &'static str,
    /// Which sealing key source is in use, as a word of the settings; `None` without a key.
    pub key_source: Option<&'static str>,
    /// Where the key is, in words.
    pub key_place: Option<String>,
    /// In one sentence without a full stop.
    pub summary: String,
    /// Whom the records are safe from; empty when nothing can be kept or read.
    pub against: Vec<&'static str>,
    /// Who can read them all the same.
    pub not_against: Vec<&'static str>,
}
