//! The kit that Cortex gives to those who write packs, `demisto-sdk`, as a judge of ours. It runs without a network: in a
//! network namespace of its own where the machine gives one.
//!
//! It has an environment of its own, because it brings a hundred packages along, and is no part of `cargo xtask interop`,
//! because installing them takes minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{NAME, PLATFORMS};
use crate::interop::deadline::{self, Finished};
use crate::interop::install;
use crate::{clean_environment, workspace};

const LIMIT: Duration = Duration::from_mins(5);

/// The checks that need neither git, nor a network, nor a content repository, by their codes. Left out: DO101 and those after
/// it ask a registry for the image, IN104 and PA103 want the list of categories from the content repository, BC and RN
/// compare with an earlier state in git, GR and most of PB want a graph database.
const CODES: &str = "IN100,IN101,IN102,IN106,IN107,IN108,IN109,IN110,IN112,IN113,IN114,IN121,IN122,IN123,IN125,IN126,IN127,\
    IN130,IN131,IN134,IN135,IN139,IN141,IN142,IN144,IN145,IN146,IN149,IN151,IN152,IN153,IN154,IN156,IN158,IN159,IN160,IN161,\
    IN162,IN163,IN169,IN170,IN171,LO107,LO100,BA100,BA101,BA104,BA105,BA106,BA110,BA111,BA113,BA116,BA118,BA119,BA126,BA128,\
    DS100,DS101,DS105,PA100,PA101,PA102,PA104,PA105,PA107,PA108,PA109,PA111,PA113,PA115,PA117,PA118,PA119,PA120,PA121,PA123,\
    PA124,PA125,PA127,PA130,PA134,DO100,SC100,SC105,SC106,RM100,RM102,RM103,RM104,RM105,RM107,RM110,RM113,RM114,RM115,CL100,GF100,GF101,IF100,\
    IF101,IF102,IF103,IF104,IF105,IF106,IF116,IF117,IF118,IF119,IM101,IM108,IM111,IT102,IT103,ST110,ST112,ST113,ST114,ST115,\
    MC102,PA136,PA137";

/// Everything that the kit can say about a pack on a machine without a network.
pub(super) fn prove(pack: &Path, zips: &[PathBuf]) -> Result<()> {
    let folder = workspace::root().join("tests/interop/cortex_sdk");
    let kit = install::environment(&folder)?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let content = scratch.path().join("content");
    let copy = content.join("Packs").join(NAME);
    copy_folder(pack, &copy)?;
    let sdk = Sdk { kit, content, home: scratch.path().to_owned(), alone: can_be_alone() };
    for folder in ["docs", "zips"] {
        fs::create_dir_all(sdk.content.join(folder)).context("no folder for what the kit writes")?;
    }
    let own = format!("Packs/{NAME}");
    let integration = format!("{own}/Integrations/Microsoft365Defender");
    sdk.run("validate", &["-i", &own, "--run-specific-validations", CODES])?;
    sdk.run("generate-docs", &["-i", &format!("{integration}/Microsoft365Defender.yml"), "-o", "docs"])?;
    // It zips for the first platform alone.
    sdk.run("zip-packs", &["-i", &own, "-o", "zips", "--no-zip-all"])?;
    let mut check = sdk.command("python");
    check.arg(folder.join("strict.py")).args([own, format!("zips/uploadable_packs/{NAME}.zip")]);
    for (platform, ours) in PLATFORMS.iter().zip(zips) {
        let theirs = format!("{}.yml", platform.name);
        sdk.run("prepare-content", &["-i", &integration, "-o", &theirs, "-mp", platform.marketplace])?;
        check.arg(ours).arg(theirs);
    }
    go("strict.py", &mut check)
}

struct Sdk {
    /// The environment it is installed in.
    kit: PathBuf,
    content: PathBuf,
    home: PathBuf,
    alone: bool,
}

impl Sdk {
    fn run(&self, task: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.command("demisto-sdk");
        command.arg(task).args(arguments);
        go(&format!("demisto-sdk {task}"), &mut command)
    }

    /// A program of the environment, in the folder of the content.
    fn command(&self, program: &str) -> Command {
        let program = self.kit.join("bin").join(program);
        let mut command = if self.alone {
            let mut command = Command::new("unshare");
            command.args(["-rn"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        clean_environment::apply(&mut command).current_dir(&self.content);
        command.env("HOME", &self.home).env("DEMISTO_SDK_CONTENT_PATH", &self.content);
        command.env("DEMISTO_SDK_IGNORE_CONTENT_WARNING", "1").env("DEMISTO_SDK_SKIP_VERSION_CHECK", "1");
        command
    }
}

/// Runs a judge; what it says last is its verdict.
fn go(what: &str, command: &mut Command) -> Result<()> {
    let Finished { status, stdout, stderr } = deadline::output(command, LIMIT)?;
    if !status.success() {
        bail!("{what} refuses the pack ({status}):\n{}\n{}", stdout.trim(), stderr.trim());
    }
    let verdict = stdout.trim().lines().last().unwrap_or_default();
    // The kit ends with advice for its own repository.
    if what.starts_with("demisto-sdk") {
        eprintln!("ok {what}");
    } else {
        eprintln!("ok {what}: {verdict}");
    }
    Ok(())
}

/// Whether a process may have a network of its own, which is none.
fn can_be_alone() -> bool {
    let probe = Command::new("unshare").args(["-rn", "true"]).output();
    let alone = probe.is_ok_and(|output| output.status.success());
    if !alone {
        eprintln!("this machine gives a process no network of its own: `demisto-sdk` could reach one");
    }
    alone
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for path in super::files(from)? {
        let target = to.join(super::name(&path)?);
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("cannot copy {}", path.display()))?;
        }
    }
    Ok(())
}
