//! Changes to registrations while the emulator runs.

use serde_json::Value;

use super::Entra;
use super::assertion::certificate::{CertificateError, RegisteredCertificate};
use super::assertion::federation::FederatedCredential;
use crate::directory::applications::{self, Application};

impl Entra {
    /// Registers the first certificate of a PEM text; answers its thumbprints.
    pub(crate) fn register_certificate(
        &mut self,
        application: &str,
        pem: &str,
    ) -> Result<Value, CertificateError> {
        let application = applications::find(application).ok_or(CertificateError::UnknownApplication)?;
        let certificate = RegisteredCertificate::read(pem)?;
        let told = certificate.told();
        self.records.trust.register(application, certificate);
        Ok(told)
    }

    /// Lets an application sign in with tokens of an issuer outside; answers the credential with the issuer's URL.
    pub(crate) fn federate(
        &mut self,
        application: &Application,
        credential: FederatedCredential,
    ) -> FederatedCredential {
        let credential = credential.spelled_out(&self.origin);
        self.records.trust.federate(application, credential.clone());
        credential
    }
}
