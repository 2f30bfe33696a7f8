//! Federated credentials: a token of an issuer that the app registration trusts is passed on as the assertion
//! ("Workload identity federation"). Nothing secret of our own is kept anywhere.

mod github_actions;
mod subject_token;
pub(crate) mod workload_identity;

use std::path::PathBuf;
use std::sync::Arc;

use defender_xdr_core::auth::{AuthError, AuthErrorKind, FlowContext};
use defender_xdr_core::settings::{SecretReference, SecretResolver, SettingsError};
use defender_xdr_core::{Clock, Secret};

use self::github_actions::GitHubActions;
use super::presented::Presented;
pub(super) use subject_token::SubjectToken;

/// The settings key.
pub(super) const KEY: &str = "federated-token";

/// Where the token comes from. Asked anew for each token request: such tokens live minutes to hours.
#[derive(Debug)]
enum Source {
    Reference(SecretReference),
    GitHubActions(GitHubActions),
}

/// A federated credential.
#[derive(Debug)]
pub(crate) struct FederatedCredential {
    source: Source,
    resolver: Arc<SecretResolver>,
    clock: Arc<dyn Clock>,
}

impl FederatedCredential {
    /// Reads the settings: a secret reference, or the word for a platform that says itself where the token is.
    pub(super) fn from_context(context: &FlowContext) -> Result<Self, SettingsError> {
        let values = &context.values;
        let text = values.text(KEY).unwrap_or_default();
        let source = match text {
            workload_identity::WORD => {
                Source::Reference(SecretReference::File(workload_identity::token_file(context)?))
            }
            github_actions::WORD => Source::GitHubActions(GitHubActions::from_context(context)?),
            _ => match values.secret(KEY)? {
                Some(SecretReference::Literal(token)) if SubjectToken::read(&token).is_none() => {
                    // The text is not repeated: it may be a token after all.
                    let hint = if text.starts_with(['/', '.', '~']) {
                        "write `file:` before a path"
                    } else {
                        "write `file:PATH`, `env:NAME`, `command:ARGV`, `workload-identity` (AKS) or `github-actions`"
                    };
                    let error = SettingsError::new(format!(
                        "`{KEY}` is neither a reference nor a known source nor a token"
                    ));
                    return Err(values.blame(KEY, error.with_hint(hint)));
                }
                Some(reference) => Source::Reference(reference),
                None => return Err(SettingsError::missing(KEY, context.entry.id)),
            },
        };
        Ok(Self { source, resolver: Arc::clone(&context.secrets), clock: Arc::clone(&context.clock) })
    }

    /// The token of this moment.
    pub(super) async fn token(&self) -> Result<(Secret, Presented), AuthError> {
        let token = self.open().await?;
        let facts = SubjectToken::read(&token).ok_or_else(|| {
            AuthError::new(
                AuthErrorKind::Setup,
                format!("`{KEY}` leads to something that is no JSON Web Token{}", self.file_in_words()),
            )
            .with_hint("it must be a token of the issuer that the app registration trusts")
            .with_setting(KEY)
        })?;
        let facts = facts.of_file(self.file(), self.clock.now());
        // Sent nevertheless: it may be this machine's clock that is wrong.
        if let Some(expiry) = facts.expiry_in_words() {
            tracing::warn!("{expiry}");
        }
        Ok((token, Presented::Federated(facts)))
    }

    /// A command and GitHub give another token each time, which is the same credential all the same.
    pub(super) async fn fingerprint(&self) -> Result<String, AuthError> {
        match &self.source {
            Source::GitHubActions(source) => Ok(source.fingerprint()),
            Source::Reference(SecretReference::Command(_)) => {
                let token = self.open().await?;
                Ok(SubjectToken::read(&token)
                    .map_or_else(|| token.fingerprint(), |facts| facts.fingerprint()))
            }
            Source::Reference(_) => Ok(self.open().await?.fingerprint()),
        }
    }

    async fn open(&self) -> Result<Secret, AuthError> {
        match &self.source {
            Source::GitHubActions(source) => source.fetch().await,
            Source::Reference(reference) => {
                let token = self.resolver.resolve(reference).await.map_err(|error| {
                    AuthError::new(AuthErrorKind::Setup, format!("cannot open `{KEY}`: {error}"))
                        .with_hint(format!("check what `{KEY}` refers to"))
                        .with_setting(KEY)
                })?;
                Ok(Secret::new(token.expose().trim()))
            }
        }
    }

    fn file(&self) -> Option<&PathBuf> {
        match &self.source {
            Source::Reference(SecretReference::File(path)) => Some(path),
            _ => None,
        }
    }

    fn file_in_words(&self) -> String {
        self.file().map(|path| format!(": {}", path.display())).unwrap_or_default()
    }
}
