//! A tenant under test, and a client for it.

use std::sync::Arc;

use defender_xdr_emulator::{Control, Emulator, Options};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;

pub(crate) const AURORA: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
pub(crate) const AUTOMATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
pub(crate) const AUTOMATION_SECRET: &str = "aut~Q7.demo-secret-not-real_x1";
pub(crate) const READER: &str = "5b7f0c39-2d81-4e6a-97c4-3a1e8d5f6b02";
pub(crate) const READER_SECRET: &str = "rea~Q7.demo-secret-not-real_x4";
pub(crate) const EXPIRED: &str = "d2a6b84e-7f19-4c03-8e5d-0b9c1f3a7d56";
pub(crate) const UNCONSENTED: &str = "e8f31d0a-4c6b-4792-b5a8-6d2e0f7c9b13";
pub(crate) const CORTEX_APP: &str = "9093c354-630a-47f1-b087-6768eb9427e6";
pub(crate) const GRAPH: &str = "https://graph.microsoft.com/.default";
pub(crate) const LEGACY: &str = "https://security.microsoft.com/mtp/.default";
pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// An emulator and an HTTP client that trusts it.
pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status, `error` and AADSTS number in one.
    pub(crate) fn refusal(&self) -> (u16, String, Option<u64>) {
        let body = self.json();
        (self.status, body["error"].as_str().unwrap_or_default().to_owned(), body["error_codes"][0].as_u64())
    }

    pub(crate) fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned()
    }
}

/// Short for the triple a refusal is compared with.
pub(crate) fn refused(status: u16, error: &str, code: u64) -> (u16, String, Option<u64>) {
    (status, error.to_owned(), Some(code))
}

impl Tenant {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let emulator = Emulator::start(Options { incidents: 3, ..options }).await.unwrap();
        let http = client(emulator.authority_certificate_pem());
        Self { emulator, http }
    }

    pub(crate) fn control(&self) -> &Control {
        self.emulator.control()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.origin())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::read(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::read(self.http.post(self.url(path)).form(fields).send().await.unwrap()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let request = self.http.post(self.url(path)).header("content-type", "application/json");
        Answer::read(request.body(body.to_string()).send().await.unwrap()).await
    }

    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        self.post(&format!("/{AURORA}/oauth2/v2.0/token"), fields).await
    }

    /// Starts a device code sign-in; answers user code and device code.
    pub(crate) async fn start_device_code(&self, application: &str, scope: &str) -> (String, String) {
        let path = format!("/{AURORA}/oauth2/v2.0/devicecode");
        let answer = self.post(&path, &[("client_id", application), ("scope", scope)]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        (answer.member("user_code"), answer.member("device_code"))
    }

    pub(crate) async fn poll(&self, application: &str, device_code: &str) -> Answer {
        let fields = [("grant_type", DEVICE_GRANT), ("client_id", application), ("device_code", device_code)];
        self.token(&fields).await
    }

    /// A whole device code sign-in of Dana.
    pub(crate) async fn sign_in(&self, application: &str, scope: &str) -> Answer {
        let (user_code, device_code) = self.start_device_code(application, scope).await;
        self.control().approve(&user_code, "dana@aurora-lab.example").unwrap();
        self.poll(application, &device_code).await
    }
}

/// A client that trusts one authority, or nobody.
#[expect(clippy::disallowed_methods, reason = "this crate shares no code with the one that builds clients")]
pub(crate) fn client(authority_pem: Option<&str>) -> reqwest::Client {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(pem) = authority_pem {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}

/// The claims of a token, without looking at its signature.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap())
        .unwrap()
}
