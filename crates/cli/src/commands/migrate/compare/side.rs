//! One of the two sides: a session of the same sign-in on one API. Whatever goes wrong names the side.

use defender_xdr_api::incidents::Incident;
use defender_xdr_api::{ApiError, ApiErrorKind, Client};
use defender_xdr_core::backend::Backend;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;
use crate::world::World;

/// One API, signed in.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) backend: Backend,
    session: Session,
    pub(super) client: Client,
}

impl Side {
    pub(super) fn open(world: &World, session: &Session, backend: Backend) -> Result<Self, Failure> {
        let opened = session.speaking(world, backend).and_then(|session| Ok((session.client()?, session)));
        let (client, session) = opened.map_err(|failure| named(backend, failure))?;
        Ok(Self { backend, session, client: client.in_background() })
    }

    /// The other API.
    pub(super) fn other(&self) -> Backend {
        match self.backend {
            Backend::Legacy => Backend::Graph,
            Backend::Graph => Backend::Legacy,
        }
    }

    /// A result whose error names this side.
    pub(super) fn told<T>(&self, result: Result<T, ApiError>) -> Result<T, Failure> {
        self.session.told(result, "").map_err(|failure| named(self.backend, failure))
    }

    /// Reads an incident as it is now; `None` when it is not there.
    pub(super) async fn read(&self, id: &str) -> Result<Option<Incident>, Failure> {
        match self.client.get_incident(id).await {
            Err(error) if error.kind() == ApiErrorKind::NotFound => Ok(None),
            result => self.told(result).map(Some),
        }
    }

    pub(super) async fn flush(&self) {
        self.session.tokens.flush().await;
    }
}

/// The same failure, which says which side it is about. Commands in its hint sign in on that side.
fn named(backend: Backend, failure: Failure) -> Failure {
    match failure {
        Failure::Reported(report) => {
            let message = format!("the {backend} side cannot be read: {}", report.message());
            let mut report = report.saying(message);
            // To read the other side alone is no way out of a comparison.
            if report.exit == Exit::Permission {
                report.hint =
                    Some("`defender-xdr migrate permissions` says what to grant on each API".to_owned());
            }
            report.hint = report.hint.map(|hint| {
                hint.replace("`defender-xdr auth ", &format!("`defender-xdr --api {backend} auth "))
            });
            report.into()
        }
        other => other,
    }
}
