//! Client credentials and one page of incidents with reqwest, rustls (ring) and the system's trust roots, and
//! nothing else: no settings, no store, no retries, no model.
//!
//!     client AUTHORITY TENANT ENDPOINT CLIENT_ID CLIENT_SECRET

use std::io::Write as _;
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [authority, tenant, endpoint, id, secret] = arguments.as_slice() else {
        return Err("client AUTHORITY TENANT ENDPOINT CLIENT_ID CLIENT_SECRET".into());
    };
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).build()?;

    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "https://api.security.microsoft.com/.default"),
    ];
    let token = client
        .post(format!("{authority}/{tenant}/oauth2/v2.0/token"))
        .form(&form)
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?;
    let token: serde_json::Value = serde_json::from_slice(&token)?;
    let token = token["access_token"].as_str().ok_or("no access token")?;
    let page = client
        .get(format!("{endpoint}/api/incidents?$top=100"))
        .bearer_auth(token)
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?;
    let page: serde_json::Value = serde_json::from_slice(&page)?;
    let mut stdout = std::io::stdout().lock();
    serde_json::to_writer(&mut stdout, &page["value"])?;
    stdout.flush()?;
    Ok(())
}
