//! Builds the program so that it runs on any Linux of its kind, and says nothing about where it was built.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{NAME, TARGET};
use crate::{step, workspace};

/// The program of the sources in `root`.
pub(super) fn program(root: &Path) -> Result<PathBuf> {
    require_target()?;
    let target = if root == workspace::root() { workspace::target() } else { root.join("target") };
    let home = cargo_home()?;
    let mut build =
        workspace::cargo(&["build", "--locked", "--profile", "dist", "--target", TARGET, "--package", NAME]);
    build.current_dir(root).env("CARGO_TARGET_DIR", &target).env("CARGO_INCREMENTAL", "0");
    build.env_remove("RUSTFLAGS");
    // Separated by unit separators, so that folders may have spaces.
    build.env("CARGO_ENCODED_RUSTFLAGS", without_places(root, &target, &home).join("\u{1f}"));
    c_compiler(&mut build, root, &home)?;
    step::run(&format!("cargo build for {TARGET} in {}", root.display()), &mut build)?;
    Ok(target.join(TARGET).join("dist").join(NAME))
}

/// Texts of panics and the like name files; these flags make the names the same everywhere. The last that fits wins.
fn without_places(root: &Path, target: &Path, home: &Path) -> Vec<String> {
    [(root, "/defender-xdr"), (target, "/defender-xdr/target"), (home, "/cargo")]
        .iter()
        .map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()))
        .collect()
}

/// ring compiles C. Its files include nothing that differs between C libraries, but a compiler for another one may put in
/// checks that musl does not have.
fn c_compiler(build: &mut Command, root: &Path, home: &Path) -> Result<()> {
    const COMPILER: &str = "CC_x86_64_unknown_linux_musl";
    if std::env::var_os(COMPILER).is_none() {
        let own = Command::new("musl-gcc").arg("--version").output();
        build.env(COMPILER, if own.is_ok_and(|output| output.status.success()) { "musl-gcc" } else { "cc" });
    }
    let map = |place: &Path, name: &str| quoted(&format!("-ffile-prefix-map={}={name}", place.display()));
    let flags = format!("-U_FORTIFY_SOURCE {} {}", map(root, "/defender-xdr")?, map(home, "/cargo")?);
    build.env("CFLAGS_x86_64_unknown_linux_musl", flags).env("CC_SHELL_ESCAPED_FLAGS", "1");
    Ok(())
}

/// One word for a shell, so that folders may have spaces here, too.
fn quoted(word: &str) -> Result<String> {
    Ok(shlex::try_quote(word).with_context(|| format!("no shell takes {word}"))?.into_owned())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::var_os("HOME").context("neither CARGO_HOME nor HOME is set")?;
    Ok(Path::new(&home).join(".cargo"))
}

fn require_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root()).args(["--print", "target-libdir", "--target", TARGET]);
    let output = rustc.output().context("cannot run rustc")?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if libraries.is_dir() {
        return Ok(());
    }
    bail!("the standard library for {TARGET} is missing; get it with `rustup target add {TARGET}`")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::without_places;

    #[test]
    fn sources_output_and_registry_have_the_same_names_everywhere() {
        let flags = without_places(Path::new("/a b"), Path::new("/a b/target"), Path::new("/home/me/.cargo"));
        let expected = [
            "--remap-path-prefix=/a b=/defender-xdr",
            "--remap-path-prefix=/a b/target=/defender-xdr/target",
            "--remap-path-prefix=/home/me/.cargo=/cargo",
        ];
        assert_eq!(flags, expected);
    }
}
