//! Counts by severity.

use serde::Serialize;

/// Severity of an incident, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
    /// Informational.
    Informational,
    /// Not told, or a word that is not known here.
    Unknown,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [Self::High, Self::Medium, Self::Low, Self::Informational, Self::Unknown];

    /// The severity of Graph's word.
    pub fn of(word: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|severity| Some(severity.word()) == word).unwrap_or(Self::Unknown)
    }

    /// Graph's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Informational => "informational",
            Self::Unknown => "unknown",
        }
    }
}

/// How many of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BySeverity {
    high: u32,
    medium: u32,
    low: u32,
    informational: u32,
    unknown: u32,
}

impl BySeverity {
    /// One more.
    pub fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Informational => &mut self.informational,
            Severity::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }

    /// All of these, too.
    pub fn absorb(&mut self, other: &Self) {
        self.high = self.high.saturating_add(other.high);
        self.medium = self.medium.saturating_add(other.medium);
        self.low = self.low.saturating_add(other.low);
        self.informational = self.informational.saturating_add(other.informational);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }

    /// How many of one severity.
    pub const fn of(&self, severity: Severity) -> u32 {
        match severity {
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Informational => self.informational,
            Severity::Unknown => self.unknown,
        }
    }

    /// How many together.
    pub fn total(&self) -> u32 {
        Severity::ALL.into_iter().fold(0, |sum: u32, severity| sum.saturating_add(self.of(severity)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_knows_counts_as_unknown() {
        let mut counts = BySeverity::default();
        for word in [Some("high"), Some("unknownFutureValue"), None] {
            counts.add(Severity::of(word));
        }
        assert_eq!((counts.of(Severity::High), counts.of(Severity::Unknown), counts.total()), (1, 2, 3));
    }
}
