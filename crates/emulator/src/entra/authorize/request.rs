//! An authorization request (RFC 6749 section 4.1.1) and its rules.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>

use super::redirect_uri;
use super::reply::{Reply, ReplyTo, ResponseMode};
use crate::directory::applications::{self, Application, Platform};
use crate::directory::people::Person;
use crate::entra::aadsts;
use crate::entra::claims_request::AskedClaims;
use crate::entra::form::Form;
use crate::entra::pkce::Challenge;
use crate::entra::refusal::Refusal;
use crate::entra::scope::{OpenId, Scope, Target};
use crate::entra::tenant_segment::Segment;

/// What an application wants, once nothing is wrong with it.
#[derive(Debug)]
pub(crate) struct AuthorizationRequest {
    pub(crate) application: &'static Application,
    pub(crate) segment: Segment,
    pub(crate) platform: Platform,
    pub(crate) reply_to: ReplyTo,
    pub(crate) scope: String,
    pub(crate) openid: OpenId,
    pub(crate) targets: Vec<Target>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) nonce: Option<String>,
    pub(crate) prompt: Prompt,
    pub(crate) login_hint: Option<String>,
    pub(crate) asked: AskedClaims,
    pub(crate) client_info: bool,
}

/// The `prompt` parameter (`OpenID` Connect Core section 3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Absent, or `login`: nobody is ever signed in already.
    SignIn,
    SelectAccount,
    Consent,
    None,
}

/// Who learns that a request is refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The person, on a page: it is not certain that the address is the application's.
    OnPage(Refusal),
    /// The application.
    Redirected(Box<Reply>),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::OnPage(refusal)
    }
}

impl ReplyTo {
    /// Sends a refusal to the application (RFC 6749 section 4.1.2.1).
    pub(crate) fn refuse(self, refusal: Refusal) -> Refused {
        Refused::Redirected(Box::new(self.error(refusal)))
    }

    pub(crate) fn error(self, refusal: Refusal) -> Reply {
        let number = refusal.code.map(|code| format!("AADSTS{code}: ")).unwrap_or_default();
        let mut fields =
            vec![("error", refusal.error), ("error_description", format!("{number}{}", refusal.text))];
        if let Some(code) = refusal.code {
            fields.push(("error_uri", format!("https://login.microsoftonline.com/error?code={code}")));
        }
        if let Some(suberror) = refusal.suberror {
            fields.push(("error_subcode", suberror));
        }
        if let Some(claims) = refusal.claims {
            fields.push(("claims", claims));
        }
        self.with(fields)
    }
}

impl AuthorizationRequest {
    /// Reads a request. What is wrong with application, address or response type is shown on a page; everything
    /// else is sent to the application.
    pub(crate) fn read(form: &Form, tenant: &str) -> Result<Self, Refused> {
        let segment = Segment::read(tenant)?;
        let id = form.require("client_id")?;
        let application =
            applications::find(id).ok_or_else(|| aadsts::unknown_application(id, segment.canonical()))?;
        segment.admits(application)?;
        let uri = form.get("redirect_uri").ok_or_else(aadsts::no_reply_address_named)?;
        let platform = redirect_uri::registered(application, uri)?;
        let response_type = form.require("response_type")?;
        let (mode, known_mode) = match form.get("response_mode") {
            None | Some("query") => (ResponseMode::Query, true),
            Some("fragment") => (ResponseMode::Fragment, true),
            Some("form_post") => (ResponseMode::FormPost, true),
            Some(_) => (ResponseMode::Query, false),
        };
        let reply_to =
            ReplyTo { redirect_uri: uri.to_owned(), mode, state: form.get("state").map(str::to_owned) };
        let redirected = |refusal| reply_to.clone().refuse(refusal);
        if !known_mode {
            return Err(redirected(aadsts::bad_parameter("response_mode")));
        }
        if response_type != "code" {
            return Err(redirected(aadsts::unsupported_response_type(response_type)));
        }
        if form.get("resource").is_some() {
            return Err(redirected(aadsts::resource_on_v2()));
        }
        let scope = form.require("scope").map_err(redirected)?;
        let (openid, targets) = Scope::spanning(scope, segment.canonical()).map_err(redirected)?;
        let prompt = match form.get("prompt") {
            None | Some("login") => Prompt::SignIn,
            Some("select_account") => Prompt::SelectAccount,
            Some("consent") => Prompt::Consent,
            Some("none") => Prompt::None,
            Some(_) => return Err(redirected(aadsts::bad_parameter("prompt"))),
        };
        Ok(Self {
            application,
            segment,
            platform,
            scope: scope.to_owned(),
            openid,
            targets,
            challenge: Challenge::read(form).map_err(redirected)?,
            nonce: form.get("nonce").map(str::to_owned),
            prompt,
            // Whoever asks to choose wants no choice made.
            login_hint: form.get("login_hint").filter(|_| prompt != Prompt::SelectAccount).map(str::to_owned),
            asked: AskedClaims::read(form).map_err(redirected)?,
            client_info: form.get("client_info") == Some("1"),
            reply_to,
        })
    }

    /// Whether a person's account is in a tenant this sign-in is open to.
    pub(crate) fn takes(&self, person: &Person) -> bool {
        match self.segment {
            Segment::Tenant(tenant) => tenant == person.tenant,
            Segment::Common | Segment::Organizations => true,
            Segment::Consumers => false,
        }
    }
}
