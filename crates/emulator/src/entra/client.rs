//! Client authentication (RFC 6749 section 2.3): who asks, and how it proves that.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::aadsts;
use super::assertion::JWT_BEARER;
use super::form::Form;
use super::refusal::Refusal;
use super::tenant_segment::Segment;
use crate::directory::applications::{self, Application};
use crate::exchange::Request;

/// What a client brought to prove who it is.
#[derive(Debug, PartialEq, Eq)]
enum Credential {
    None,
    Secret(String),
    /// A signed assertion (RFC 7523).
    Assertion(String),
    /// An assertion that was checked and is good.
    Proven,
}

/// How a client proved who it is: the `appidacr` claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// A public client: `0`.
    Public,
    /// A client secret: `1`.
    Secret,
    /// A signed assertion: `2`.
    Assertion,
}

/// An application the tenant knows, with a credential not yet looked at.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) application: &'static Application,
    credential: Credential,
}

impl Client {
    /// Finds the client of a request. Refuses two authentication methods in one request and an application that
    /// the tenant does not know (700016).
    pub(crate) fn identify(request: &Request, form: &Form, segment: Segment) -> Result<Self, Refusal> {
        let basic = basic_credentials(request)?;
        let secret = form.get("client_secret");
        let assertion = form.get("client_assertion").or_else(|| form.get("client_assertion_type"));
        if usize::from(basic.is_some()) + usize::from(secret.is_some()) + usize::from(assertion.is_some()) > 1
        {
            return Err(aadsts::malformed("more than one client authentication method"));
        }
        let assertion = assertion_of(form)?;
        let (id, credential) = if let Some((id, secret)) = basic {
            if form.get("client_id").is_some_and(|named| !named.eq_ignore_ascii_case(&id)) {
                return Err(aadsts::malformed("the header and the body name different clients"));
            }
            (id, if secret.is_empty() { Credential::None } else { Credential::Secret(secret) })
        } else {
            let id = form.require("client_id")?.to_owned();
            let credential = match (secret, assertion) {
                (Some(secret), _) => Credential::Secret(secret.to_owned()),
                (None, Some(assertion)) => Credential::Assertion(assertion.to_owned()),
                (None, None) => Credential::None,
            };
            (id, credential)
        };
        let application = applications::find(&id)
            .filter(|application| match (segment, application.tenant) {
                (Segment::Tenant(tenant), Some(home)) => tenant == home,
                _ => true,
            })
            .ok_or_else(|| aadsts::unknown_application(&id, segment.canonical()))?;
        Ok(Self { application, credential })
    }

    /// The assertion it brought, not yet looked at.
    pub(crate) fn assertion(&self) -> Option<&str> {
        match &self.credential {
            Credential::Assertion(assertion) => Some(assertion),
            _ => None,
        }
    }

    /// Its assertion is good.
    pub(crate) fn prove(&mut self) {
        self.credential = Credential::Proven;
    }

    /// Checks the credential, which must be there: the client acts for itself.
    pub(crate) fn confidential(&self) -> Result<Authentication, Refusal> {
        self.presented()?.ok_or_else(aadsts::missing_credential)
    }

    /// Checks the credential, which a public client goes without.
    pub(crate) fn on_behalf_of_a_person(&self) -> Result<Authentication, Refusal> {
        match self.presented()? {
            Some(authentication) => Ok(authentication),
            None if self.application.public_client => Ok(Authentication::Public),
            None => Err(aadsts::missing_credential()),
        }
    }

    /// Checks that no credential is there: the redirect URI is that of a public client (700025).
    pub(crate) fn public(&self) -> Result<Authentication, Refusal> {
        match self.credential {
            Credential::None => Ok(Authentication::Public),
            _ => Err(aadsts::public_client_with_credential()),
        }
    }

    fn presented(&self) -> Result<Option<Authentication>, Refusal> {
        match (&self.credential, &self.application.secret) {
            (Credential::None, _) => Ok(None),
            (Credential::Proven, _) => Ok(Some(Authentication::Assertion)),
            (_, None) if self.application.public_client => Err(aadsts::public_client_with_credential()),
            (Credential::Secret(_), None) => Err(aadsts::wrong_secret(self.application.id)),
            (Credential::Assertion(_), _) => Err(aadsts::unreadable_assertion()),
            (Credential::Secret(sent), Some(secret)) if sent != secret.value => {
                Err(aadsts::wrong_secret(self.application.id))
            }
            (Credential::Secret(_), Some(secret)) if secret.expired => {
                Err(aadsts::expired_secret(self.application.id))
            }
            (Credential::Secret(_), Some(_)) => Ok(Some(Authentication::Secret)),
        }
    }
}

/// The assertion of a form: it comes with its type or not at all.
fn assertion_of(form: &Form) -> Result<Option<&str>, Refusal> {
    match (form.get("client_assertion_type"), form.get("client_assertion")) {
        (None, None) => Ok(None),
        (Some(JWT_BEARER), Some(assertion)) => Ok(Some(assertion)),
        (Some(JWT_BEARER), None) => Err(aadsts::missing_field("client_assertion")),
        (None, Some(_)) => Err(aadsts::missing_field("client_assertion_type")),
        (Some(_), _) => Err(aadsts::malformed("the client assertion type is not supported")),
    }
}

/// Id and secret of `client_secret_basic`: each form-encoded, joined by a colon, then base64 (RFC 6749 2.3.1).
fn basic_credentials(request: &Request) -> Result<Option<(String, String)>, Refusal> {
    let Some(value) = request.header("authorization") else {
        return Ok(None);
    };
    let Some(encoded) =
        value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("basic ")).map(|_| &value[6..])
    else {
        return Err(aadsts::malformed("the Authorization header of a token request is Basic or absent"));
    };
    let broken = || aadsts::malformed("the Basic credentials are not base64 of id:secret");
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| broken())?;
    let text = String::from_utf8(decoded).map_err(|_| broken())?;
    let (id, secret) = text.split_once(':').ok_or_else(broken)?;
    Ok(Some((form_decode(id), form_decode(secret))))
}

fn form_decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
