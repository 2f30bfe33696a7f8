//! `cargo xtask pack`: the zip that is uploaded to Cortex, from the files in `crates/xsoar/pack`.
//!
//! The same files give the same bytes, on every machine and at any time.

mod archive;
mod metadata;
mod sdk;
mod unified;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{step, workspace};

/// What the platform calls the pack.
pub(crate) const NAME: &str = "DefenderXDR";

const PACK: &str = "crates/xsoar/pack";

/// A platform that takes packs.
pub(crate) struct Platform {
    /// What the file is called after.
    name: &'static str,
    /// What the kit calls it.
    marketplace: &'static str,
    /// Whether incidents are mirrored there; where not, the settings of mirroring are hidden.
    mirrors: bool,
}

const PLATFORMS: [Platform; 2] = [
    Platform { name: "xsoar", marketplace: "xsoar", mirrors: true },
    Platform { name: "xsiam", marketplace: "marketplacev2", mirrors: false },
];

/// Builds the zip; with `--write`, after the files were made anew from the tables; with `--prove`, and lets Cortex's own
/// kit look at pack and zip.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let (write, prove) = match words {
        [] => (false, false),
        ["--write"] => (true, false),
        ["--prove"] => (false, true),
        _ => bail!("pack takes `--write` or `--prove`"),
    };
    let mut tables =
        workspace::cargo(&["test", "--locked", "--package", "defender-xdr-xsoar", "--test", "pack"]);
    if write {
        tables.env("DEFENDER_XDR_PACK", "write");
    }
    step::run("the files of the pack are what the tables give", &mut tables)?;
    let zips = PLATFORMS.iter().map(build).collect::<Result<Vec<_>>>()?;
    for zip in &zips {
        println!("{}", zip.display());
    }
    if prove { sdk::prove(&source(), &zips) } else { Ok(()) }
}

fn source() -> PathBuf {
    workspace::root().join(PACK)
}

fn build(platform: &Platform) -> Result<PathBuf> {
    let bytes = archive::of(entries(&source(), platform)?)?;
    let folder = workspace::target().join("pack");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{NAME}-{}.zip", platform.name));
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The files of the zip by their names in it, sorted.
fn entries(pack: &Path, platform: &Platform) -> Result<Vec<(String, Vec<u8>)>> {
    let mut entries = Vec::new();
    for folder in ["Classifiers", "IncidentFields", "IncidentTypes", "Layouts", "ReleaseNotes"] {
        for path in files(&pack.join(folder))? {
            entries.push((format!("{folder}/{}", name(&path)?), read(&path)?));
        }
    }
    for path in files(&pack.join("Integrations"))? {
        let integration = name(&path)?;
        let unified = unified::integration(&path.join(integration), platform.mirrors)?;
        entries.push((format!("Integrations/integration-{integration}.yml"), unified.into_bytes()));
    }
    for path in files(&pack.join("Scripts"))? {
        let script = name(&path)?;
        let unified = unified::script(&path.join(script))?;
        entries.push((format!("Scripts/script-{script}.yml"), unified.into_bytes()));
    }
    for plain in ["README.md", "pack_metadata.json"] {
        entries.push((plain.to_owned(), read(&pack.join(plain))?));
    }
    entries.push(("metadata.json".to_owned(), metadata::of(pack, &entries)?));
    entries.sort();
    Ok(entries)
}

/// What lies in `folder`, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> = listed.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> Result<&str> {
    path.file_name().and_then(|name| name.to_str()).with_context(|| format!("{} is no text", path.display()))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{PLATFORMS, archive, entries, source};

    #[test]
    fn the_zip_has_everything_and_is_the_same_each_time() {
        for platform in &PLATFORMS {
            let found = entries(&source(), platform).unwrap();
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            let integration = "Integrations/integration-Microsoft365Defender.yml";
            for wanted in ["metadata.json", "pack_metadata.json", integration] {
                assert!(names.contains(&wanted), "{wanted} is not in {names:?}");
            }
            assert!(names.is_sorted() && names.len() > 20);
            let again = archive::of(entries(&source(), platform).unwrap()).unwrap();
            assert_eq!(archive::of(found).unwrap(), again);
        }
    }
}
