//! The authorization code flow with a real browser: headless Chromium on the provider's own login and consent pages,
//! then back to our listener, or to a page that does not open and whose address is pasted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::{INCIDENTS, Ready, expire, user};
use crate::clean_environment;
use crate::interop::deadline::{self, Finished};
use crate::interop::install::Installed;
use crate::interop::product::{Product, User};
use crate::interop::signed_in;

/// Chromium starts slowly on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// Where the browser ended: the line of `sign_in.mjs`.
#[derive(Deserialize)]
struct End {
    sent_to: String,
    title: String,
    language: String,
    heading: Option<String>,
    text: String,
    scripts: u32,
    loaded: Vec<String>,
}

pub(super) fn prove(product: &Product, installed: &Installed, ready: &Ready, api: &str) -> Result<()> {
    comes_back(product, installed, ready, api).context("to our listener")?;
    is_refused(product, installed, ready, api).context("refused by the person")?;
    is_pasted(product, installed, ready, api).context("pasted")
}

fn comes_back(product: &Product, installed: &Installed, ready: &Ready, api: &str) -> Result<()> {
    let mut person = user(product, ready, "auth-code", api, &ready.identities.native, "")?;
    let said = browse_with(&mut person, installed, &ready.identities.user, "")?;
    person.expect(0, &["auth", "login"])?;
    let page = end(&said)?;
    if page.heading.as_deref() != Some("You are signed in") {
        bail!("our page says `{}`: {}", page.title, page.text);
    }
    is_ours_alone(&page)?;
    signed_in::lists_incidents(&person, INCIDENTS)?;
    // Twice, because the provider rotates and answers a reused refresh token by revoking everything.
    for _ in 0..2 {
        expire();
        signed_in::lists_incidents(&person, INCIDENTS)?;
    }
    eprintln!("ok authorization code: Chromium comes back to our listener, and the session is renewed");
    Ok(())
}

fn is_refused(product: &Product, installed: &Installed, ready: &Ready, api: &str) -> Result<()> {
    let mut person = user(product, ready, "auth-code", api, &ready.identities.native, "")?;
    let said = browse_with(&mut person, installed, &ready.identities.user, "--decline")?;
    person.expect(4, &["auth", "login"])?;
    let page = end(&said)?;
    if page.heading.as_deref() == Some("You are signed in") || page.text.is_empty() {
        bail!("our page does not say that the sign-in was refused: {}", page.text);
    }
    is_ours_alone(&page)?;
    eprintln!("ok authorization code: a person who refuses is told so in browser and terminal");
    Ok(())
}

fn is_pasted(product: &Product, installed: &Installed, ready: &Ready, api: &str) -> Result<()> {
    let application = &ready.identities.client_secret_post;
    let mut person = user(product, ready, "auth-code", api, application, &application.secret)?;
    person.set("DEFENDER_XDR_REDIRECT_URI", &ready.identities.redirect_uri);
    let started = person.json(&["auth", "start", "-o", "json"])?;
    let url = started["authorize_url"].as_str().context("`auth start` names no address")?;
    let mut node = Command::new("node");
    clean_environment::apply(&mut node).arg(script(installed)).args(["--url", url]);
    node.args(["--user", &ready.identities.user]);
    let Finished { status, stdout, stderr } = deadline::output(&mut node, LIMIT)?;
    if !status.success() {
        bail!("the browser failed ({status}): {}", stderr.trim());
    }
    let end: End = serde_json::from_str(&stdout).context("the browser did not say where it ended")?;
    person.expect_given(0, &["auth", "complete"], &end.sent_to)?;
    signed_in::lists_incidents(&person, INCIDENTS)?;
    expire();
    signed_in::lists_incidents(&person, INCIDENTS)?;
    eprintln!("ok authorization code: an address pasted from Chromium, a confidential application");
    Ok(())
}

fn script(installed: &Installed) -> PathBuf {
    installed.folder.join("browser/sign_in.mjs")
}

/// Makes Chromium this user's browser; answers the file it writes to.
fn browse_with(person: &mut User<'_>, installed: &Installed, name: &str, more: &str) -> Result<PathBuf> {
    let (program, said) = (person.home().join("browser"), person.home().join("browser.said"));
    let node = clean_environment::apply(&mut Command::new("node"))
        .args(["-p", "process.execPath"])
        .output()
        .context("cannot ask node where it is")?;
    let node = String::from_utf8(node.stdout).context("node's path is no text")?;
    let lines = format!(
        "#!/bin/sh\nexec '{}' '{}' --url \"$1\" --user '{name}' {more} > '{}' 2>&1\n",
        node.trim(),
        script(installed).display(),
        said.display()
    );
    fs::write(&program, lines).context("cannot write the browser's script")?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).context("cannot make it executable")?;
    let program = program.to_str().context("a home that is no text")?.to_owned();
    person.set("BROWSER", &program);
    Ok(said)
}

/// What the browser saw last. It is still looking when our binary has ended.
fn end(said: &Path) -> Result<End> {
    let started = Instant::now();
    loop {
        let text = fs::read_to_string(said).unwrap_or_default();
        if let Ok(end) = serde_json::from_str(&text) {
            return Ok(end);
        }
        if started.elapsed() > LIMIT {
            bail!("the browser did not come to an end: {text}");
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Our page runs nothing, loads nothing and names its language.
fn is_ours_alone(page: &End) -> Result<()> {
    if page.scripts > 0 || !page.loaded.is_empty() || page.language.is_empty() {
        bail!("`{}` runs {} scripts and loads {:?}", page.title, page.scripts, page.loaded);
    }
    Ok(())
}
