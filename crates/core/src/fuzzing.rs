//! The readers of what others wrote, for fuzzing: they may refuse anything and must panic at nothing.
//!
//! Compiled only with `--cfg fuzzing`.

pub use crate::entra::fuzz_token_response as token_response;
pub use crate::settings::fuzz_settings_file as settings_file;

pub use crate::http::fuzz_stated_wait as stated_wait;

/// A `WWW-Authenticate` header of the API.
pub fn challenge(line: &str) {
    crate::auth::claims_challenge(line.lines());
}
