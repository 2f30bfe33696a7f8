//! Links the program with packed relative relocations (`DT_RELR`) where the C library here can load them: more than a
//! megabyte less to read from the disk and to keep in memory at each start.

use std::process::Command;

/// The first glibc that loads them.
const FIRST: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_native = variable("TARGET").is_some_and(|target| variable("HOST") == Some(target));
    let is_glibc = variable("CARGO_CFG_TARGET_OS").as_deref() == Some("linux")
        && variable("CARGO_CFG_TARGET_ENV").as_deref() == Some("gnu");
    // A program for another system is not known to meet a library like ours.
    if is_native && is_glibc && glibc().is_some_and(|version| version >= FIRST) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

#[expect(clippy::disallowed_methods, reason = "a build script is told everything by its environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// `glibc 2.36`, as `getconf` says it.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
