//! What is sent in place of a secret, taken apart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use defender_xdr_core::auth::{AuthError, TokenRequest};
use defender_xdr_core::settings::{Origin, Values};
use defender_xdr_core::{Clock, Secret};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::authority::{Authority, TENANT};

/// A form as it came.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn get(&self, name: &str) -> &str {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let value = found.next().unwrap_or_else(|| panic!("the form has no {name}"));
        assert!(found.next().is_none(), "{name} comes twice");
        &value.1
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn assertion(&self) -> Assertion {
        Assertion::parse(self.get("client_assertion"))
    }
}

/// A JSON Web Signature in its compact form.
pub(crate) struct Assertion {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Assertion {
    fn parse(text: &str) -> Self {
        let (signed, signature) = text.rsplit_once('.').expect("three parts");
        let (header, claims) = signed.split_once('.').expect("three parts");
        // Strict: no padding, no other alphabet.
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
        let json = |part: &str| serde_json::from_slice(&bytes(part)).expect("JSON");
        Self {
            header: json(header),
            claims: json(claims),
            signed: signed.to_owned(),
            signature: bytes(signature),
        }
    }

    /// Checks the signature by the algorithm its header names.
    pub(crate) fn is_signed_by(&self, public_key: &[u8]) -> bool {
        let algorithm = match self.header["alg"].as_str() {
            Some("PS256") => &RSA_PSS_2048_8192_SHA256,
            Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
            other => panic!("unexpected algorithm {other:?}"),
        };
        UnparsedPublicKey::new(algorithm, public_key).verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

impl Authority {
    /// Every further token request gets this answer.
    pub(crate) async fn always(&self, answer: ResponseTemplate) {
        Mock::given(method("POST"))
            .and(path(format!("/{TENANT}/oauth2/v2.0/token")))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Settings from a file of the user's own, without a client secret.
    pub(crate) fn without_secret(&self, settings: &[(&str, &str)]) -> Values {
        let mut values = self.values_with(&[("client-secret", "")]);
        for (line, (key, text)) in settings.iter().enumerate() {
            let origin =
                Origin::File { path: "config.toml".into(), line: line + 4, trusted: true, private: true };
            values.set(*key, Secret::new(*text), origin);
        }
        values
    }

    /// Asks for a token and gives the form that was sent.
    pub(crate) async fn form_of(&self, values: Values) -> Form {
        let provider = self.provider(values).expect("good settings");
        provider.acquire(&TokenRequest::default()).await.expect("a token");
        self.last_form().await
    }

    pub(crate) async fn last_form(&self) -> Form {
        let requests = self.server.received_requests().await.expect("recorded");
        let post = requests.iter().rev().find(|request| request.method.as_str() == "POST").expect("a post");
        Form(serde_urlencoded::from_bytes(&post.body).expect("a form"))
    }

    /// Why no token was given; nothing may have been sent when `sent` is false.
    pub(crate) async fn failure_of(&self, values: Values, sent: bool) -> AuthError {
        let provider = self.provider(values).expect("good settings");
        let error = provider.acquire(&TokenRequest::default()).await.expect_err("no token");
        let requests = self.server.received_requests().await.expect("recorded");
        assert_eq!(requests.iter().any(|request| request.method.as_str() == "POST"), sent, "{error}");
        error
    }

    /// Moves the clock to the time of the machine: certificates made by openssl begin there.
    pub(crate) fn at_present(self) -> Self {
        crate::keys::keys();
        let now = defender_xdr_core::SystemClock.now();
        let ahead = now.duration_since(self.clock.now());
        self.clock.advance(std::time::Duration::try_from(ahead).unwrap_or_default());
        self
    }
}
