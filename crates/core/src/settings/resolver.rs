//! Opens secret references: reads the file, asks the store, runs the command.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use zeroize::Zeroizing;

use super::process_group::ProcessGroup;
use super::reference::{SecretReference, told};
use crate::store::Vault;
use crate::{Environment, Secret};

/// A command or a file has this long to give its secret.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The largest secret read from a file or a command, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Opens secret references.
#[derive(Debug, Clone)]
pub struct SecretResolver {
    /// For `env:`.
    pub environment: Environment,
    /// For `stored:`.
    pub vault: Arc<dyn Vault>,
}

/// A secret that could not be opened. Never holds any of it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct SecretError {
    message: String,
}

fn failed(message: impl Into<String>) -> SecretError {
    SecretError { message: message.into() }
}

impl SecretResolver {
    /// The secret itself.
    ///
    /// # Errors
    /// When it is not there, is empty, is too large, or the command fails.
    pub async fn resolve(&self, reference: &SecretReference) -> Result<Secret, SecretError> {
        let secret = match reference {
            SecretReference::Literal(secret) => secret.clone(),
            SecretReference::Environment(name) => Secret::new(
                self.environment
                    .get(name)
                    .ok_or_else(|| failed(format!("environment variable {name} is not set")))?,
            ),
            SecretReference::File(path) => from_file(&self.below_home(path)?, LONGEST_WAIT).await?,
            SecretReference::Stored(name) => from_vault(self.vault.as_ref(), name)?,
            #[cfg(feature = "keyring")]
            SecretReference::Keyring(name) => from_keyring(name).await?,
            SecretReference::Command(words) => from_command(words, LONGEST_WAIT).await?,
        };
        if secret.is_empty() { Err(failed("the secret is empty")) } else { Ok(secret) }
    }
}

impl SecretResolver {
    /// `~/` is the home directory, as in a shell.
    fn below_home(&self, path: &Path) -> Result<PathBuf, SecretError> {
        let Ok(rest) = path.strip_prefix("~") else { return Ok(path.to_owned()) };
        match self.environment.get("HOME") {
            Some(home) => Ok(Path::new(home).join(rest)),
            None => {
                Err(failed(format!("{} begins with the home directory, and HOME is not set", path.display())))
            }
        }
    }
}

async fn from_file(path: &Path, time: Duration) -> Result<Secret, SecretError> {
    let unreadable = |error: std::io::Error| failed(format!("cannot read {}: {error}", told(path)));
    let path_owned = path.to_owned();
    // A pipe that nobody writes into, or a file behind a dead network, blocks: on a thread of its own, which nobody
    // waits for at the end.
    let (done, result) = tokio::sync::oneshot::channel();
    let reading = std::thread::Builder::new().name("secret-file".to_owned()).spawn(move || {
        use std::io::Read;
        let mut text = Zeroizing::new(String::new());
        let read = std::fs::File::open(path_owned)
            .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text).map(|_| text));
        // Nobody listens any more when it took too long.
        done.send(read).ok();
    });
    reading.map_err(unreadable)?;
    let text = tokio::time::timeout(time, result)
        .await
        .map_err(|_| failed(format!("{} gave nothing within {} s", told(path), time.as_secs())))?
        .map_err(|_| failed("reading the secret file failed"))?
        .map_err(unreadable)?;
    if text.len() as u64 > LARGEST {
        return Err(failed(format!("{} is larger than 64 KiB", path.display())));
    }
    Ok(Secret::new(without_final_newline(&text)))
}

fn from_vault(vault: &dyn Vault, name: &str) -> Result<Secret, SecretError> {
    let record = vault
        .load(&format!("secret-{name}"))
        .map_err(|error| failed(error.to_string()))?
        .ok_or_else(|| failed(format!("there is no stored secret `{name}`")))?;
    let text = std::str::from_utf8(&record)
        .map_err(|_| failed(format!("the stored secret `{name}` is not text")))?;
    Ok(Secret::new(text))
}

#[cfg(feature = "keyring")]
async fn from_keyring(name: &str) -> Result<Secret, SecretError> {
    let entry = name.to_owned();
    let read = tokio::task::spawn_blocking(move || crate::keyring_entry::read(&entry)).await;
    read.map_err(|_| failed("reading the keyring failed"))?
        .map_err(|error| failed(format!("cannot read the keyring entry `{name}`: {error}")))?
        .ok_or_else(|| {
            let service = crate::keyring_entry::SERVICE;
            failed(format!("the keyring has no entry of service `{service}` and user name `{name}`"))
        })
}

async fn from_command(words: &[String], time: Duration) -> Result<Secret, SecretError> {
    let [program, arguments @ ..] = words else { return Err(failed("the command is empty")) };
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        // A group of its own, so that what the program started ends with it.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(format!("cannot run {program}: {error}")))?;
    // Dropped before `child`: while the child is not reaped, nobody else can get its number.
    let group = ProcessGroup::led_by(&child);
    let run = async {
        let mut output = Zeroizing::new(Vec::new());
        if let Some(stdout) = child.stdout.take() {
            stdout.take(LARGEST + 1).read_to_end(&mut output).await?;
        }
        if output.len() as u64 > LARGEST {
            return Ok(None);
        }
        Ok::<_, std::io::Error>(Some((output, child.wait().await?)))
    };
    let (output, status) = tokio::time::timeout(time, run)
        .await
        .map_err(|_| failed(format!("{program} took longer than {} s", time.as_secs())))?
        .map_err(|error| failed(format!("{program}: {error}")))?
        .ok_or_else(|| failed(format!("{program} printed more than 64 KiB")))?;
    group.release();
    if !status.success() {
        return Err(failed(format!("{program} failed ({status})")));
    }
    let text = std::str::from_utf8(&output)
        .map_err(|_| failed(format!("{program} printed something that is not text")))?;
    Ok(Secret::new(without_final_newline(text)))
}

fn without_final_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryVault;

    fn resolver() -> SecretResolver {
        let vault = MemoryVault::default();
        vault.save("secret-a", b"stored").expect("memory takes it");
        SecretResolver { environment: Environment::from_iter([("A", "from-env")]), vault: Arc::new(vault) }
    }

    async fn resolve(reference: SecretReference) -> Result<String, String> {
        let secret = resolver().resolve(&reference).await;
        secret.map(|secret| secret.expose().to_owned()).map_err(|error| error.to_string())
    }

    fn command(words: &[&str]) -> SecretReference {
        SecretReference::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[tokio::test]
    async fn each_kind_is_opened() {
        assert_eq!(resolve(SecretReference::Environment("A".into())).await.as_deref(), Ok("from-env"));
        assert_eq!(resolve(SecretReference::Stored("a".into())).await.as_deref(), Ok("stored"));
        assert_eq!(resolve(command(&["printf", "x$HOME\\n"])).await.as_deref(), Ok("x$HOME"));
        let file = std::env::temp_dir().join(format!("defender-xdr-secret-{}", std::process::id()));
        std::io::Write::write_all(&mut std::fs::File::create(&file).expect("made"), b" kept \n\n")
            .expect("written");
        assert_eq!(resolve(SecretReference::File(file.clone())).await.as_deref(), Ok(" kept \n"));
        std::fs::remove_file(file).expect("removed");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        assert!(
            resolve(SecretReference::Environment("B".into()))
                .await
                .expect_err("unset")
                .contains("B is not set")
        );
        assert!(resolve(SecretReference::Stored("b".into())).await.expect_err("absent").contains("`b`"));
        assert!(
            resolve(SecretReference::File("/no/such".into())).await.expect_err("absent").contains("/no/such")
        );
        assert!(resolve(command(&["false"])).await.expect_err("fails").contains("false failed"));
        assert!(resolve(command(&["true"])).await.expect_err("empty").contains("empty"));
    }

    #[tokio::test]
    async fn a_pipe_that_nobody_writes_into_is_not_waited_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(made.success());
        let error = from_file(&pipe, Duration::from_millis(100)).await.expect_err("nobody writes");
        assert!(error.to_string().contains("gave nothing within"), "{error}");
    }

    #[tokio::test]
    async fn a_program_that_prints_without_end_is_told_so() {
        let error = resolve(command(&["yes"])).await.expect_err("endless");
        assert_eq!(error, "yes printed more than 64 KiB");
    }

    #[tokio::test]
    async fn what_a_slow_program_started_ends_with_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let late = directory.path().join("late");
        // A grandchild that outlives the shell would make the file.
        let script = format!("(sleep 2; touch {}) & sleep 30", late.display());
        let words = ["sh", "-c", &script].map(str::to_owned);
        let error = from_command(&words, Duration::from_millis(500)).await.expect_err("too slow");
        assert!(error.to_string().contains("took longer"), "{error}");
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(!late.exists(), "the grandchild lives on");
    }

    #[tokio::test]
    async fn a_path_may_begin_with_the_home_directory() {
        let home = tempfile::tempdir().expect("a directory");
        crate::store::atomic::replace(&home.path().join("secret"), b"at home\n").expect("written");
        let resolver = SecretResolver {
            environment: Environment::from_iter([("HOME", home.path().to_str().expect("text"))]),
            vault: Arc::new(MemoryVault::default()),
        };
        let secret = resolver.resolve(&SecretReference::File("~/secret".into())).await.expect("there");
        assert_eq!(secret.expose(), "at home");
    }

    #[tokio::test]
    async fn a_relative_path_that_is_not_there_says_what_it_is_relative_to() {
        let error = resolve(SecretReference::File("no-such-file".into())).await.expect_err("absent");
        assert!(error.contains("/no-such-file (`no-such-file` from the current directory)"), "{error}");
    }
}
