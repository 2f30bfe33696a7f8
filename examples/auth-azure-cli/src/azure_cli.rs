//! Finding and running `az`: no shell, nothing of the current directory, an environment of its own, a deadline.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use defender_xdr_core::Environment;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use tokio::process::Command;

/// The variables that `az` needs to find its session and the network. Everything else stays here, other programs'
/// secrets included.
const PASSED_ON: &[&str] = &[
    "HOME",
    "PATH",
    "AZURE_CONFIG_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "LANG",
];

/// The Azure CLI on this machine.
#[derive(Debug)]
pub(crate) struct AzureCli {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl AzureCli {
    /// The configured program, else the first `az` in `PATH`.
    ///
    /// # Errors
    /// When it is not absolute, or there is none.
    pub(crate) fn locate(configured: Option<PathBuf>, environment: &Environment) -> Result<Self, String> {
        let program = match configured {
            Some(path) if path.is_absolute() && path.is_file() => path,
            Some(path) if path.is_absolute() => return Err(format!("there is no file {}", path.display())),
            Some(path) => return Err(format!("{} is not an absolute path", path.display())),
            None => in_path(environment.get("PATH").unwrap_or_default())
                .ok_or("the Azure CLI (`az`) is not in PATH: install it, or set `azure-cli-path`")?,
        };
        let passed = PASSED_ON.iter().filter_map(|&name| Some((name, environment.get(name)?.to_owned())));
        Ok(Self { program, environment: passed.collect() })
    }

    /// Runs it and returns what it printed.
    pub(crate) async fn run(&self, arguments: &[&str], deadline: Duration) -> Result<Vec<u8>, AuthError> {
        let child = Command::new(&self.program)
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("cannot run {}: {error}", self.program.display())))?;
        let output = tokio::time::timeout(deadline, child.wait_with_output())
            .await
            .map_err(|_| failed(format!("`az` took longer than {} s", deadline.as_secs())))?
            .map_err(|error| failed(format!("`az`: {error}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().find(|line| line.contains("ERROR")).or(said.lines().next());
        Err(failed(format!("`az` failed: {}", line.unwrap_or("it did not say why").trim()))
            .with_hint("run `az login`, then try again"))
    }
}

fn failed(message: String) -> AuthError {
    AuthError::new(AuthErrorKind::Setup, message)
}

/// Looks in absolute folders only: an empty or relative one means the current directory, where anybody may have put
/// a program of that name.
fn in_path(path: &str) -> Option<PathBuf> {
    path.split(':')
        .map(Path::new)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("az"))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_directory_is_never_searched() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::File::create(folder.path().join("az")).expect("a program");
        assert_eq!(in_path("::.:bin"), None);
        let path = format!(".:{}", folder.path().display());
        assert_eq!(in_path(&path), Some(folder.path().join("az")));
    }

    #[test]
    fn a_relative_program_is_refused() {
        let error = AzureCli::locate(Some("az".into()), &Environment::default()).expect_err("relative");
        assert!(error.contains("not an absolute path"), "{error}");
    }
}
