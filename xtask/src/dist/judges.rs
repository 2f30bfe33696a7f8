//! What others say about the packages: the tools of Debian and systemd, where they are installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::{NAME, VERSION};
use crate::step;

/// The most that `systemd-analyze security` may find, of 10.
const EXPOSURE: f32 = 2.0;

/// Asks all of them that are here.
///
/// # Errors
/// What one of them found.
pub(super) fn ask(made: &[PathBuf]) -> Result<()> {
    let deb = made.iter().find(|path| path.extension().is_some_and(|ending| ending == "deb"));
    let deb = deb.context("no package was made")?;
    if is_here("dpkg-deb") {
        let folder = tempfile::tempdir().context("no place to unpack")?;
        let unpack = &mut Command::new("dpkg-deb");
        step::run("dpkg-deb --extract", unpack.arg("--extract").arg(deb).arg(folder.path()))?;
        step::run("dpkg-deb --info", Command::new("dpkg-deb").arg("--info").arg(deb))?;
        runs(&folder.path().join("usr/bin").join(NAME))?;
        if is_here("systemd-analyze") {
            unit(folder.path())?;
        }
    } else {
        eprintln!("dpkg-deb and systemd-analyze were not asked: there is no dpkg-deb here");
    }
    if is_here("lintian") {
        step::run("lintian", Command::new("lintian").args(["--fail-on", "error"]).arg(deb))?;
    } else {
        eprintln!("lintian was not asked: it is not here");
    }
    Ok(())
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The packed program tells its version, and lists incidents of the demonstration tenant without anything around it.
fn runs(program: &Path) -> Result<()> {
    let home = tempfile::tempdir().context("no place to run the program")?;
    let mut version = Command::new(program);
    let told = step::output("the packed program: --version", version.env_clear().arg("--version"))?;
    ensure!(told.trim() == format!("{NAME} {VERSION}"), "the packed program calls itself `{}`", told.trim());
    let mut list = Command::new(program);
    list.env_clear().env("HOME", home.path()).args(["--demo", "-o", "ndjson", "incidents", "list"]);
    let listed = step::output("the packed program: --demo incidents list", &mut list)?;
    ensure!(listed.lines().count() >= 50, "it listed {} incidents", listed.lines().count());
    Ok(())
}

/// The service as it would be below `root`. Its program and manual are looked for there.
fn unit(root: &Path) -> Result<()> {
    let template = root.join("usr/lib/systemd/system/defender-xdr-fetch@.service");
    let text = fs::read_to_string(&template).context("the package has no service")?;
    // `verify` looks for the program on this machine, and runs `man` on this machine's pages.
    let program = root.join("usr/bin").join(NAME);
    let text = text.replace("/usr/bin/defender-xdr", &program.to_string_lossy());
    let text: String = text.lines().filter(|line| !line.starts_with("Documentation=")).fold(
        String::new(),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    );
    let instance = root.join("defender-xdr-fetch@main.service");
    fs::write(&instance, text).context("no place for the service")?;
    let mut verify = Command::new("systemd-analyze");
    let told = verify.arg("verify").arg(&instance).output().context("cannot run systemd-analyze")?;
    let told = [told.stdout, told.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    let about_us: Vec<&str> = told.lines().filter(|line| line.contains("defender-xdr")).collect();
    ensure!(about_us.is_empty(), "systemd-analyze verify: {}", about_us.join("\n"));
    let mut security = Command::new("systemd-analyze");
    security.args(["security", "--offline=true"]).arg(&instance);
    let told = step::output("systemd-analyze security", &mut security)?;
    let exposure = exposure(&told).context("systemd-analyze security tells no exposure")?;
    println!("systemd-analyze security: {exposure} of 10");
    ensure!(exposure <= EXPOSURE, "the service is exposed more than {EXPOSURE} of 10");
    Ok(())
}

fn exposure(told: &str) -> Option<f32> {
    let (_, rest) = told.split_once("Overall exposure level for ")?;
    rest.split_once(": ")?.1.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::exposure;
    use crate::workspace;

    #[test]
    fn the_exposure_is_the_number_on_the_last_line() {
        let told = "✓ PrivateTmp=  fine\n\n→ Overall exposure level for x@main.service: 1.2 OK 🙂\n";
        assert_eq!(exposure(told), Some(1.2));
        assert_eq!(exposure("nothing"), None);
    }

    #[test]
    fn the_service_calls_the_program_where_the_package_puts_it_and_stops_for_what_does_not_mend() {
        let path = workspace::root().join("packaging/systemd/defender-xdr-fetch@.service");
        let unit = fs::read_to_string(path).unwrap();
        let program = "ExecStart=/usr/bin/defender-xdr --profile %i fetch --follow --output ";
        for line in
            [program, "RestartPreventExitStatus=2 3 5\n", "NoNewPrivileges=yes\n", "ProtectSystem=strict\n"]
        {
            assert!(unit.contains(line), "{line}");
        }
    }

    #[test]
    fn the_image_holds_the_archive_that_is_made_here_and_runs_as_nobody() {
        let image = fs::read_to_string(workspace::root().join("packaging/Dockerfile")).unwrap();
        let archive = format!("target/dist/{}-${{VERSION}}-x86_64-linux.tar.gz", super::NAME);
        assert!(image.contains(&archive) && image.contains(&format!("ARG VERSION={}\n", super::VERSION)));
        let last = image.rsplit("\nFROM ").next().unwrap();
        assert!(last.starts_with("scratch\n") && last.contains("\nUSER 65532:65532\n"), "{last}");
        assert!(last.contains("SSL_CERT_FILE=") && last.contains("ca-certificates.crt"), "{last}");
    }
}
