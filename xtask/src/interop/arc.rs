//! Azure Arc: the agent proves its callers by a file in one fixed folder of the machine. The folder exists here in a
//! mount namespace of its own, so that neither root nor a trace on the machine is needed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::background::Background;
use super::clients::{APPLICATION, Ready, SECRET};
use super::deadline::{self, Finished};
use super::install::Installed;
use super::product::Product;
use crate::clean_environment;

/// Where the agent lays its keys; Microsoft's libraries and ours read them from nowhere else.
const KEYS: &str = "/var/opt/azcmagent/tokens";

/// What is below this folder is hidden from the processes of the namespace.
const HIDE: &str = "mount -t tmpfs none /var/opt";

const LIMIT: Duration = Duration::from_mins(1);

/// Our binary and Microsoft's libraries on an emulated machine that Azure Arc connects.
pub(super) fn prove(product: &Product, installed: &Installed) -> Result<()> {
    if !can_hide()? {
        eprintln!(
            "left out: Azure Arc (this machine gives a process no mount namespace of its own: `unshare -rm`)"
        );
        return Ok(());
    }
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let certificate = scratch.path().join("emulator.pem");
    let server = product.command(scratch.path());
    let mut emulator = in_the_environment_of(&server, "unshare");
    emulator.args(["-rm", "sh", "-c", &format!("{HIDE} && exec \"$0\" \"$@\"")]).arg(server.get_program());
    emulator.args(["emulator", "--https", "--port", "0", "--no-limits", "--arc-key-directory", KEYS]);
    emulator.arg("--certificate-out").arg(&certificate);
    let server = Background::start("the emulator", &mut emulator, scratch.path().join("emulator.log"))?;
    let line: Value = server.ready()?;
    let ready: Ready = server.ready()?;
    let machine = Machine { process: server.id(), variables: variables(&line)? };
    let ours = machine.ours(product, scratch.path(), &ready, &certificate);
    ours.and_then(|()| machine.python(installed, &ready, &certificate))
        .and_then(|()| machine.node(installed, &ready, &certificate))
        .map_err(|error| server.blame(&error))
}

fn can_hide() -> Result<bool> {
    let mut probe = clean("unshare");
    probe.args(["-rm", "sh", "-c", HIDE]).stdout(Stdio::null()).stderr(Stdio::null());
    match probe.status() {
        Ok(status) => Ok(status.success()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).context("cannot ask for a mount namespace"),
    }
}

fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    clean_environment::apply(&mut command);
    command
}

/// `program` with the environment that `model` would have.
fn in_the_environment_of(model: &Command, program: &str) -> Command {
    let mut command = clean(program);
    command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// What the agent puts into the environment of every program.
fn variables(ready: &Value) -> Result<Vec<(String, String)>> {
    let named = ready["managed_identity"]["arc"].as_object().context("the emulator names no Arc agent")?;
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    named.iter().map(text).collect::<Option<_>>().context("a variable that is no text")
}

/// The emulated machine: programs that see the agent's folder.
struct Machine {
    process: u32,
    variables: Vec<(String, String)>,
}

impl Machine {
    fn enter(&self, model: &Command) -> Command {
        let mut command = in_the_environment_of(model, "nsenter");
        command.args(["--preserve-credentials", "-U", "-m", "-t", &self.process.to_string()]);
        if let Some(folder) = model.get_current_dir() {
            // Whoever enters a mount namespace starts at its root.
            command.arg(format!("--wd={}", folder.display()));
        }
        command.arg("--");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.arg(model.get_program()).args(model.get_args());
        command
    }

    fn run(&self, what: &str, model: &Command) -> Result<String> {
        let Finished { status, stdout, stderr } = deadline::output(&mut self.enter(model), LIMIT)?;
        if !status.success() {
            bail!("{what} on Azure Arc failed ({status}): {}", stderr.trim());
        }
        Ok(stdout)
    }

    fn ours(&self, product: &Product, home: &Path, ready: &Ready, authority: &Path) -> Result<()> {
        let mut command = product.command(home);
        command.args(["incidents", "list", "--limit", "5", "-o", "json"]);
        for (name, value) in [
            ("AUTHENTICATION_FLOW", "Azure Managed Identities"),
            ("CLOUD", "custom"),
            ("ENDPOINT", ready.endpoint.as_str()),
            ("CA_FILE", authority.to_str().context("a path that is no text")?),
        ] {
            command.env(format!("DEFENDER_XDR_{name}"), value);
        }
        let list: Vec<Value> = serde_json::from_str(&self.run("our binary", &command)?)?;
        if list.len() != 5 {
            bail!("our binary listed {} incidents in place of 5", list.len());
        }
        eprintln!("ok Azure Arc: our binary, by the agent's key file");
        Ok(())
    }

    fn python(&self, installed: &Installed, ready: &Ready, authority: &Path) -> Result<()> {
        let mut command = clean(installed.python.to_str().context("a path that is no text")?);
        command.current_dir(installed.folder.join("python")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.args(["arc.py", "--authority-host", &ready.authority_host, "--endpoint", &ready.endpoint]);
        command.args(["--tenant", &ready.tenant_id, "--client-id", APPLICATION, "--client-secret", SECRET]);
        command.arg("--ca").arg(authority);
        eprintln!("ok {}", self.run("arc.py", &command)?.trim());
        Ok(())
    }

    fn node(&self, installed: &Installed, ready: &Ready, authority: &Path) -> Result<()> {
        let mut command = clean("node");
        command.env("NODE_EXTRA_CA_CERTS", authority).arg(installed.folder.join("node/arc.mjs"));
        command.arg(&ready.authority_host);
        eprintln!("ok {}", self.run("arc.mjs", &command)?.trim());
        Ok(())
    }
}
