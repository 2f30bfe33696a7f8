//! Incidents that change while they are fetched, for many seeds, on both APIs; a hundred thousand of them for some.

use anyhow::Result;

use crate::{clean_environment, step, workspace};

/// Incidents and seeds: a large tenant a few times, a small one often.
const ROUNDS: [(&str, &str); 2] = [("3000", "200"), ("100000", "3")];

pub(super) fn prove() -> Result<()> {
    for (incidents, seeds) in ROUNDS {
        let mut command = workspace::cargo(&[
            "test",
            "--release",
            "--locked",
            "-p",
            "defender-xdr-api",
            "--test",
            "client",
            "it_holds_for_as_many",
            "--",
            "--nocapture",
        ]);
        clean_environment::apply(&mut command).env("PROVE_INCIDENTS", incidents).env("PROVE_SEEDS", seeds);
        step::run(&format!("fetching {incidents} incidents that change, {seeds} seeds"), &mut command)?;
    }
    Ok(())
}
