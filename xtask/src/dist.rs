//! `cargo xtask dist`: what is given to people who do not build: a static program in an archive and in a Debian package,
//! checksums, and a list of what is in it.
//!
//! The same sources give the same bytes, wherever they lie; `--twice` proves it.

mod build;
mod content;
mod deb;
mod elf;
mod elsewhere;
mod judges;
mod moment;
mod sbom;
mod sums;
mod tarball;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::workspace;

/// What the program is compiled for: nothing of the machine it runs on is needed but the kernel.
const TARGET: &str = "x86_64-unknown-linux-musl";
const NAME: &str = "defender-xdr";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds and packs; with `--binary`, packs alone.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let folder = workspace::target().join("dist");
    match words {
        [] => make(&workspace::root(), &folder).map(drop),
        ["--twice"] => {
            let made = make(&workspace::root(), &folder)?;
            elsewhere::compare(&made)
        }
        ["--binary", binary] => pack(&workspace::root(), Path::new(binary), &folder).map(drop),
        _ => bail!("dist takes `--twice` or `--binary PATH`"),
    }
}

/// Builds the sources in `root` and packs them into `folder`; gives the paths of what was made.
fn make(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let binary = build::program(root)?;
    pack(root, &binary, folder)
}

fn pack(root: &Path, binary: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    elf::require_static(binary)?;
    let moment = moment::of_sources()?;
    let sbom = sbom::of(root, &moment)?;
    let content = content::of(root, binary, &sbom)?;
    let files = [
        (format!("{NAME}-{VERSION}-x86_64-linux.tar.gz"), content.archive(moment.seconds())?),
        (format!("{NAME}_{VERSION}_amd64.deb"), deb::of(content.installed()?, moment.seconds())?),
        ("sbom.cdx.json".to_owned(), sbom),
    ];
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let sums = sums::of(&files);
    let mut made = Vec::new();
    for (name, bytes) in files.into_iter().chain([("SHA256SUMS".to_owned(), sums.into_bytes())]) {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
        made.push(path);
    }
    judges::ask(&made)?;
    Ok(made)
}
