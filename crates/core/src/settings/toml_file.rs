//! A settings file: flat keys, `[profile.NAME]` tables, every value with its line.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::SettingsError;
use super::origin::Origin;
use crate::Secret;

/// One `key = value` of a file.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) text: Secret,
    pub(super) origin: Origin,
}

/// A file that was read: values for every profile, and the selected profile's own.
#[derive(Debug)]
pub(super) struct SettingsFile {
    pub(super) shared: Vec<Line>,
    pub(super) selected: Option<Vec<Line>>,
    pub(super) profiles: Vec<String>,
}

/// Reads a file; `None` when there is none. Only the selected profile is looked into.
pub(super) fn read(path: &Path, profile: Option<&str>) -> Result<Option<SettingsFile>, SettingsError> {
    let unreadable =
        |error: std::io::Error| SettingsError::new(format!("cannot read {}: {error}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    let ours = [0, rustix::process::geteuid().as_raw()].contains(&metadata.uid());
    let place = |offset: usize| Origin::File {
        path: path.to_owned(),
        line: text[..offset.min(text.len())].matches('\n').count() + 1,
        trusted: ours && metadata.mode() & 0o022 == 0,
        private: metadata.mode() & 0o077 == 0,
    };
    let root = DeTable::parse(&text).map_err(|error| {
        // The parser's full text quotes the line, which may hold a secret; its message does not.
        SettingsError::new(format!("not valid TOML: {}", error.message()))
            .with_origin(place(error.span().map_or(0, |span| span.start)))
    })?;
    let mut file = SettingsFile { shared: Vec::new(), selected: None, profiles: Vec::new() };
    for (key, value) in root.get_ref() {
        if key.get_ref() != "profile" {
            file.shared.push(line(key, value, &place)?);
            continue;
        }
        let DeValue::Table(profiles) = value.get_ref() else {
            return Err(SettingsError::new("`profile` must be a table: write [profile.NAME]")
                .with_origin(place(key.span().start)));
        };
        for (name, table) in profiles {
            file.profiles.push(name.get_ref().to_string());
            if Some(name.get_ref().as_ref()) != profile {
                continue;
            }
            let DeValue::Table(table) = table.get_ref() else {
                return Err(SettingsError::new(format!("`profile.{}` must be a table", name.get_ref()))
                    .with_origin(place(name.span().start)));
            };
            let lines: Result<_, _> = table.iter().map(|(key, value)| line(key, value, &place)).collect();
            file.selected = Some(lines?);
        }
    }
    Ok(Some(file))
}

fn line(
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    place: &impl Fn(usize) -> Origin,
) -> Result<Line, SettingsError> {
    let origin = place(key.span().start);
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        _ => {
            return Err(SettingsError::new(format!(
                "`{}` must be a text, a whole number, true or false",
                key.get_ref()
            ))
            .with_origin(origin));
        }
    };
    Ok(Line { key: key.get_ref().to_string(), text: Secret::new(text), origin })
}
