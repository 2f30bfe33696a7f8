//! The key file that an Arc agent's challenge names. Whoever answers on the agent's port names the file, so the name
//! is checked before anything is opened: otherwise a false agent could have any file of ours sent to it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind};

/// Where the agent lays its keys on Linux.
pub(crate) const LINUX_KEYS: &str = "/var/opt/azcmagent/tokens";

/// The agent's keys are far smaller.
const LARGEST: u64 = 4096;

fn refused(message: impl Into<String>) -> AuthError {
    AuthError::new(AuthErrorKind::Setup, message).with_setting("managed-identity-source")
}

/// The file that `Basic realm=FILE` names, which must lie right in `directory` and end in `.key`.
pub(super) fn key_file(challenge: Option<&str>, directory: &Path) -> Result<PathBuf, AuthError> {
    let not_the_agent = |why: &str| {
        refused(format!("the Azure Arc agent's challenge {why}"))
            .with_hint("nothing was read or sent: is it really the agent that answers at IDENTITY_ENDPOINT?")
    };
    let challenge = challenge.ok_or_else(|| not_the_agent("is missing"))?.trim();
    let realm = challenge
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, rest)| rest.trim().split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("realm"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .ok_or_else(|| not_the_agent("is not `Basic realm=FILE`"))?;
    let name = realm.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".key").unwrap_or_default();
    // Rebuilt and compared as text, so that no spelling of another place passes.
    let path = directory.join(name);
    if path.to_str() != Some(realm) || stem.is_empty() || stem.starts_with('.') {
        return Err(not_the_agent(&format!(
            "names a file that is not a key right in {}",
            directory.display()
        )));
    }
    Ok(path)
}

/// Reads the key.
pub(super) async fn read_key(path: PathBuf) -> Result<Secret, AuthError> {
    tokio::task::spawn_blocking(move || read(&path)).await.map_err(|_| refused("reading the key failed"))?
}

fn unreadable(path: &Path, error: &std::io::Error) -> AuthError {
    let failed = refused(format!("cannot read the Azure Arc agent's key {}: {error}", path.display()));
    failed.with_hint(if error.kind() == ErrorKind::PermissionDenied {
        "run as root or as a member of the group himds: `sudo usermod -aG himds USER`, then a new session"
    } else {
        "is the Azure Connected Machine agent whole? `azcmagent check`"
    })
}

fn read(path: &Path) -> Result<Secret, AuthError> {
    let unusable = |why: &str| refused(format!("the Azure Arc agent's key {} {why}", path.display()));
    let named = path.symlink_metadata().map_err(|error| unreadable(path, &error))?;
    if !named.is_file() {
        return Err(unusable("is not a plain file"));
    }
    if named.len() > LARGEST {
        return Err(unusable("is larger than 4096 bytes"));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let opened = file.metadata().map_err(|error| unreadable(path, &error))?;
    if (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
        return Err(unusable("was replaced while it was opened"));
    }
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    let text = Secret::new(text);
    if text.expose().len() as u64 > LARGEST {
        return Err(unusable("is larger than 4096 bytes"));
    }
    let key = Secret::new(text.expose().trim());
    if key.is_empty() { Err(unusable("is empty")) } else { Ok(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(challenge: &str) -> Option<PathBuf> {
        key_file(Some(challenge), Path::new(LINUX_KEYS)).ok()
    }

    #[test]
    fn a_key_right_in_the_directory_is_taken() {
        let path = Some(PathBuf::from("/var/opt/azcmagent/tokens/7f1c.key"));
        for challenge in [
            "Basic realm=/var/opt/azcmagent/tokens/7f1c.key",
            "basic Realm=\"/var/opt/azcmagent/tokens/7f1c.key\"",
            "  Basic   realm = /var/opt/azcmagent/tokens/7f1c.key ",
        ] {
            assert_eq!(named(challenge), path, "{challenge}");
        }
    }

    #[test]
    fn every_other_file_is_refused_before_it_is_opened() {
        for realm in [
            "/etc/shadow",
            "/etc/shadow.key",
            "/var/opt/azcmagent/tokens/../../../../etc/x.key",
            "/var/opt/azcmagent/tokens/a/b.key",
            "/var/opt/azcmagent/tokens//b.key",
            "/var/opt/azcmagent/tokens/./b.key",
            "/var/opt/azcmagent/tokens/b.key/",
            "/var/opt/azcmagent/tokens/b.txt",
            "/var/opt/azcmagent/tokens/.key",
            "/var/opt/azcmagent/tokens/..key",
            "/var/opt/azcmagent/tokens",
            "/VAR/opt/azcmagent/tokens/b.key",
            "b.key",
            "",
        ] {
            assert_eq!(named(&format!("Basic realm={realm}")), None, "{realm}");
        }
    }

    #[test]
    fn who_may_not_read_the_key_is_told_of_the_group() {
        let hint = |kind: ErrorKind| {
            let error = unreadable(Path::new("/x.key"), &kind.into());
            error.hint().unwrap_or_default().to_owned()
        };
        assert!(hint(ErrorKind::PermissionDenied).contains("himds"));
        assert!(!hint(ErrorKind::NotFound).contains("himds"));
    }

    #[test]
    fn a_challenge_of_another_kind_is_refused() {
        for challenge in ["", "Bearer realm=/var/opt/azcmagent/tokens/a.key", "Basic", "Basic file=/x.key"] {
            assert_eq!(named(challenge), None, "{challenge}");
        }
        assert!(key_file(None, Path::new(LINUX_KEYS)).is_err());
    }
}
