//! Wall time, processor time and peak memory of one child process.
//!
//! The kernel counts a process's waited-for children in sum (CPU) and as a maximum (memory):
//! `getrusage(RUSAGE_CHILDREN)`, see getrusage(2). Asked in a process that has had exactly one child, that is
//! this child's own account, descendants included. So each measurement happens in a fresh helper: this very
//! program, called again. `nix` offers the call without `unsafe`.
//!
//! Memory has a floor: a child starts on its parent's pages, so the kernel never reports less than the helper's
//! own peak. The floor is measured too, and a result at it reads "at most".

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde::{Deserialize, Serialize};

/// The word that makes this program the helper. Not for people.
pub(crate) const HELPER: &str = "measure-one-child";

/// One run of one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    /// From before the start to after the end, in microseconds.
    pub(crate) wall_us: u64,
    /// User and system time together, in microseconds.
    pub(crate) cpu_us: u64,
    /// Peak resident set, in KiB.
    pub(crate) peak_kib: u64,
    /// Below this the kernel cannot tell, in KiB.
    pub(crate) floor_kib: u64,
}

/// `command` with the environment it was given and nothing inherited: the subjects must differ in nothing they
/// were not given.
pub(crate) fn bare_environment(command: &Command) -> Command {
    let mut bare = Command::new(command.get_program());
    bare.args(command.get_args());
    dress(&mut bare, command);
    bare
}

fn dress(bare: &mut Command, command: &Command) {
    bare.env_clear().stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            bare.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        bare.current_dir(folder);
    }
}

/// Runs `command` once, its output discarded, and measures it. The program must end with 0.
pub(crate) fn once(command: &Command) -> Result<Measurement> {
    let mut helper = Command::new(std::env::current_exe().context("cannot find myself")?);
    helper.arg(HELPER).arg(command.get_program()).args(command.get_args());
    dress(&mut helper, command);
    let output = helper.output().context("cannot start the measuring helper")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("the measuring helper did not answer")
}

/// The helper's side: runs the command given as words and prints the measurement as JSON.
pub(crate) fn helper(words: &[&str]) -> Result<()> {
    let [program, arguments @ ..] = words else { bail!("nothing to measure") };
    let mut command = Command::new(OsString::from(program));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let floor_kib = own_peak_kib()?;
    let start = Instant::now();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    let wall = start.elapsed();
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("getrusage")?;
    let measurement = Measurement {
        wall_us: micros(wall)?,
        cpu_us: micros(duration(usage.user_time())? + duration(usage.system_time())?)?,
        peak_kib: kib(usage.max_rss())?,
        floor_kib,
    };
    println!("{}", serde_json::to_string(&measurement).context("cannot write the measurement")?);
    Ok(())
}

/// This process's own peak so far: from `/proc` where there is one (Linux), for there the figure of
/// `getrusage` may include what an ancestor used before it started this program.
fn own_peak_kib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    match line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()) {
        Some(kib) => Ok(kib),
        None => kib(getrusage(UsageWho::RUSAGE_SELF).context("getrusage")?.max_rss()),
    }
}

/// `ru_maxrss` is in KiB, on macOS in bytes.
fn kib(max_rss: i64) -> Result<u64> {
    let max_rss = u64::try_from(max_rss).context("a negative peak")?;
    Ok(if cfg!(target_os = "macos") { max_rss / 1024 } else { max_rss })
}

fn duration(time: TimeVal) -> Result<Duration> {
    let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
    Ok(Duration::from_micros(u64::try_from(micros).context("a negative time")?))
}

fn micros(time: Duration) -> Result<u64> {
    u64::try_from(time.as_micros()).context("a run longer than this universe")
}

#[cfg(test)]
mod tests {
    use nix::sys::time::{TimeVal, TimeValLike as _};

    use super::{duration, own_peak_kib};

    #[test]
    fn seconds_and_microseconds_add_up() {
        let time = duration(TimeVal::seconds(2) + TimeVal::microseconds(5)).unwrap();
        assert_eq!(time.as_micros(), 2_000_005);
    }

    #[test]
    fn a_running_program_has_a_floor_of_at_least_a_few_pages() {
        assert!(own_peak_kib().unwrap() > 100);
    }
}
