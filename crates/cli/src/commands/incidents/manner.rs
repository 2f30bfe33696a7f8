//! Flags about how incidents are changed, whatever the change is.

use clap::Args;
use defender_xdr_api::incidents::Manner;

/// As many changes at once as no quota lasts for.
const MOST_AT_ONCE: i64 = 64;

#[derive(Debug, Clone, Args)]
pub(crate) struct Ways {
    /// Change the incident that a merged one was merged into; otherwise changing a merged one is refused.
    #[arg(long)]
    pub(super) follow: bool,
    /// Leave the comment out if the incident has it already.
    #[arg(long)]
    pub(super) once: bool,
    /// Show what would change, and change nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// How many of several incidents are changed at the same time.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=MOST_AT_ONCE))]
    pub(super) concurrency: u8,
}

impl Ways {
    pub(super) fn manner(&self) -> Manner {
        Manner { follow: self.follow, once: self.once }
    }
}
