//! The way back to the application: in the query, in the fragment, or as a form that a page posts.
//! <https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use ring::digest;
use serde_json::{Value, json};

use crate::entra::html;
use crate::exchange::Response;

/// Where the answer is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// Where and how an application is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplyTo {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) state: Option<String>,
}

/// An answer on its way to the application.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    to: ReplyTo,
    fields: Vec<(&'static str, String)>,
}

const SUBMIT: &str = "document.forms[0].submit()";

impl ReplyTo {
    /// An answer with these fields, and the `state`.
    pub(crate) fn with(self, mut fields: Vec<(&'static str, String)>) -> Reply {
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        Reply { to: self, fields }
    }

    /// What a form has to be allowed to lead to, as a source of a content security policy.
    pub(crate) fn form_target(&self) -> String {
        match self.redirect_uri.split_once("://") {
            Some((scheme @ ("http" | "https"), rest)) => {
                let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
                format!("{scheme}://{authority}")
            }
            _ => self.redirect_uri.split(':').next().map(|scheme| format!("{scheme}:")).unwrap_or_default(),
        }
    }
}

impl Reply {
    /// The address a browser goes to; of a posted form the address alone.
    pub(crate) fn location(&self) -> String {
        let uri = &self.to.redirect_uri;
        let fields = serde_urlencoded::to_string(&self.fields).unwrap_or_default();
        // A URI without a path comes back with one.
        let bare = uri.split_once("://").is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']));
        let slash = if bare { "/" } else { "" };
        match self.to.mode {
            ResponseMode::Query => {
                format!("{uri}{slash}{}{fields}", if uri.contains('?') { '&' } else { '?' })
            }
            ResponseMode::Fragment => format!("{uri}{slash}#{fields}"),
            ResponseMode::FormPost => uri.clone(),
        }
    }

    /// The answer for a browser.
    pub(crate) fn into_response(self) -> Response {
        if self.to.mode == ResponseMode::FormPost {
            return self.posting_page();
        }
        Response::bytes(StatusCode::FOUND, "text/html; charset=utf-8", "")
            .with_header(http::header::LOCATION, &self.location())
            .with_header(http::header::CACHE_CONTROL, "no-store, no-cache")
    }

    /// The answer for a script: what the browser would have done.
    pub(crate) fn told(&self) -> Value {
        let method = if self.to.mode == ResponseMode::FormPost { "POST" } else { "GET" };
        let fields: serde_json::Map<String, Value> =
            self.fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({ "method": method, "location": self.location(), "fields": fields })
    }

    /// The form posts itself; without scripts there is a button.
    fn posting_page(&self) -> Response {
        let fields: String = self.fields.iter().map(|(name, value)| html::hidden(name, value)).collect();
        let content = format!(
            "<form method=\"post\" action=\"{}\">{fields}<p>You are being taken to the application.</p>\
             <p><button type=\"submit\">Continue</button></p></form><script>{SUBMIT}</script>",
            html::escape(&self.to.redirect_uri)
        );
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, SUBMIT.as_bytes()));
        html::leading_on("Continue", &content, &self.to.form_target(), &format!("'sha256-{hash}'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(uri: &str, mode: ResponseMode) -> String {
        let to = ReplyTo { redirect_uri: uri.to_owned(), mode, state: Some("a b&c".to_owned()) };
        to.with(vec![("code", "x".to_owned())]).location()
    }

    #[test]
    fn fields_join_what_the_uri_has_and_a_bare_host_gets_a_path() {
        assert_eq!(
            location("http://localhost:5", ResponseMode::Query),
            "http://localhost:5/?code=x&state=a+b%26c"
        );
        assert_eq!(
            location("https://a.example/p?q=1", ResponseMode::Query),
            "https://a.example/p?q=1&code=x&state=a+b%26c"
        );
        assert_eq!(
            location("https://a.example/p", ResponseMode::Fragment),
            "https://a.example/p#code=x&state=a+b%26c"
        );
    }
}
