//! What applications may sign in with beside their secrets: certificates and tokens of other issuers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::certificate::{RegisteredCertificate, Thumbprint};
use super::federation::{FederatedCredential, issuer_url};
use crate::directory::applications::Application;

/// What was registered while the emulator ran, by application.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Trust {
    certificates: BTreeMap<String, Vec<RegisteredCertificate>>,
    federations: BTreeMap<String, Vec<FederatedCredential>>,
}

/// Everything one application is trusted by.
#[derive(Debug)]
pub(super) struct Trusted<'a> {
    certificates: &'a [RegisteredCertificate],
    pub(super) federations: Vec<FederatedCredential>,
}

impl Trust {
    pub(super) fn of(&self, application: &Application, origin: &str) -> Trusted<'_> {
        let seeded = application.federations.iter().map(|known| FederatedCredential {
            issuer: issuer_url(origin, known.issuer),
            subject: known.subject.to_owned(),
            audience: known.audience.to_owned(),
        });
        let registered = self.federations.get(application.id).into_iter().flatten().cloned();
        Trusted {
            certificates: self.certificates.get(application.id).map_or(&[], Vec::as_slice),
            federations: seeded.chain(registered).collect(),
        }
    }

    pub(crate) fn register(&mut self, application: &Application, certificate: RegisteredCertificate) {
        let registered = self.certificates.entry(application.id.to_owned()).or_default();
        if !registered.contains(&certificate) {
            registered.push(certificate);
        }
    }

    pub(crate) fn federate(&mut self, application: &Application, credential: FederatedCredential) {
        let registered = self.federations.entry(application.id.to_owned()).or_default();
        if !registered.contains(&credential) {
            registered.push(credential);
        }
    }

    pub(crate) fn forget_certificates(&mut self, application: &Application) {
        self.certificates.remove(application.id);
    }

    pub(crate) fn forget_federations(&mut self, application: &Application) {
        self.federations.remove(application.id);
    }
}

impl Trusted<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.federations.is_empty()
    }

    pub(super) fn certificate(&self, thumbprint: &Thumbprint) -> Option<&RegisteredCertificate> {
        self.certificates.iter().find(|certificate| certificate.has(thumbprint))
    }
}
