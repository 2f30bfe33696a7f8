//! The pages people see: plain HTML, usable with a keyboard and a screen reader.

use std::fmt::Write as _;

use http::{HeaderName, StatusCode};

use crate::directory::people::{self, SecurityRole};
use crate::exchange::Response;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page whose forms lead back here.
pub(crate) fn page(status: StatusCode, title: &str, content: &str) -> Response {
    Response::bytes(status, "text/html; charset=utf-8", document(title, content))
        .with_header(http::header::CACHE_CONTROL, "no-store")
        .with_header(http::header::CONTENT_SECURITY_POLICY, POLICY)
        .with_header(HeaderName::from_static("referrer-policy"), "no-referrer")
}

/// A page of a sign-in that ends at an application: forms may lead there (`form_targets`, CSP sources), and the
/// application learns the origin it was sent from, as the real pages let it.
pub(crate) fn leading_on(title: &str, content: &str, form_targets: &str, scripts: &str) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; form-action 'self' {form_targets}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    page(StatusCode::OK, title, content)
        .with_header(http::header::CONTENT_SECURITY_POLICY, &policy)
        .with_header(HeaderName::from_static("referrer-policy"), "strict-origin-when-cross-origin")
}

fn document(title: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} – emulated tenant</title>\
         <style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}\
         input,button{{font:inherit;padding:.3rem .6rem}}</style></head>\
         <body><main><h1>{title}</h1>{content}</main>\
         <footer><p>An emulated tenant: people and data are invented.</p></footer></body></html>"
    )
}

/// The choice of who signs in; `chosen`, a sign-in name, is preselected.
pub(crate) fn people(chosen: Option<&str>) -> String {
    let chosen = chosen.and_then(people::find).or_else(|| people::ALL.first().copied());
    let mut choice = "<fieldset><legend>Who are you?</legend>".to_owned();
    for person in people::ALL {
        let role = match (person.security_role, person.administrator) {
            (Some(SecurityRole::SecurityOperator), _) => "Security Operator",
            (Some(SecurityRole::SecurityReader), _) => "Security Reader",
            (None, true) => "consents for everybody",
            (None, false) => "no security role",
        };
        // Writing to a String cannot fail.
        let _ = write!(
            choice,
            "<p><label><input type=\"radio\" name=\"person\" value=\"{name}\"{checked}> {display} ({name}, {role})\
             </label></p>",
            name = escape(person.user_principal_name),
            checked = if chosen == Some(person) { " checked" } else { "" },
            display = escape(person.display_name),
        );
    }
    choice + "</fieldset>"
}

/// A hidden field of a form.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
}

pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}
