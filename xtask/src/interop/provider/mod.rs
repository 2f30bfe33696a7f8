//! Our binary against a provider that others wrote: npm `oidc-provider`, with Entra's paths and scope words.

mod browser;
mod certificate;

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::interop::background::Background;
use crate::interop::install::Installed;
use crate::interop::product::{Product, User};
use crate::interop::{control, signed_in};
use crate::{clean_environment, step};

/// Short enough to wait for; the provider itself enforces it.
const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(3);

/// How many incidents the provider's resource has.
const INCIDENTS: usize = 2;

/// The server's ready line.
#[derive(Deserialize)]
struct Ready {
    origin: String,
    tenant_id: String,
    identities: Identities,
}

#[derive(Deserialize)]
struct Identities {
    client_secret_post: Application,
    private_key_jwt: Application,
    native: Application,
    public: Application,
    redirect_uri: String,
    user: String,
}

#[derive(Deserialize)]
struct Application {
    id: String,
    #[serde(default)]
    secret: String,
}

/// Every flow against the provider, in both dialects.
pub(crate) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut node = Command::new("node");
    clean_environment::apply(&mut node).current_dir(&installed.folder);
    let lifetime = ACCESS_TOKEN_LIFETIME.as_secs().to_string();
    let certificate = certificate::Certificate::make(installed, scratch.path())?;
    node.args(["oidc_provider/server.mjs", "--access-token-lifetime", &lifetime]);
    node.args(["--client-certificate", &certificate.file]);
    let server = Background::start("the identity provider", &mut node, scratch.path().join("provider.log"))?;
    let ready: Ready = server.ready()?;

    let mut check = Command::new("node");
    clean_environment::apply(&mut check).current_dir(&installed.folder);
    step::run("the provider by itself", check.args(["oidc_provider/check.mjs", &server.ready_line]))?;

    for api in ["graph", "legacy"] {
        eprintln!("\n==> our binary at the provider, api = {api}");
        client_credentials(product, &ready, api)
            .with_context(|| format!("client credentials, api = {api}"))
            .and_then(|()| {
                device_code(product, &ready, api).with_context(|| format!("device code, api = {api}"))
            })
            .and_then(|()| {
                certificate::prove(product, &ready, api, &certificate)
                    .with_context(|| format!("certificate, api = {api}"))
            })
            .and_then(|()| {
                browser::prove(product, installed, &ready, api)
                    .with_context(|| format!("authorization code, api = {api}"))
            })
            .map_err(|error| server.blame(&error))?;
    }
    Ok(())
}

fn user<'a>(
    product: &'a Product,
    ready: &Ready,
    flow: &str,
    api: &str,
    application: &Application,
    secret: &str,
) -> Result<User<'a>> {
    product.user(&[
        ("authentication-flow", flow),
        ("api", api),
        ("cloud", "custom"),
        ("authority-host", &ready.origin),
        ("endpoint", &ready.origin),
        ("tenant-id", &ready.tenant_id),
        ("application-id", &application.id),
        ("client-secret", secret),
    ])
}

fn client_credentials(product: &Product, ready: &Ready, api: &str) -> Result<()> {
    let application = &ready.identities.client_secret_post;
    let knows = user(product, ready, "client-credentials", api, application, &application.secret)?;
    knows.expect(0, &["auth", "start"]).context("a flow with nothing to start says so and succeeds")?;
    knows.expect(0, &["auth", "test"])?;
    let first = signed_in::token(&knows)?;
    signed_in::lists_incidents(&knows, INCIDENTS)?;
    expire();
    if signed_in::token(&knows)? == first {
        bail!("an expired token was given out again");
    }
    signed_in::lists_incidents(&knows, INCIDENTS)?;
    knows.expect(0, &["auth", "reset"])?;
    let guesses = user(product, ready, "client-credentials", api, application, "not the secret")?;
    guesses.expect(4, &["auth", "test"]).context("a wrong secret is a failed sign-in")?;
    eprintln!("ok client credentials");
    Ok(())
}

fn device_code(product: &Product, ready: &Ready, api: &str) -> Result<()> {
    let user = user(product, ready, "device-code", api, &ready.identities.public, "")?;
    let started = user.json(&["auth", "start", "-o", "json"])?;
    let code = started["user_code"].as_str().context("`auth start` names no user code")?;
    user.expect(1, &["auth", "complete", "--no-wait"])
        .context("a code that nobody confirmed yet is pending")?;
    let person = serde_json::json!({ "user": ready.identities.user });
    control::post(&ready.origin, &format!("/_control/device/{code}/approve"), &person.to_string())?;
    user.expect(0, &["auth", "complete"])?;
    signed_in::lists_incidents(&user, INCIDENTS)?;
    // Twice, because the provider rotates: the second refresh fails if the first one's token was not kept,
    // and the provider answers a reused one by revoking everything.
    for round in ["first", "second"] {
        let before = signed_in::token(&user)?;
        expire();
        let after = signed_in::token(&user).with_context(|| format!("the {round} refresh"))?;
        if after == before {
            bail!("the {round} refresh brought the expired token again");
        }
        user.expect(0, &["auth", "test"])?;
        signed_in::lists_incidents(&user, INCIDENTS)?;
    }
    user.expect(0, &["auth", "reset"])?;
    user.expect(1, &["auth", "status"]).context("after `auth reset` nobody is signed in")?;

    let declined = user.json(&["auth", "start", "-o", "json"])?;
    let code = declined["user_code"].as_str().context("`auth start` names no user code")?;
    control::post(&ready.origin, &format!("/_control/device/{code}/decline"), "{}")?;
    user.expect(4, &["auth", "complete"]).context("a declined code is a failed sign-in")?;
    eprintln!("ok device code and refresh");
    Ok(())
}

fn expire() {
    thread::sleep(ACCESS_TOKEN_LIFETIME + Duration::from_millis(500));
}
