//! `private_key_jwt` (`OpenID` Connect Core section 9): the provider verifies what our binary signed, with both
//! algorithms, from a key and a certificate that a third hand made.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::{INCIDENTS, Ready, user};
use crate::clean_environment;
use crate::interop::deadline::{self, Finished};
use crate::interop::install::Installed;
use crate::interop::product::Product;
use crate::interop::signed_in;

/// Making a key takes a moment.
const LIMIT: std::time::Duration = std::time::Duration::from_mins(1);

/// What `make_certificate.py` says it made.
#[derive(Deserialize)]
pub(super) struct Certificate {
    #[serde(rename = "certificate")]
    pub(super) file: String,
    key: String,
    encrypted_key: String,
    passphrase: String,
    sha1: String,
    sha256: String,
}

impl Certificate {
    pub(super) fn make(installed: &Installed, folder: &Path) -> Result<Self> {
        let mut python = Command::new(&installed.python);
        clean_environment::apply(&mut python).arg("make_certificate.py").arg(folder);
        python.current_dir(installed.folder.join("python"));
        let Finished { status, stdout, stderr } = deadline::output(&mut python, LIMIT)?;
        if !status.success() {
            bail!("make_certificate.py failed ({status}): {}", stderr.trim());
        }
        serde_json::from_str(&stdout).context("make_certificate.py did not print JSON")
    }
}

pub(super) fn prove(product: &Product, ready: &Ready, api: &str, made: &Certificate) -> Result<()> {
    let ways: [(&str, &[(&str, &str)]); 4] = [
        ("PS256 and x5t#S256", &[("certificate", &made.file), ("private-key", &made.key)]),
        (
            "PS256, an encrypted key and a thumbprint that fits",
            &[
                ("certificate", &made.file),
                ("private-key", &made.encrypted_key),
                ("private-key-passphrase", &made.passphrase),
                ("certificate-thumbprint", &made.sha256),
            ],
        ),
        (
            "RS256 and x5t, from thumbprint and key alone",
            &[("certificate-thumbprint", &made.sha1), ("private-key", &made.key)],
        ),
        (
            "RS256, a thumbprint with colons in capitals",
            &[("certificate-thumbprint", &with_colons(&made.sha1)), ("private-key", &made.key)],
        ),
    ];
    for (way, settings) in ways {
        let mut signs =
            user(product, ready, "client-credentials", api, &ready.identities.private_key_jwt, "")?;
        for (key, value) in settings {
            signs.set(&format!("DEFENDER_XDR_{}", key.to_ascii_uppercase().replace('-', "_")), value);
        }
        signs.expect(0, &["auth", "test"]).with_context(|| way.to_owned())?;
        signed_in::lists_incidents(&signs, INCIDENTS).with_context(|| way.to_owned())?;
        eprintln!("ok certificate: {way}");
    }
    Ok(())
}

/// As `openssl x509 -fingerprint` prints it.
fn with_colons(thumbprint: &str) -> String {
    let upper = thumbprint.to_ascii_uppercase();
    upper.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(":")
}
