//! A hundred thousand incidents that change while they are fetched, for many seeds, on both APIs.

use anyhow::Result;

use crate::{clean_environment, step, workspace};

const INCIDENTS: &str = "100000";
const SEEDS: &str = "20";

pub(super) fn prove() -> Result<()> {
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
    clean_environment::apply(&mut command).env("PROVE_INCIDENTS", INCIDENTS).env("PROVE_SEEDS", SEEDS);
    step::run("fetching while everything changes", &mut command)
}
