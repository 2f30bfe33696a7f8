//! The time that packages carry: that of their sources, not that of their making.

use std::process::Command;

use anyhow::{Context as _, Result};
use jiff::Timestamp;

use crate::workspace;

/// Seconds since 1970.
pub(super) struct Moment(Timestamp);

impl Moment {
    /// As archives have it.
    pub(super) fn seconds(&self) -> u64 {
        u64::try_from(self.0.as_second()).unwrap_or_default()
    }

    /// RFC 3339.
    pub(super) fn text(&self) -> String {
        self.0.to_string()
    }
}

/// `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>), else the time of the last commit.
pub(super) fn of_sources() -> Result<Moment> {
    if let Some(given) = std::env::var_os("SOURCE_DATE_EPOCH") {
        return parse(&given.to_string_lossy())
            .context("SOURCE_DATE_EPOCH is no number of seconds since 1970");
    }
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["log", "-1", "--format=%ct"]);
    let output = git.output().context("cannot run git; without it, set SOURCE_DATE_EPOCH")?;
    parse(&String::from_utf8_lossy(&output.stdout))
        .context("git knows no commit here; set SOURCE_DATE_EPOCH to the seconds since 1970")
}

fn parse(text: &str) -> Result<Moment> {
    let seconds: u32 = text.trim().parse().with_context(|| format!("`{}`", text.trim()))?;
    Ok(Moment(Timestamp::from_second(i64::from(seconds))?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_moment_is_a_number_of_seconds_and_nothing_else() {
        let moment = parse("1700000000\n").unwrap();
        assert_eq!((moment.seconds(), moment.text().as_str()), (1_700_000_000, "2023-11-14T22:13:20Z"));
        for wrong in ["", "yesterday", "-5", "99999999999"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
