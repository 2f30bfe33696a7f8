//! Keeping a session: remembered here, stored in the vault.

use std::sync::{Arc, PoisonError};

use super::TokenManager;
use crate::auth::error::{AuthError, AuthErrorKind};
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
    /// access token alone can be fetched again, so nobody waits for it.
    pub(super) async fn keep(&self, session: Session, guard: Option<VaultGuard>) {
        let durable_first = session.refresh_token.is_some();
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        let bytes = session.to_bytes();
        let kept_refresh_token = session.refresh_token.is_some();
        self.memory().session = Some(session);
        let writing = tokio::task::spawn_blocking(move || {
            if let Err(error) = vault.save(&name, &bytes) {
                let lost = if kept_refresh_token {
                    "; this sign-in lasts only as long as its access token"
                } else {
                    ""
                };
                tracing::warn!("the token is used but cannot be kept: {error}{lost}");
            }
            drop(guard);
        });
        if durable_first {
            if writing.await.is_err() {
                tracing::warn!("the token could not be kept: the writer failed");
            }
        } else {
            *self.saving.lock().unwrap_or_else(PoisonError::into_inner) = Some(writing);
        }
    }

    pub(super) async fn lock(&self) -> Result<VaultGuard, AuthError> {
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        tokio::task::spawn_blocking(move || vault.lock(&name))
            .await
            .map_err(|_| AuthError::new(AuthErrorKind::Store, "waiting for the token lock failed"))?
            .map_err(AuthError::from)
    }

    pub(super) fn save(&self, session: &Session) -> Result<(), StoreError> {
        self.vault.save(&self.name, &session.to_bytes())
    }

    /// A session that cannot be read counts as absent, with a warning that names the file.
    pub(super) fn load_tolerantly(&self) -> Option<Session> {
        match self.vault.load(&self.name) {
            Ok(None) => None,
            Ok(Some(bytes)) => {
                let session = Session::from_bytes(&bytes);
                if session.is_none() {
                    tracing::warn!("the stored sign-in was written by another version and is not used");
                }
                session
            }
            Err(error) => {
                tracing::warn!("{error}; it is not used");
                None
            }
        }
    }

    pub(super) fn load_or_empty(&self) -> Session {
        self.load_tolerantly().unwrap_or_default()
    }
}
