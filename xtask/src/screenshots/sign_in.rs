//! What people see while they sign in: the terminal with the code, and the page a browser ends at.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::{COLUMNS, LIMIT, html, is_small, photograph};
use crate::clean_environment;
use crate::interop::background::Background;
use crate::interop::deadline;
use crate::interop::install::Installed;
use crate::interop::product::{Product, User};
use crate::played::Played;

const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
const PERSON: &str = "dana@aurora-lab.example";
/// The drawing of the address is high.
const ROWS: u16 = 30;

#[derive(Deserialize)]
struct Ready {
    origin: String,
    tenant_id: String,
}

pub(super) fn take(product: &Product, installed: &Installed, home: &Path, images: &Path) -> Result<()> {
    let mut emulator = product.command(home);
    emulator.args(["emulator", "--port", "0"]);
    let server = Background::start("the emulator", &mut emulator, home.join("emulator.log"))?;
    let ready: Ready = server.ready()?;
    device_code(product, installed, &ready, home, images)?;
    redirect(product, installed, &ready, &images.join("sign-in-done.png"), "")?;
    redirect(product, installed, &ready, &images.join("sign-in-refused.png"), "--decline")
}

fn settings<'a>(ready: &'a Ready, flow: &'a str) -> [(&'static str, &'a str); 6] {
    [
        ("authentication-flow", flow),
        ("cloud", "custom"),
        ("authority-host", &ready.origin),
        ("endpoint", &ready.origin),
        ("tenant-id", &ready.tenant_id),
        ("application-id", APPLICATION),
    ]
}

/// `auth login` on a terminal: address, code, drawing, countdown.
fn device_code(
    product: &Product,
    installed: &Installed,
    ready: &Ready,
    home: &Path,
    images: &Path,
) -> Result<()> {
    let person = product.user(&settings(ready, "device-code"))?;
    let mut command = person.command(&["auth", "login", "--no-browser"]);
    let terminal = Played::start(&mut command, COLUMNS, ROWS)?;
    terminal.wait_for("left", LIMIT)?;
    let page = home.join("screen.html");
    fs::write(&page, terminal.screen(html)).context("cannot write the screen")?;
    let more = ["--width", "1000", "--height", "600", "--element", "pre", "--scale", "0.9"];
    photograph(installed, &page, &images.join("device-code.png"), &more)
}

/// `auth login` with a real browser that is photographed where it ends.
fn redirect(
    product: &Product,
    installed: &Installed,
    ready: &Ready,
    picture: &Path,
    decision: &str,
) -> Result<()> {
    let mut person = product.user(&settings(ready, "auth-code"))?;
    let asked = person.home().join("address");
    browser_that_notes(&mut person, &asked)?;
    let mut login = person.command(&["auth", "login"]);
    let mut login = login.spawn().context("cannot start `auth login`")?;
    let address = deadline::file(&asked, LIMIT)?;
    let mut node = Command::new("node");
    clean_environment::apply(&mut node).arg(installed.folder.join("browser/sign_in.mjs"));
    node.args(["--url", &address, "--user", PERSON, "--screenshot"]).arg(picture);
    node.args(Some(decision).filter(|word| !word.is_empty()));
    let finished = deadline::output(&mut node, LIMIT)?;
    if !finished.status.success() {
        bail!("the browser failed ({}): {}", finished.status, finished.stderr.trim());
    }
    login.wait().context("`auth login` did not end")?;
    is_small(picture)
}

/// A browser that writes down where it is sent, whole or not at all.
fn browser_that_notes(person: &mut User<'_>, asked: &Path) -> Result<()> {
    let program = person.home().join("browser");
    let asked = asked.display();
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > '{asked}.new' && /bin/mv '{asked}.new' '{asked}'\n");
    fs::write(&program, script).context("cannot write the browser")?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).context("cannot make it executable")?;
    person.set("BROWSER", program.to_str().context("a home that is no text")?);
    Ok(())
}
