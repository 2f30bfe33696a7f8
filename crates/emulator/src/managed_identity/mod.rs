//! The endpoints Azure hosts offer to what runs on them, so that it needs no secret: each below
//! `/_managed_identity/{host}`, and the one of virtual machines also where it really is, below `/metadata`.
//! <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>

mod app_service;
mod arc;
mod cloud_shell;
mod imds;
mod machine_learning;
mod query;
mod selection;
mod switches;
mod tokens;
pub(crate) mod variables;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use self::arc::ArcKeys;
use self::switches::Switches;
use self::tokens::Tokens;
use crate::entra::Entra;
use crate::exchange::{Request, Response};

/// What every path of a host begins with.
pub(crate) const PREFIX: &str = "/_managed_identity/";

/// The hosts and what they remember.
#[derive(Debug)]
pub(crate) struct Hosts {
    pub(crate) switches: Switches,
    tokens: Tokens,
    keys: ArcKeys,
}

/// What a host needs to answer.
struct Host<'a> {
    switches: &'a Switches,
    tokens: &'a mut Tokens,
    keys: &'a mut ArcKeys,
    entra: &'a mut Entra,
    now: Timestamp,
}

impl Hosts {
    /// `key_directory`: where Azure Arc puts its key files.
    pub(crate) fn new(key_directory: Option<PathBuf>, lifetime: SignedDuration) -> Self {
        Self {
            switches: Switches::default(),
            tokens: Tokens::lasting(lifetime),
            keys: ArcKeys::in_directory(key_directory),
        }
    }

    /// Answers a request to a host; `None` for other paths.
    pub(crate) fn handle(
        &mut self,
        entra: &mut Entra,
        request: &Request,
        now: Timestamp,
    ) -> Option<Response> {
        let path = match request.path.strip_prefix(PREFIX) {
            Some(path) => path.to_owned(),
            None => format!("imds{}", Some(&request.path).filter(|path| path.starts_with("/metadata/"))?),
        };
        // A slash at the end is overlooked, as the real hosts do: Microsoft's library for Node sends one.
        let (name, path) = path.trim_end_matches('/').split_once('/')?;
        let mut host =
            Host { switches: &self.switches, tokens: &mut self.tokens, keys: &mut self.keys, entra, now };
        Some(match (name, path) {
            ("imds", "metadata/identity/oauth2/token") => imds::token(&mut host, request),
            ("imds", "metadata/identity/info") => imds::info(request),
            ("imds", _) => imds::unknown_source(),
            ("app-service", "msi/token") => app_service::token(&mut host, request),
            ("app-service-2017", "msi/token") => app_service::older_token(&mut host, request),
            ("machine-learning", "token") => machine_learning::token(&mut host, request),
            ("arc", "metadata/identity/oauth2/token") => arc::token(&mut host, request),
            ("cloud-shell", "oauth2/token") => cloud_shell::token(&mut host, request),
            _ => return None,
        })
    }
}
