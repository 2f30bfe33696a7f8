//! A thousand kills at random moments of refreshes, with each rule for the old refresh token, of changes of the sealing
//! key and of fetches, and a tenth as many of sign-ins.

use anyhow::Result;

use crate::{clean_environment, step, workspace};

const ROUNDS: &str = "1000";

pub(super) fn prove() -> Result<()> {
    let mut tests = workspace::cargo(&["test", "--package", "defender-xdr", "--test", "e2e", "--locked"]);
    // One after the other: a busy machine would stretch runs beyond the moments that were drawn for them.
    tests.args([
        "--",
        "survival",
        "sealing_key_rotation",
        "fetch_kills",
        "--nocapture",
        "--test-threads",
        "1",
    ]);
    clean_environment::apply(&mut tests).env("DEFENDER_XDR_TEST_ROUNDS", ROUNDS);
    step::run(&format!("kill -9, {ROUNDS} times"), &mut tests)
}
