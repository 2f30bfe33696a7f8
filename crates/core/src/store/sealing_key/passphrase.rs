//! The sealing key from a passphrase. Stretching takes time on purpose, so it is done once per process and only when a
//! record is opened or sealed.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::bytes::SealingKey;
use super::source::{KeySource, Replacement};
use super::stretching::Stretching;
use crate::Secret;
use crate::store::atomic;
use crate::store::error::{StoreError, StoreErrorKind};

/// A key stretched from a passphrase.
pub struct PassphraseKey {
    passphrase: Secret,
    file: PathBuf,
    stretched: Mutex<Option<(Stretching, Option<SealingKey>)>>,
    #[cfg(test)]
    pub(in crate::store) work: std::sync::atomic::AtomicUsize,
}

impl std::fmt::Debug for PassphraseKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PassphraseKey").field("file", &self.file).finish_non_exhaustive()
    }
}

impl PassphraseKey {
    /// Fewer characters are guessed, however long each guess takes.
    pub const SHORTEST: usize = 12;

    /// The key of `passphrase`, with salt and parameters in `file`. Nothing is touched before the first use.
    ///
    /// # Errors
    /// When the passphrase has fewer than [`PassphraseKey::SHORTEST`] characters.
    pub fn new(passphrase: Secret, file: impl Into<PathBuf>) -> Result<Self, StoreError> {
        if passphrase.expose().chars().count() < Self::SHORTEST {
            return Err(StoreError::new(
                StoreErrorKind::KeyUnavailable,
                format!("the sealing passphrase has fewer than {} characters", Self::SHORTEST),
            )
            .with_hint("take five or more random words"));
        }
        Ok(Self {
            passphrase,
            file: file.into(),
            stretched: Mutex::default(),
            #[cfg(test)]
            work: std::sync::atomic::AtomicUsize::new(0),
        })
    }

    /// The key for stored parameters, stretched at most once for each that this process meets.
    fn open(&self, stored: Stretching) -> Result<SealingKey, StoreError> {
        let mut stretched = self.stretched.lock().unwrap_or_else(PoisonError::into_inner);
        let known = stretched.as_ref().filter(|(parameters, _)| *parameters == stored);
        let key = if let Some((_, key)) = known {
            key.clone()
        } else {
            #[cfg(test)]
            self.work.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let key = stored.open(&self.passphrase)?;
            *stretched = Some((stored, key.clone()));
            key
        };
        key.ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::OtherKey,
                format!("the sealing passphrase is not the one that {} was made for", self.file.display()),
            )
            .with_hint(
                "set `sealing-passphrase` to that one; to change it, set `previous-sealing-passphrase` to it and run \
                 `defender-xdr auth rotate-key --from passphrase`",
            )
        })
    }

    fn draw_new(&self) -> Result<(Stretching, SealingKey), StoreError> {
        #[cfg(test)]
        self.work.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (drawn, key) = Stretching::draw(&self.passphrase)?;
        let known = Some((drawn.clone(), Some(key.clone())));
        *self.stretched.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok((drawn, key))
    }
}

impl KeySource for PassphraseKey {
    fn id(&self) -> &'static str {
        "passphrase"
    }

    fn place(&self) -> String {
        format!("a passphrase, stretched as {} says", self.file.display())
    }

    fn read(&self) -> Result<Option<SealingKey>, StoreError> {
        Stretching::read(&self.file)?.map(|stored| self.open(stored)).transpose()
    }

    fn read_or_create(&self) -> Result<SealingKey, StoreError> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        if let Some(directory) = self.file.parent() {
            atomic::create_private_directory(directory)?;
        }
        let (drawn, key) = self.draw_new()?;
        if atomic::create_new(&self.file, &drawn.to_bytes())? {
            return Ok(key);
        }
        // Another process was first: its salt counts.
        self.read()?.ok_or_else(|| {
            StoreError::new(StoreErrorKind::Io, format!("{} came and went", self.file.display()))
        })
    }

    fn draw(&self) -> Result<Option<Replacement>, StoreError> {
        let ((drawn, key), file) = (self.draw_new()?, self.file.clone());
        Ok(Some(Replacement::new(key, move || atomic::replace(&file, &drawn.to_bytes()))))
    }

    /// Without stretching: to say whether it could be done is cheap.
    fn check(&self) -> Result<(), StoreError> {
        Stretching::read(&self.file).map(|_| ())
    }

    fn guards_against(&self) -> &'static [&'static str] {
        &[
            "other users of this machine",
            "whoever gets a copy or backup of the disk without the passphrase, as long as the passphrase cannot be guessed",
        ]
    }

    fn no_guard_against(&self) -> &'static [&'static str] {
        &[
            "programs that run as you, if they can read where the passphrase comes from",
            "root",
            "guessing, if the passphrase is weak: who has the files may try as often as they like",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    fn source(passphrase: &str, directory: &tempfile::TempDir) -> PassphraseKey {
        PassphraseKey::new(Secret::new(passphrase), directory.path().join("stretching.json"))
            .expect("long enough")
    }

    #[test]
    fn it_is_stretched_once_however_often_it_is_asked_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let made = source("correct horse battery", &directory);
        let key = made.read_or_create().expect("made");
        let again = source("correct horse battery", &directory);
        again.check().expect("there");
        assert_eq!(again.work.load(Ordering::Relaxed), 0, "checking costs nothing");
        for _ in 0..3 {
            assert_eq!(again.read().expect("readable"), Some(key.clone()));
        }
        assert_eq!(again.work.load(Ordering::Relaxed), 1);
        assert_eq!(made.work.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn another_passphrase_is_told_and_a_short_one_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        source("correct horse battery", &directory).read_or_create().expect("made");
        let wrong = source("correct horse planted", &directory);
        for _ in 0..2 {
            let error = wrong.read().expect_err("another");
            assert_eq!(error.kind(), StoreErrorKind::OtherKey);
            assert!(!error.to_string().contains("planted"), "{error}");
        }
        assert_eq!(wrong.work.load(Ordering::Relaxed), 1, "a wrong one is not tried twice");
        assert!(PassphraseKey::new(Secret::new("short"), "x").is_err());
    }
}
