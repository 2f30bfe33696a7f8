//! Client assertions (RFC 7523 section 2.2): a client proves who it is by a signed token, of its own or of an issuer
//! outside.

pub(crate) mod certificate;
mod checks;
pub(crate) mod federation;
mod jwt;
pub(crate) mod trust;
mod validity;

use jiff::Timestamp;

use self::jwt::Assertion;
use super::Entra;
use super::aadsts;
use super::client::Client;
use super::form::Form;
use super::refusal::Refusal;
use super::tenant_segment::Segment;
use crate::exchange::Request;

/// The only kind of assertion there is (RFC 7523 section 2.2).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Entra {
    /// Finds the client of a token request and checks its assertion, if it brought one.
    pub(super) fn identify(
        &mut self,
        request: &Request,
        form: &Form,
        segment: Segment,
        now: Timestamp,
    ) -> Result<Client, Refusal> {
        let mut client = Client::identify(request, form, segment)?;
        let Some(text) = client.assertion() else { return Ok(client) };
        let application = client.application;
        let trusted = self.records.trust.of(application, &self.origin);
        if application.public_client && application.secret.is_none() && trusted.is_empty() {
            return Err(aadsts::public_client_with_credential());
        }
        let assertion = Assertion::read(text).ok_or_else(aadsts::unreadable_assertion)?;
        let issuer = assertion.text("iss");
        let by_itself = issuer.is_none_or(|issuer| issuer.eq_ignore_ascii_case(application.id));
        if by_itself || issuer.is_some_and(|issuer| !issuer.contains("://")) {
            checks::of_a_certificate(&assertion, application, &trusted, &audiences(request, segment), now)?;
            self.spend(&assertion, now)?;
        } else {
            checks::of_a_federation(
                &assertion,
                application,
                &trusted,
                |token| self.key.verify(token).is_some(),
                now,
            )?;
        }
        client.prove();
        Ok(client)
    }

    /// Refuses an assertion that was used before, if the tenant is told to.
    fn spend(&mut self, assertion: &Assertion<'_>, now: Timestamp) -> Result<(), Refusal> {
        if !self.behaviour.single_use_assertions {
            return Ok(());
        }
        self.used_assertions.retain(|_, expires| *expires > now.as_second());
        let id = assertion.text("jti").ok_or_else(aadsts::replayed_assertion)?.to_owned();
        match self.used_assertions.insert(id, assertion.seconds("exp").unwrap_or_default()) {
            None => Ok(()),
            Some(_) => Err(aadsts::replayed_assertion()),
        }
    }
}

/// What an assertion may be addressed to: the token endpoint that was asked, in either version, or the issuer of
/// the tenant.
fn audiences(request: &Request, segment: Segment) -> Vec<String> {
    let mut names = vec![segment.canonical()];
    if let Segment::Tenant(tenant) = segment {
        names.push(tenant.domain);
    }
    let forms = |name: &str| {
        ["/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "/", ""]
            .map(|path| format!("{}/{name}{path}", request.origin))
    };
    names.into_iter().flat_map(forms).collect()
}
