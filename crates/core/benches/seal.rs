//! What it costs to keep a session: sealing and opening one record, with a key file. Prints medians in microseconds as
//! JSON; `cargo xtask bench seal` makes a table of them.
#![expect(clippy::expect_used, reason = "a measurement that cannot be made fails by panicking")]

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use defender_xdr_core::Secret;
use defender_xdr_core::store::sealing_key::PassphraseKey;
use defender_xdr_core::store::{SealedVault, Vault as _};

/// An access token of Entra with many roles and a refresh token, as JSON.
const RECORD_BYTES: usize = 6 * 1024;
const NAME: &str = "session-0123456789abcdef0123456789abcdef";

fn main() {
    // cargo passes `--bench`; the number of rounds is the first word that is one.
    let rounds = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1001);
    let root = tempfile::tempdir().expect("a directory");
    let content = vec![b'x'; RECORD_BYTES];
    let vault = || by_file(root.path());
    let kept = vault();
    kept.save(NAME, &content).expect("saved");
    let record = kept.seal(NAME, &content).expect("sealed");

    let rows = [
        ("seal a record, key file read", median(rounds, || kept.seal(NAME, &content).expect("sealed"))),
        ("open a record, key known", median(rounds, || kept.open(NAME, &record).expect("opened"))),
        ("open a record, key file read", median(rounds, || vault().open(NAME, &record).expect("opened"))),
        ("load a record from disk, nothing known", median(rounds, || vault().load(NAME).expect("opened"))),
        (
            "save a record to disk, with fsync",
            median(rounds.min(101), || kept.save(NAME, &content).expect("saved")),
        ),
        ("load a record, passphrase stretched", by_passphrase(root.path(), rounds.min(21), &content)),
    ];
    let told = rows.map(|(what, micros)| serde_json::json!({ "what": what, "micros": micros }));
    writeln!(std::io::stdout(), "{}", serde_json::json!(told)).expect("stdout takes it");
}

fn by_file(root: &Path) -> SealedVault {
    SealedVault::new(root.join("state"), root.join("config/sealing.key"))
}

/// Each vault is that of a new process: it stretches once.
fn by_passphrase(root: &Path, rounds: usize, content: &[u8]) -> f64 {
    let directory = root.join("by-passphrase");
    let vault = || {
        let words = Secret::new("correct horse battery staple");
        let source = PassphraseKey::new(words, directory.join("passphrase.json")).expect("long enough");
        SealedVault::with_key(&directory, Arc::new(source))
    };
    vault().save(NAME, content).expect("saved");
    median(rounds, || vault().load(NAME).expect("opened"))
}

fn median<T>(rounds: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut micros: Vec<f64> = (0..rounds.max(1))
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    micros[micros.len() / 2]
}
