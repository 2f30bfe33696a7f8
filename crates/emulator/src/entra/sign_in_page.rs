//! The page a person opens to enter a user code: plain HTML, no script, usable with a keyboard and a screen reader.

use http::{Method, StatusCode};
use jiff::Timestamp;

use super::Entra;
use super::device_code::{Decision, DecisionError, DeviceSignIn};
use super::form::Form;
use super::html::{escape, page, people};
use crate::directory::tenants;
use crate::exchange::{Request, Response};

impl Entra {
    /// `/device`: enter the code, choose who you are, approve or decline.
    pub(super) fn sign_in_page(&mut self, request: &Request, now: Timestamp) -> Response {
        if request.method == Method::GET || request.method == Method::HEAD {
            let prefilled = request.option("user_code").or_else(|| request.option("otc"));
            return page(StatusCode::OK, "Sign in", &enter_code(prefilled.unwrap_or_default(), None));
        }
        if request.method != Method::POST {
            return page(StatusCode::METHOD_NOT_ALLOWED, "Sign in", "<p>This page takes GET and POST.</p>");
        }
        let Ok(form) = Form::read(request) else {
            return page(StatusCode::BAD_REQUEST, "Sign in", "<p>The form could not be read.</p>");
        };
        let typed = form.get("user_code").unwrap_or_default();
        let Some(code) = self.sign_in_mut(typed) else {
            return refused(typed, DecisionError::UnknownCode);
        };
        if now >= code.expires {
            return refused(typed, DecisionError::Expired);
        }
        if code.state != Decision::Pending {
            return refused(typed, DecisionError::AlreadyHandled);
        }
        let decision = match (form.get("decision"), form.get("person")) {
            (Some("decline"), _) => Decision::Declined,
            (Some("approve"), Some(person)) => Decision::Approved { user: person.to_owned() },
            _ => return page(StatusCode::OK, "Approve the sign-in?", &choose(code, None)),
        };
        let approved = matches!(decision, Decision::Approved { .. });
        match code.decide(decision, now) {
            Ok(()) if approved => page(
                StatusCode::OK,
                "You are signed in",
                "<p>You can close this page and go back to the application.</p>",
            ),
            Ok(()) => page(StatusCode::OK, "Sign-in declined", "<p>The application gets no access.</p>"),
            Err(reason @ (DecisionError::UnknownPerson | DecisionError::ForeignPerson)) => {
                page(StatusCode::BAD_REQUEST, "Approve the sign-in?", &choose(code, Some(reason)))
            }
            Err(reason) => refused(typed, reason),
        }
    }
}

fn refused(typed: &str, reason: DecisionError) -> Response {
    page(StatusCode::BAD_REQUEST, "Sign in", &enter_code(typed, Some(reason)))
}

fn alert(reason: Option<DecisionError>) -> String {
    let Some(reason) = reason else { return String::new() };
    let number = match reason {
        DecisionError::UnknownCode => 90_119,
        DecisionError::Expired => 70_019,
        DecisionError::AlreadyHandled => 90_120,
        DecisionError::UnknownPerson => 50_034,
        DecisionError::ForeignPerson => 50_020,
    };
    format!("<p role=\"alert\" id=\"problem\">AADSTS{number}: {}.</p>", escape(&reason.to_string()))
}

fn enter_code(typed: &str, reason: Option<DecisionError>) -> String {
    let described = if reason.is_some() { " aria-invalid=\"true\" aria-describedby=\"problem\"" } else { "" };
    format!(
        "{}<form method=\"post\" action=\"/device\">\
         <p><label for=\"user_code\">Code shown by the application</label><br>\
         <input id=\"user_code\" name=\"user_code\" value=\"{}\" required autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\"{described}></p>\
         <p><button type=\"submit\">Next</button></p></form>\
         <p>Only enter a code that you asked for yourself.</p>",
        alert(reason),
        escape(typed)
    )
}

fn choose(code: &DeviceSignIn, reason: Option<DecisionError>) -> String {
    let tenant = tenants::find(&code.segment).map_or("your organization", |tenant| tenant.display_name);
    format!(
        "{}<p>The application <strong>{}</strong> asks to sign in to <strong>{}</strong> on your behalf.</p>\
         <form method=\"post\" action=\"/device\"><input type=\"hidden\" name=\"user_code\" value=\"{}\">\
         {people}\
         <p><button type=\"submit\" name=\"decision\" value=\"approve\">Approve</button> \
         <button type=\"submit\" name=\"decision\" value=\"decline\">Decline</button></p></form>",
        alert(reason),
        escape(code.application_name()),
        escape(tenant),
        escape(&code.user_code),
        people = people(None),
    )
}
