//! Sign-ins by authorization code, for the tests that need one.

use defender_xdr_emulator::Choice;

use crate::tenant::*;

pub(crate) const DANA: &str = "dana@aurora-lab.example";
pub(crate) const DESKTOP: &str = "4e7b92d6-1a3f-4c58-b06d-9f2c8e5a7d31";
pub(crate) const PORTAL: &str = "7d15c0ae-8f42-4b6e-93d7-2c9a6b1e4f80";
pub(crate) const PORTAL_SECRET: &str = "por~Q7.demo-secret-not-real_x7";
pub(crate) const BOARD: &str = "c61e8d3b-5a97-4f04-8b2e-0d7f9a3c6e52";
pub(crate) const LOCALHOST: &str = "http://localhost:4242";
pub(crate) const MY_APP: &str = "https://localhost/myapp";
pub(crate) const BOARD_PAGE: &str = "http://localhost:3000/board";

/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const S256: &[(&str, &str)] = &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

/// The path and query of an authorization request.
pub(crate) fn authorize_path(client: &str, redirect_uri: &str, scope: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("client_id", client),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
        ("scope", scope),
        ("state", "xyz"),
    ];
    fields.extend_from_slice(more);
    format!("/{AURORA}/oauth2/v2.0/authorize?{}", serde_urlencoded::to_string(&fields).unwrap())
}

/// A field of the query or fragment of an address.
pub(crate) fn field(location: &str, name: &str) -> Option<String> {
    let (_, fields) = location.split_once(['?', '#'])?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(fields).unwrap();
    fields.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl Tenant {
    /// A code for Dana.
    pub(crate) fn code(
        &self,
        client: &str,
        redirect_uri: &str,
        scope: &str,
        more: &[(&str, &str)],
    ) -> String {
        let url = self.url(&authorize_path(client, redirect_uri, scope, more));
        let told = self.control().authorize(&url, DANA, Choice::Accept).unwrap();
        told["fields"]["code"].as_str().unwrap_or_else(|| panic!("no code: {told}")).to_owned()
    }

    pub(crate) async fn redeem(
        &self,
        client: &str,
        code: &str,
        redirect_uri: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        self.token(&[&redemption(client, code, redirect_uri), more].concat()).await
    }

    /// The same from a page in a browser.
    pub(crate) async fn token_of_a_page(&self, fields: &[(&str, &str)]) -> Answer {
        let url = self.url(&format!("/{AURORA}/oauth2/v2.0/token"));
        let request = self.http.post(url).header("origin", "http://localhost:3000").form(fields);
        Answer::read(request.send().await.unwrap()).await
    }
}

pub(crate) fn redemption<'a>(
    client: &'a str,
    code: &'a str,
    redirect_uri: &'a str,
) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ]
}
