//! Texts from files and from standard input. Read on another thread: a pipe may take its time, and Ctrl-C must work.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::IgnoredAny;

use super::mistake;
use crate::detached::detached;
use crate::failure::Failure;

/// The services take less than that.
const LONGEST: u64 = 16 << 20;

/// The text of a file, or of standard input for `-`.
pub(super) async fn text(file: &Path, flag: &str) -> Result<String, Failure> {
    let path = file.to_owned();
    let reading = detached(move || -> io::Result<String> {
        let mut text = String::new();
        if path.as_os_str() == "-" {
            io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text)?;
        } else {
            File::open(path)?.take(LONGEST + 1).read_to_string(&mut text)?;
        }
        Ok(text)
    });
    let read = reading.await.ok_or_else(|| Failure::bug("reading the input failed"))?;
    let text = read.map_err(|error| mistake(flag, format!("cannot read {}: {error}", file.display())))?;
    if text.len() as u64 > LONGEST {
        return Err(mistake(flag, format!("{} is longer than 16 MiB", file.display())).into());
    }
    Ok(text)
}

/// JSON from a file or standard input, as it is.
pub(super) async fn json(file: &Path) -> Result<Vec<u8>, Failure> {
    const FLAG: &str = "flag --input";
    let text = text(file, FLAG).await?;
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<IgnoredAny>(text)
        .map_err(|error| mistake(FLAG, format!("{} holds no JSON: {error}", file.display())))?;
    Ok(text.as_bytes().to_vec())
}
