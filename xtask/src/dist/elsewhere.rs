//! The same sources in another folder, built with nothing of the first build, and whether the same bytes come out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::{make, sums};
use crate::workspace;

/// Builds again and compares with what was made.
///
/// # Errors
/// A file that differs, by name; both builds then stay for a look.
pub(super) fn compare(made: &[PathBuf]) -> Result<()> {
    let folder = workspace::target().join("dist/another place, with a longer name");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    copy(&workspace::root(), &folder)?;
    let again = make(&folder, &folder.join("target/dist"))?;
    let different = different(made, &again)?;
    if !different.is_empty() {
        bail!("not the same in two places: {}; the second is in {}", different.join(", "), folder.display());
    }
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    println!("the same bytes from two folders");
    Ok(())
}

/// The files that git knows, as they are now.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut git = Command::new("git");
    let output =
        git.current_dir(from).args(["ls-files", "-z"]).output().context("cannot run git ls-files")?;
    ensure!(output.status.success(), "git ls-files failed");
    let names = String::from_utf8(output.stdout).context("a file's name is no text")?;
    for name in names.split_terminator('\0') {
        let (source, place) = (from.join(name), to.join(name));
        if let Some(above) = place.parent() {
            fs::create_dir_all(above).with_context(|| format!("cannot make {}", above.display()))?;
        }
        fs::copy(&source, &place).with_context(|| format!("cannot copy {}", source.display()))?;
    }
    Ok(())
}

/// The names of files whose bytes differ.
fn different(one: &[PathBuf], other: &[PathBuf]) -> Result<Vec<String>> {
    ensure!(one.len() == other.len(), "one build made {} files, the other {}", one.len(), other.len());
    let mut names = Vec::new();
    for (one, other) in one.iter().zip(other) {
        let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        let (ours, theirs) = (sums::hex(&read(one)?), sums::hex(&read(other)?));
        let name = one.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        println!("{ours}  {name}");
        if ours != theirs {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::different;

    #[test]
    fn one_other_byte_is_a_difference() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, text) in [("a", "same"), ("b", "same"), ("c", "sane")] {
            fs::write(path(name), text).unwrap();
        }
        assert_eq!(different(&[path("a")], &[path("b")]).unwrap(), [""; 0]);
        assert_eq!(different(&[path("a")], &[path("c")]).unwrap(), ["a"]);
        assert!(different(&[path("a")], &[]).is_err());
    }
}
