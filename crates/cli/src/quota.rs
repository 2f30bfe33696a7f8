//! Where calls are counted: one small file per host, tenant and application.

use std::path::Path;
use std::sync::Arc;

use defender_xdr_api::quota::{Budget, Pacing};
use defender_xdr_core::settings::{SettingsError, Values, quoted_word};
use defender_xdr_core::store::{FileLedger, Ledger, MemoryLedger};

use crate::failure::Failure;

const KEY: &str = "quota";

/// The budget of `of`, in a file below `directory` that all processes share, or of this process alone.
pub(crate) fn budget(directory: Option<&Path>, of: &str, pacing: Pacing) -> Budget {
    let ledger: Arc<dyn Ledger> = match directory {
        Some(directory) => Arc::new(FileLedger::new(directory.join(format!("{}.json", name(of))))),
        None => Arc::new(MemoryLedger::default()),
    };
    Budget::new(ledger, of, pacing)
}

/// How calls are paced, by the settings.
pub(crate) fn pacing(values: &Values) -> Result<Pacing, Failure> {
    match values.text(KEY) {
        None | Some("documented") => Ok(Pacing::Documented),
        Some("observed") => Ok(Pacing::Observed),
        Some(other) => {
            let message = format!("`{KEY}` is {}", quoted_word(other));
            let error = SettingsError::new(message).with_hint("use `documented` or `observed`");
            Err(values.blame(KEY, error).into())
        }
    }
}

/// A name for a file that is the same in every process and every build: FNV-1a, 64 bits. Not a secret.
fn name(of: &str) -> String {
    let hash = of.to_ascii_lowercase().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_the_same_for_ever_and_for_every_case() {
        assert_eq!(name(""), "cbf29ce484222325");
        assert_eq!(name("a"), "af63dc4c8601ec8c");
        assert_eq!(name("https://Graph.example/ T A"), name("https://graph.example/ t a"));
    }
}
