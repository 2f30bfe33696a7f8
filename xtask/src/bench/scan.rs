//! 100 MB of scripts and exports searched for the retired API, beside `grep` for its host alone.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::rounds::{self, Subject};
use super::{release, summary};
use crate::workspace;

const SIZE: usize = 100_000_000;
const FILE: usize = 50_000;
/// One file in so many talks to the retired API.
const TELLING: usize = 50;

pub(crate) fn run(runs: usize) -> Result<()> {
    let product = release::product()?;
    let tree = tree()?;
    // Both end with another code than 0: the one says that something was found, the other may.
    let shell = |script: &str, first: &Path| {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script, "sh"])
            .arg(first)
            .arg(&tree)
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C");
        Ok(command)
    };
    let subjects = [
        Subject {
            name: "defender-xdr migrate scan",
            command: Box::new(|| shell("\"$1\" migrate scan -q -o ndjson \"$2\"; test $? = 1", &product)),
            did_the_work: |stdout| stdout.windows(7).filter(|bytes| bytes == b"\"scope\"").count() >= 40,
        },
        Subject {
            name: "grep -rE for hosts and permissions",
            command: Box::new(|| {
                let pattern =
                    "security(center)?\\.microsoft\\.(com|us)|Incident\\.Read|AdvancedHunting\\.Read";
                shell(&format!("grep -rnE '{pattern}' \"$2\""), Path::new("grep"))
            }),
            did_the_work: |stdout| stdout.windows(9).filter(|bytes| bytes == b".default\"").count() >= 40,
        },
    ];
    summary::print("Scan of 100 MB", &rounds::run(&subjects, runs)?);
    Ok(())
}

/// The tree: folders of files that look like scripts, playbooks and exports.
fn tree() -> Result<PathBuf> {
    let root = workspace::target().join("bench/scan");
    if root.exists() {
        fs::remove_dir_all(&root).context("cannot remove the old tree")?;
    }
    for index in 0..SIZE / FILE {
        let folder = root.join(format!("team-{}", index % 40));
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let ending = ["py", "ps1", "yml", "json"][index % 4];
        let path = folder.join(format!("file-{index}.{ending}"));
        fs::write(&path, text(index)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(root)
}

fn text(index: usize) -> String {
    let mut text = String::with_capacity(FILE + 200);
    let telling = index.is_multiple_of(TELLING);
    if telling {
        text.push_str("scope = \"https://api.security.microsoft.com/.default\"\n");
    }
    let mut line = 0;
    while text.len() < FILE {
        // Writing to a String cannot fail.
        let _ = match (line + index) % 5 {
            0 => writeln!(text, "if ticket[\"status\"] == \"Active\" and ticket['severity'] == 'High':"),
            1 => writeln!(
                text,
                "    url = f\"https://tickets.corp.example/api/incidents/{line}?since={{since}}\""
            ),
            2 => writeln!(
                text,
                "    # lastUpdateTime and createdTime of record {line} are those of the archive"
            ),
            3 => writeln!(
                text,
                "    record = {{\"incidentId\": {line}, \"tags\": [\"site-{index}\"], \"owner\": None}}"
            ),
            _ => writeln!(
                text,
                "    send(record, headers={{'Content-Type': 'application/json'}}, timeout={line})"
            ),
        };
        line += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{FILE, text};

    #[test]
    fn files_have_their_size_and_some_tell() {
        assert!(text(0).contains(".default") && !text(1).contains(".default"));
        assert!(text(1).len() >= FILE && text(1).len() < FILE + 200);
    }
}
