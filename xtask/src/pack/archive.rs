//! A zip with nothing in it that changes from one build to the next.

use std::io::{Cursor, Write as _};

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The files in the order given, uncompressed: how well others compress depends on their version, and the pack is small.
pub(super) fn of(entries: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The first moment that a zip can tell.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, content) in entries {
        zip.start_file(name.as_str(), options).with_context(|| format!("{name} does not fit into a zip"))?;
        zip.write_all(&content).with_context(|| format!("{name} does not fit into a zip"))?;
    }
    Ok(zip.finish().context("the zip has no end")?.into_inner())
}
