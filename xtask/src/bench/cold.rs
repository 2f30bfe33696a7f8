//! From nothing to a page of incidents, beside what one would write without this product.
//!
//! All subjects talk to the same server, load the same trust roots from one file, sign in with client
//! credentials, fetch the same page of about 1 MB and print it. Ours has an empty home each time, so it also
//! makes its sealing key and stores the token sealed.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::cold_server::ColdServer;
use super::rounds::{self, Subject};
use super::{release, summary};
use crate::interop::install;
use crate::interop::product::Product;
use crate::workspace;

const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";
const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";
/// Invented; the server gives a token to anybody.
const SECRET: &str = "aut~Q7.demo-secret-not-real_x1";

/// Token, then page; the token is cut out as in any shell script. Words: authority, tenant, endpoint, id, secret, bundle.
const CURL: &str = r#"token=$(curl --silent --fail --cacert "$6" \
  --data-urlencode grant_type=client_credentials --data-urlencode "client_id=$4" \
  --data-urlencode "client_secret=$5" --data-urlencode scope=https://api.security.microsoft.com/.default \
  "$1/$2/oauth2/v2.0/token" | sed 's/.*"access_token":"\([^"]*\)".*/\1/') &&
exec curl --silent --fail --cacert "$6" --header "Authorization: Bearer $token" "$3/api/incidents?%24top=100""#;

pub(crate) fn run(runs: usize) -> Result<()> {
    let installed = install::ensure()?;
    let product = Product::at(release::product()?)?;
    let server = ColdServer::start()?;
    let homes = tempfile::tempdir().context("no temporary folder")?;
    let (origin, bundle) = (server.origin.as_str(), server.bundle());
    let credentials = [origin, TENANT, origin, APPLICATION, SECRET];
    let round = AtomicUsize::new(0);

    let ours = || {
        let home = homes.path().join(round.fetch_add(1, Ordering::Relaxed).to_string());
        std::fs::create_dir(&home).context("no empty home")?;
        let mut command = product.command(&home);
        command.args(["incidents", "list", "--limit", "100", "-o", "json"]).env("SSL_CERT_FILE", &bundle);
        for (key, value) in [
            ("AUTHENTICATION_FLOW", "client-credentials"),
            ("API", "legacy"),
            ("CLOUD", "custom"),
            ("AUTHORITY_HOST", origin),
            ("ENDPOINT", origin),
            ("TENANT_ID", TENANT),
            ("APPLICATION_ID", APPLICATION),
            ("CLIENT_SECRET", SECRET),
        ] {
            command.env(format!("DEFENDER_XDR_{key}"), value);
        }
        Ok(command)
    };
    let path = std::env::var_os("PATH").context("no PATH")?;
    let curl = || {
        let mut command = Command::new("sh");
        command.args(["-c", CURL, "sh"]).args(credentials).arg(&bundle).env("PATH", &path);
        Ok(command)
    };
    let bare = || {
        let mut command = Command::new(&server.bare_client);
        command.args(credentials).env("SSL_CERT_FILE", &bundle);
        Ok(command)
    };
    let script = workspace::root().join("xtask/bench/msal/client.py");
    let msal = || {
        let mut command = Command::new(&installed.python);
        command.arg(&script).args(credentials).arg(&bundle).env("PATH", &path);
        Ok(command)
    };
    let subjects = [
        Subject { name: "defender-xdr", command: Box::new(ours), did_the_work: lists_a_page },
        Subject { name: "sh, curl twice", command: Box::new(curl), did_the_work: lists_a_page },
        Subject { name: "bare reqwest", command: Box::new(bare), did_the_work: lists_a_page },
        Subject { name: "Python msal + requests", command: Box::new(msal), did_the_work: lists_a_page },
    ];
    let title =
        format!("Cold sign-in and a page of {} KiB, {} trust roots", server.page_bytes / 1024, server.roots);
    summary::print(&title, &rounds::run(&subjects, runs)?);
    Ok(())
}

/// A hundred incidents, as an array or, untouched by curl, in the server's envelope.
fn lists_a_page(stdout: &[u8]) -> bool {
    let page: Value = serde_json::from_slice(stdout).unwrap_or_default();
    page.as_array().or_else(|| page["value"].as_array()).is_some_and(|incidents| incidents.len() == 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::lists_a_page;

    #[test]
    fn only_a_hundred_incidents_count_as_the_work_done() {
        let hundred = vec![json!({"incidentId": 1}); 100];
        assert!(lists_a_page(json!(hundred).to_string().as_bytes()));
        assert!(lists_a_page(json!({ "value": hundred }).to_string().as_bytes()));
        assert!(!lists_a_page(json!(hundred[1..]).to_string().as_bytes()));
        assert!(!lists_a_page(b""));
        assert!(!lists_a_page(b"{\"error\": {}}"));
    }
}
