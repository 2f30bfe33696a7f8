//! Signing in without a browser: a script hands over the address a browser would be sent to, and decides.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::request::{AuthorizationRequest, Refused};
use super::{Next, Step};
use crate::entra::Entra;
use crate::entra::aadsts;
use crate::entra::form::Form;
use crate::entra::refusal::Refusal;
use crate::exchange::Request;

/// What a person does on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Signs in, and agrees if asked.
    #[default]
    Accept,
    /// Cancels.
    Cancel,
}

/// Why a scripted sign-in does not lead back to the application.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizeError {
    /// The address is no authorization request to this tenant.
    #[error("this is not the address of an authorization request")]
    NoRequest,
    /// A browser would show this on a page.
    #[error("AADSTS{code}: {text}")]
    OnPage {
        /// The AADSTS number.
        code: u32,
        /// The text.
        text: String,
    },
}

impl From<Refusal> for AuthorizeError {
    fn from(refusal: Refusal) -> Self {
        Self::OnPage { code: refusal.code.unwrap_or_default(), text: refusal.text }
    }
}

impl Entra {
    /// What a browser would do at the end: `{"method", "location", "fields"}`.
    pub(crate) fn authorize_by_script(
        &mut self,
        url: &str,
        user: &str,
        choice: Choice,
        now: Timestamp,
    ) -> Result<Value, AuthorizeError> {
        let path_and_query = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        let (_, path_and_query) = path_and_query.ok_or(AuthorizeError::NoRequest)?;
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let tenant = path.strip_suffix("/oauth2/v2.0/authorize").ok_or(AuthorizeError::NoRequest)?;
        let request = Request {
            method: Method::GET,
            path: format!("/{path}"),
            query: serde_urlencoded::from_str(query).map_err(|_| AuthorizeError::NoRequest)?,
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
            origin: String::new(),
        };
        let form = Form::of_query(&request)?;
        let step = match choice {
            Choice::Accept => Step::Accept(user),
            Choice::Cancel => Step::Cancel,
        };
        let next = AuthorizationRequest::read(&form, tenant).and_then(|asked| self.step(&asked, step, now));
        match next {
            Ok(Next::Reply(reply)) => Ok(reply.told()),
            Ok(Next::Choose(Some(problem)) | Next::NeedApproval(problem)) => Err(problem.into()),
            Ok(Next::Choose(None) | Next::Consent(..)) => Err(aadsts::nobody_signed_in().into()),
            Err(Refused::Redirected(reply)) => Ok(reply.told()),
            Err(Refused::OnPage(refusal)) => Err(refusal.into()),
        }
    }
}

/// The body of `POST /_control/entra/authorize`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptedSignIn {
    pub(crate) url: String,
    pub(crate) user: String,
    #[serde(default)]
    pub(crate) decision: Choice,
}

impl AuthorizeError {
    /// The error object of the control endpoint.
    pub(crate) fn told(&self) -> Value {
        let code = match self {
            Self::NoRequest => None,
            Self::OnPage { code, .. } => Some(code),
        };
        json!({ "error": { "message": self.to_string(), "code": code } })
    }
}
