//! Keeping a session: remembered here, stored in the vault.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use tokio::task::JoinHandle;

use super::TokenManager;
use crate::auth::error::AuthError;
use crate::auth::session::Session;
use crate::store::{StoreError, VaultGuard};

impl TokenManager {
    /// Waits until what is being written in the background is on disk. Call it before the program ends.
    pub async fn flush(&self) {
        let saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(saving) = saving
            && saving.await.is_err()
        {
            tracing::warn!("the token could not be kept: the writer failed");
        }
    }

    /// Remembers and stores a session. A refresh token must be on disk before its access token is used; an
    /// access token alone can be fetched again, so nobody waits for it. A full disk is told and no failure.
    pub(super) async fn keep(&self, session: Session, guard: Option<VaultGuard>) {
        let has_refresh_token = session.refresh_token.is_some();
        // Without the lock, that nothing can be kept was told already.
        let told = guard.is_none();
        let writing = self.write(session, guard);
        if has_refresh_token {
            if let Err(error) = written(writing).await
                && !told
            {
                tracing::warn!(
                    "the token is used but cannot be kept: {error}; the refresh token from before stays, which the service \
                     may no longer take"
                );
            }
            return;
        }
        let telling = tokio::spawn(async move {
            if let Err(error) = written(writing).await
                && !told
            {
                tracing::warn!("the token is used but cannot be kept: {error}");
            }
        });
        *self.saving.lock().unwrap_or_else(PoisonError::into_inner) = Some(telling);
    }

    /// Remembers a session and stores it, or fails.
    pub(super) async fn keep_or_fail(&self, session: Session, guard: VaultGuard) -> Result<(), AuthError> {
        Ok(written(self.write(session, Some(guard))).await?)
    }

    fn write(&self, session: Session, guard: Option<VaultGuard>) -> JoinHandle<Result<(), StoreError>> {
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        let bytes = session.to_bytes();
        self.memory().session = Some(session);
        tokio::task::spawn_blocking(move || {
            let written = vault.save(&name, &bytes);
            drop(guard);
            written
        })
    }

    pub(super) async fn lock(&self) -> Result<VaultGuard, StoreError> {
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        let locked = tokio::task::spawn_blocking(move || vault.lock(&name)).await;
        locked.unwrap_or_else(|_| Err(StoreError::writer_failed()))
    }

    pub(super) fn save(&self, session: &Session) -> Result<(), StoreError> {
        self.vault.save(&self.name, &session.to_bytes())
    }

    /// Stores what is good to have and no reason to fail.
    pub(super) fn save_or_warn(&self, session: &Session) {
        if let Err(error) = self.save(session) {
            tracing::warn!("{error}");
        }
    }

    /// The stored session; one of another version is an error like a damaged one.
    pub(super) fn load(&self) -> Result<Option<Session>, StoreError> {
        let Some(bytes) = self.vault.load(&self.name)? else { return Ok(None) };
        Session::from_bytes(&bytes).map(Some).ok_or_else(StoreError::other_version)
    }

    /// A session that cannot be read counts as absent, with a warning that names the file.
    pub(super) fn load_or_empty(&self) -> Session {
        let loaded = self.load().unwrap_or_else(|error| {
            // The record is read several times in one command.
            if !self.trouble_told.swap(true, Ordering::Relaxed) {
                let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
                tracing::warn!("{error}; it is not used{hint}");
            }
            None
        });
        loaded.unwrap_or_default()
    }
}

async fn written(writing: JoinHandle<Result<(), StoreError>>) -> Result<(), StoreError> {
    writing.await.unwrap_or_else(|_| Err(StoreError::writer_failed()))
}
