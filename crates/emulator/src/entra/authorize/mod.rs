//! The authorization endpoint (RFC 6749 section 3.1): a person signs in and agrees, an application gets a code.

mod page;
mod redirect_uri;
mod reply;
mod request;
pub(crate) mod script;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use self::page::Pages;
use self::reply::Reply;
use self::request::{Prompt, Refused};
use super::Entra;
use super::aadsts;
use super::consent::{self, Lacking};
use super::form::Form;
use super::issued_code::IssuedCode;
use super::refusal::Refusal;
use super::scripted::Moment;
use crate::caller::Audience;
use crate::directory::people::{self, Person};
use crate::exchange::{Request, Response};

pub(crate) use self::request::AuthorizationRequest;

/// Refusals that real sign-in pages keep to themselves.
const PAGE_ONLY: &[u32] =
    &[50_011, 50_020, 50_105, 53_000, 53_001, 53_002, 53_003, 90_094, 500_113, 530_003, 700_016];

/// What a person has done so far.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// Nothing: the page is fresh.
    Arrived,
    SignIn(&'a str),
    Accept(&'a str),
    Cancel,
}

/// Where that leads.
#[derive(Debug)]
enum Next {
    Choose(Option<Refusal>),
    Consent(&'static Person, Vec<String>),
    NeedApproval(Refusal),
    Reply(Reply),
}

impl Entra {
    /// `GET` and `POST /{tenant}/oauth2/v2.0/authorize`.
    pub(super) fn authorize(&mut self, request: &Request, tenant: &str, now: Timestamp) -> Response {
        let form = match request.method {
            Method::GET | Method::HEAD => Form::of_query(request),
            Method::POST => Form::read(request),
            _ => return super::html::page(StatusCode::METHOD_NOT_ALLOWED, "Sign in", "<p>GET or POST.</p>"),
        };
        let envelope = self.envelope(request, now);
        let outcome = form.map_err(Refused::from).and_then(|form| {
            let asked = AuthorizationRequest::read(&form, tenant)?;
            let step = match (request.method == Method::POST, form.get("decision"), form.get("person")) {
                (true, Some("cancel"), _) => Step::Cancel,
                (true, Some("sign-in"), Some(person)) => Step::SignIn(person),
                (true, Some("accept"), Some(person)) => Step::Accept(person),
                _ => Step::Arrived,
            };
            let next = self.step(&asked, step, now)?;
            let pages = Pages { asked: &asked, form: &form, tenant };
            Ok(match next {
                Next::Choose(problem) => pages.choose(problem.as_ref()),
                Next::Consent(person, permissions) => pages.consent(person, &permissions),
                Next::NeedApproval(refusal) => pages.need_approval(&refusal),
                Next::Reply(reply) => reply.into_response(),
            })
        });
        outcome.unwrap_or_else(|refused| match refused {
            Refused::OnPage(refusal) => page::dead_end(&refusal, &envelope),
            Refused::Redirected(reply) => reply.into_response(),
        })
    }

    fn step(
        &mut self,
        asked: &AuthorizationRequest,
        step: Step<'_>,
        now: Timestamp,
    ) -> Result<Next, Refused> {
        if asked.prompt == Prompt::None {
            return Err(asked.reply_to.clone().refuse(aadsts::nobody_signed_in()));
        }
        let (name, accepted) = match step {
            Step::Arrived => return Ok(Next::Choose(None)),
            Step::Cancel => return Ok(Next::Reply(asked.reply_to.clone().error(aadsts::cancelled()))),
            Step::SignIn(name) => (name, false),
            Step::Accept(name) => (name, true),
        };
        let Some(person) = people::find(name) else {
            return Ok(Next::Choose(Some(aadsts::unknown_person(name))));
        };
        if !asked.takes(person) {
            return Ok(Next::Choose(Some(aadsts::foreign_person(person.user_principal_name))));
        }
        if let Some(refusal) = self.scripted.strike(Moment::Authorize, asked.application, Some(person)) {
            return Err(if refusal.code.is_some_and(|code| PAGE_ONLY.contains(&code)) {
                Refused::OnPage(refusal)
            } else {
                asked.reply_to.clone().refuse(refusal)
            });
        }
        let wanted = self.wanted(asked, person)?;
        let missing: Vec<_> = wanted.iter().filter(|wish| !wish.consented).collect();
        if missing.iter().any(|wish| wish.lacking == Lacking::AdministratorsConsent) {
            return Ok(Next::NeedApproval(aadsts::administrator_needed(asked.application.name)));
        }
        if !accepted && (!missing.is_empty() || asked.prompt == Prompt::Consent) {
            let names = |wish: &Wish| format!("{}/{}", wish.resource, wish.permission);
            let shown = if missing.is_empty() {
                wanted.iter().map(names).collect()
            } else {
                missing.into_iter().map(names).collect()
            };
            return Ok(Next::Consent(person, shown));
        }
        for wish in wanted.iter().filter(|wish| !wish.consented) {
            self.records.consents.give(asked.application, person, &wish.audience, &wish.permission);
        }
        Ok(Next::Reply(self.grant_code(asked, person, now)))
    }

    /// Every permission asked for, and whether somebody agreed to it already.
    fn wanted(&self, asked: &AuthorizationRequest, person: &Person) -> Result<Vec<Wish>, Refused> {
        let mut wishes = Vec::new();
        for target in &asked.targets {
            let consented = self.records.consents.of(asked.application, person, &target.audience);
            let permissions = target.asked(asked.application);
            if permissions.is_empty() {
                return Err(aadsts::nothing_registered(asked.application.id, &target.resource).into());
            }
            for permission in permissions {
                let already = consented.iter().any(|known| known.eq_ignore_ascii_case(&permission));
                let lacking = match consent::needed(person, &target.audience, &permission) {
                    Some(lacking) => lacking,
                    None if already => Lacking::Consent,
                    None => {
                        let refusal = aadsts::unknown_permission(&permission, &target.resource);
                        return Err(asked.reply_to.clone().refuse(refusal));
                    }
                };
                wishes.push(Wish {
                    resource: target.resource.clone(),
                    audience: target.audience.clone(),
                    permission,
                    lacking,
                    consented: already,
                });
            }
        }
        Ok(wishes)
    }

    fn grant_code(&mut self, asked: &AuthorizationRequest, person: &'static Person, now: Timestamp) -> Reply {
        let code = format!("1.AXYA{}.{}", self.identifiers.opaque(), self.identifiers.opaque());
        self.records.codes.retain(|_, code| code.is_worth_remembering(now));
        self.records.codes.insert(code.clone(), IssuedCode::of(asked, person, now));
        let mut fields = vec![("code", code), ("session_state", self.identifiers.guid())];
        if asked.client_info {
            let info = json!({ "uid": person.object_id, "utid": person.tenant.id });
            fields.push(("client_info", URL_SAFE_NO_PAD.encode(info.to_string())));
        }
        asked.reply_to.clone().with(fields)
    }
}

/// One permission an application asks for.
#[derive(Debug)]
struct Wish {
    resource: String,
    audience: Audience,
    permission: String,
    lacking: Lacking,
    consented: bool,
}
