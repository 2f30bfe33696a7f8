//! The redirect URI: where the page leads back to, and whether this machine can wait there.
//!
//! Source: "Redirect URI (reply URL) outline and limitations"; RFC 8252 section 7.3.

use defender_xdr_core::http::{Url, is_loopback};
use defender_xdr_core::settings::{SettingsError, Values};

const KEY: &str = "redirect-uri";

/// Where nothing listens and the person copies the address: the one Cortex XSOAR documents.
pub(crate) const FOR_PASTING: &str = "https://localhost/myapp";

/// A redirect URI on this machine that a listener of ours can serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `localhost` or `127.0.0.1`, as registered.
    pub(crate) host: String,
    /// A port of the settings. Entra ignores the port of `http://localhost`, so any free one does.
    pub(crate) port: Option<u16>,
    /// The path as registered: empty, or from the slash on.
    pub(crate) path: String,
}

impl Place {
    /// `http://localhost` on any port.
    fn anywhere() -> Self {
        Self { host: "localhost".to_owned(), port: None, path: String::new() }
    }
}

/// The redirect URI of the settings.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    text: Option<String>,
    place: Option<Place>,
}

impl Redirect {
    /// Reads `redirect-uri`. Its text is kept as it is, since Entra compares byte by byte.
    ///
    /// Unset, it depends on the client: `http://localhost` belongs to the platform of programs without a secret
    /// (Entra refuses one there, AADSTS700025); a client with a secret is a Web one, set up as Cortex XSOAR says.
    pub(crate) fn from_settings(values: &Values) -> Result<Self, SettingsError> {
        let Some(text) = values.text(KEY).map(str::trim) else {
            let place = values.get("client-secret").is_none().then(Place::anywhere);
            return Ok(Self { text: None, place });
        };
        let place = read(text).map_err(|(problem, hint)| {
            // The text itself is not shown: a pasted redirect may hold a code.
            values.blame(KEY, SettingsError::new(format!("`{KEY}` {problem}")).with_hint(hint))
        })?;
        Ok(Self { text: Some(text.to_owned()), place })
    }

    /// What to ask for when a person hands the code over.
    pub(crate) fn for_pasting(&self) -> &str {
        self.text.as_deref().unwrap_or(FOR_PASTING)
    }

    /// Where to wait for a browser, if this machine can.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }
}

fn read(text: &str) -> Result<Option<Place>, (&'static str, &'static str)> {
    const REGISTERED: &str =
        "set it to what is registered, such as http://localhost or https://localhost/myapp, or remove it";
    let url = Url::parse(text).map_err(|_| ("is not an address", REGISTERED))?;
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(("holds a fragment or a user name, which no redirect URI has", REGISTERED));
    }
    if url.query_pairs().any(|(name, _)| name == "code" || name == "error") {
        return Err((
            "is where a browser was sent, not what is registered",
            "give that address to `auth complete`, or set `authorization-code` to it",
        ));
    }
    if url.scheme() == "urn" {
        return Err(("is an urn, which Entra refuses", REGISTERED));
    }
    if ["ftp", "file", "ws", "wss"].contains(&url.scheme()) {
        return Err(("leads to no page and to no app", REGISTERED));
    }
    if url.scheme() != "http" {
        return Ok(None);
    }
    if !is_loopback(&url) {
        return Err(("would send the code over the network in clear text", REGISTERED));
    }
    // A bracketed literal cannot be registered, and a query has to come back untouched: those are pasted.
    let host = url.host_str().unwrap_or_default();
    if !["localhost", "127.0.0.1"].contains(&host) || url.query().is_some() {
        return Ok(None);
    }
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |slash| &after_scheme[slash..]);
    // The standard port, when it stands there, is not kept by the parser.
    let names_port_80 = after_scheme.split('/').next().is_some_and(|authority| authority.ends_with(":80"));
    let port = url.port().or(names_port_80.then_some(80));
    Ok(Some(Place { host: host.to_owned(), port, path: path.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str, port: Option<u16>, path: &str) -> Place {
        Place { host: host.into(), port, path: path.into() }
    }

    #[test]
    fn addresses_of_this_machine_are_served_and_others_are_pasted() {
        let cases = [
            ("http://localhost", Some(place("localhost", None, ""))),
            ("http://localhost/", Some(place("localhost", None, "/"))),
            ("http://localhost:8400/back", Some(place("localhost", Some(8400), "/back"))),
            ("http://localhost:80", Some(place("localhost", Some(80), ""))),
            ("http://127.0.0.1:5000/", Some(place("127.0.0.1", Some(5000), "/"))),
            ("http://[::1]:5000/", None),
            ("http://localhost/?tenant=1", None),
            ("https://localhost/myapp", None),
            ("https://login.microsoftonline.com/common/oauth2/nativeclient", None),
            ("myapp://auth", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).expect(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_redirect_uri_is_refused_without_showing_it() {
        let texts = [
            "http://example.org/back",
            "localhost",
            "urn:ietf:wg:oauth:2.0:oob",
            "ftp://localhost/back",
            "https://localhost/#part",
            "https://user:planted@localhost/",
            "https://localhost/myapp?code=planted",
        ];
        for text in texts {
            let values = Values::from_iter([(KEY, text)]);
            let error = Redirect::from_settings(&values).expect_err(text).to_string();
            assert!(error.contains(KEY) && !error.contains("planted"), "{error}");
        }
    }
}
