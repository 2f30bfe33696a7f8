//! What a check found: a verdict, what was seen, and what to do about it.

use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// Nothing to do.
    Ok,
    /// It works, and will not for ever or not for everything.
    Warning,
    /// It does not work.
    Problem,
    /// It was not looked at; `seen` says why.
    Skipped,
}

impl Verdict {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "PROBLEM",
            Self::Skipped => "skipped",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// A name that never changes.
    pub(super) check: &'static str,
    pub(super) verdict: Verdict,
    pub(super) seen: String,
    pub(super) remedy: Option<String>,
}

impl Finding {
    fn new(check: &'static str, verdict: Verdict, seen: impl Into<String>) -> Self {
        Self { check, verdict, seen: seen.into(), remedy: None }
    }

    pub(super) fn ok(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Verdict::Ok, seen)
    }

    pub(super) fn warning(check: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Verdict::Warning, seen).advising(remedy)
    }

    pub(super) fn problem(check: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Verdict::Problem, seen).advising(remedy)
    }

    /// `why` stands after "because".
    pub(super) fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self::new(check, Verdict::Skipped, format!("because {}", why.into()))
    }

    fn advising(self, remedy: impl Into<String>) -> Self {
        let remedy = remedy.into();
        Self { remedy: (!remedy.is_empty()).then_some(remedy), ..self }
    }

    /// What an error of a command tells; an interrupt goes on upwards.
    pub(super) fn of(check: &'static str, failure: Failure) -> Result<Self, Failure> {
        match failure {
            Failure::Reported(report) => {
                let from = report.source.as_ref().map(|place| format!(" (from {place})")).unwrap_or_default();
                let seen = format!("{}{from}", report.message());
                Ok(Self::problem(check, seen, report.hint.unwrap_or_default()))
            }
            other => Err(other),
        }
    }

    pub(super) fn is_problem(&self) -> bool {
        self.verdict == Verdict::Problem
    }
}

/// How the command ends: warnings are no reason to stop a script.
pub(super) fn exit(findings: &[Finding]) -> Exit {
    if findings.iter().any(Finding::is_problem) { Exit::Negative } else { Exit::Ok }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_problem_is_a_negative_answer() {
        let fine = [Finding::ok("a", ""), Finding::warning("b", "", "x"), Finding::skipped("c", "of a")];
        assert_eq!(exit(&fine), Exit::Ok);
        assert_eq!(exit(&[fine[0].clone(), Finding::problem("d", "", "x")]), Exit::Negative);
    }

    #[test]
    fn a_finding_is_an_object_of_four_members() {
        let text = serde_json::to_string(&Finding::problem("dns", "unknown", "")).expect("JSON");
        assert_eq!(text, r#"{"check":"dns","verdict":"problem","seen":"unknown","remedy":null}"#);
    }
}
