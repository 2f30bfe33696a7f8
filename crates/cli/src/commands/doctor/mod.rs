//! `doctor`: what is wrong, in one look. Each check is a line with what was seen and what to do; what depends on something
//! that is broken is skipped, so that one trouble is told once.

mod certificate;
mod clock;
mod examination;
mod finding;
mod hosts;
mod permissions;
mod proxy;
mod quota;
mod retirement;
mod settings;
mod sign_in;
mod state;
mod trust;
mod way;

use std::time::Duration;

use clap::Args;
use defender_xdr_api::Operation;

use self::finding::{Finding, Verdict, exit};
use crate::commands::auth::permissions::operation;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record};
use crate::report::Report;
use crate::world::World;

#[derive(Debug, Clone, Args)]
pub(crate) struct Arguments {
    /// Commands that have to work, such as "incidents update" or hunt: a permission that one of them lacks is a problem.
    #[arg(long = "for", value_name = "COMMAND", value_parser = operation)]
    needed: Vec<Operation>,
    /// Ask for a new token, whatever is kept.
    #[arg(long)]
    fresh: bool,
    /// Look at the hosts of both APIs.
    #[arg(long)]
    both_apis: bool,
    /// How long one step of a check may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    deadline: u64,
}

impl Arguments {
    fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline)
    }
}

pub(crate) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut findings = examination::examine(world, arguments).await?;
    for finding in &mut findings {
        finding.remedy = finding.remedy.take().map(|remedy| for_profile(world, remedy));
    }
    let mut list = List::new(world.output(), &["check", "verdict", "seen and what to do"])
        .with_all_fields(&["check", "verdict", "seen", "remedy"])?
        .wrapping();
    for finding in &findings {
        list.push(&Record::Model(finding), || row(finding))?;
    }
    list.finish()?;
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let (problems, warnings) = (count(Verdict::Problem), count(Verdict::Warning));
    world.say(&match (problems, warnings) {
        (0, 0) => "all is well".to_owned(),
        (0, _) => format!("it works; {}", number(warnings, "warning")),
        _ => format!("{}, {}", number(problems, "problem"), number(warnings, "warning")),
    });
    Ok(exit(&findings))
}

fn row(finding: &Finding) -> Vec<String> {
    let mut text = finding.seen.clone();
    if let Some(remedy) = &finding.remedy {
        text = format!("{text}. To do: {remedy}");
    }
    vec![finding.check.to_owned(), finding.verdict.word().to_owned(), text]
}

fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Commands that a remedy names are for the profile that was looked at.
fn for_profile(world: &World, remedy: String) -> String {
    let mut report = Report::new("doctor", Exit::Negative, "").with_hint(remedy);
    report.repeat_profile(world.global.profile.as_deref());
    report.hint.unwrap_or_default()
}
