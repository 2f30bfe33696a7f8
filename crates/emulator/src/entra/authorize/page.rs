//! The pages of a sign-in that ends at an application: who are you, do you agree, and what went wrong.

use std::fmt::Write as _;

use http::StatusCode;

use super::request::AuthorizationRequest;
use crate::directory::people::Person;
use crate::directory::tenants::Tenant;
use crate::entra::form::Form;
use crate::entra::html::{self, escape, hidden};
use crate::entra::refusal::{Envelope, Refusal};
use crate::entra::tenant_segment::Segment;
use crate::exchange::Response;

/// Fields of these pages' own forms; everything else is handed on as it came.
pub(crate) const OWN_FIELDS: &[&str] = &["person", "decision"];

/// Everything a page of one request needs.
pub(crate) struct Pages<'a> {
    pub(crate) asked: &'a AuthorizationRequest,
    pub(crate) form: &'a Form,
    pub(crate) tenant: &'a str,
}

impl Pages<'_> {
    /// Who signs in?
    pub(crate) fn choose(&self, problem: Option<&Refusal>) -> Response {
        let content = format!(
            "{}<p>The application <strong>{}</strong> asks you to sign in to <strong>{}</strong>.</p>{}",
            problem.map(alert).unwrap_or_default(),
            escape(self.asked.application.name),
            escape(
                organization(self.asked.segment).map_or("your organization", |tenant| tenant.display_name)
            ),
            self.form(&html::people(self.asked.login_hint.as_deref()), "sign-in", "Sign in"),
        );
        self.show("Sign in", &content)
    }

    /// Does the person agree to what the application may do?
    pub(crate) fn consent(&self, person: &Person, permissions: &[String]) -> Response {
        let mut list = String::new();
        for permission in permissions {
            // Writing to a String cannot fail.
            let _ = write!(list, "<li>{}</li>", escape(permission));
        }
        let whom = if person.administrator { "everybody in your organization" } else { "you" };
        let content = format!(
            "<p>The application <strong>{}</strong> asks {}, signed in as {}, to let it use on behalf of {whom}:</p>\
             <ul>{list}</ul>{}",
            escape(self.asked.application.name),
            escape(person.display_name),
            escape(person.user_principal_name),
            self.form(&hidden("person", person.user_principal_name), "accept", "Accept"),
        );
        self.show("Permissions requested", &content)
    }

    /// Only an administrator could agree: a person can go back, or sign in as somebody else.
    pub(crate) fn need_approval(&self, refusal: &Refusal) -> Response {
        let content = format!(
            "{}<p>Sign in with an account that may consent for everybody, or go back without consent.</p>{}",
            alert(refusal),
            self.form(&html::people(None), "sign-in", "Sign in as somebody else"),
        );
        self.show("Need admin approval", &content)
    }

    fn form(&self, fields: &str, decision: &str, label: &str) -> String {
        let handed_on: String =
            self.form.without(OWN_FIELDS).map(|(name, value)| hidden(name, value)).collect();
        format!(
            "<form method=\"post\" action=\"/{}/oauth2/v2.0/authorize\">{handed_on}{fields}\
             <p><button type=\"submit\" name=\"decision\" value=\"{decision}\">{label}</button> \
             <button type=\"submit\" name=\"decision\" value=\"cancel\">Cancel</button></p></form>",
            escape(self.tenant)
        )
    }

    fn show(&self, title: &str, content: &str) -> Response {
        html::leading_on(title, content, &self.asked.reply_to.form_target(), "'none'")
    }
}

fn organization(segment: Segment) -> Option<&'static Tenant> {
    match segment {
        Segment::Tenant(tenant) => Some(tenant),
        _ => None,
    }
}

fn line(refusal: &Refusal) -> String {
    let number = refusal.code.map(|code| format!("AADSTS{code}: ")).unwrap_or_default();
    escape(&format!("{number}{}", refusal.text))
}

fn alert(refusal: &Refusal) -> String {
    format!("<p role=\"alert\" id=\"problem\">{}</p>", line(refusal))
}

/// A refusal that the application never learns of.
pub(crate) fn dead_end(refusal: &Refusal, envelope: &Envelope) -> Response {
    let content = format!(
        "<p role=\"alert\" id=\"problem\">{}</p><p>Request Id: {}<br>Correlation Id: {}<br>Timestamp: {}</p>",
        line(refusal),
        escape(&envelope.trace_id),
        escape(&envelope.correlation_id),
        envelope.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    );
    html::page(StatusCode::BAD_REQUEST, "Sorry, but we’re having trouble signing you in", &content)
}
