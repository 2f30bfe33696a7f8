//! A settings file: flat keys, `[profile.NAME]` tables, every value with its line.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::SettingsError;
use super::keys::find_key;
use super::origin::Origin;
use super::ownership::{require_own, whole_file};
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
    let unreadable = |error: std::io::Error| {
        let problem = match error.kind() {
            std::io::ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
            _ => error.to_string(),
        };
        SettingsError::new(format!("cannot read the settings file: {problem}")).with_origin(whole_file(path))
    };
    let mut opened = match File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    require_own(path, &opened)?;
    let metadata = opened.metadata().map_err(unreadable)?;
    let mut text = zeroize::Zeroizing::new(String::new());
    opened.read_to_string(&mut text).map_err(unreadable)?;
    let private = metadata.mode() & 0o077 == 0;
    let place = |line| Origin::File { path: path.to_owned(), line, trusted: true, private };
    parse(&text, profile, place).map(Some)
}

/// Reads a file's text; `place` makes an origin of a line's number.
pub(super) fn parse(
    text: &str,
    profile: Option<&str>,
    place: impl Fn(usize) -> Origin,
) -> Result<SettingsFile, SettingsError> {
    let place = |offset: usize| {
        let before = text.as_bytes().iter().take(offset);
        place(before.filter(|byte| **byte == b'\n').count() + 1)
    };
    let root = DeTable::parse(text).map_err(|error| {
        // The parser's full text quotes the line, which may hold a secret; its message does not.
        SettingsError::new(format!("not valid TOML: {}", error.message()))
            .with_origin(place(error.span().map_or(0, |span| span.start)))
            .with_hint(
                "correct that line: `key = \"text\"`, quotes closed, each key once; `#` begins a remark",
            )
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
    Ok(file)
}

fn line(
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    place: &impl Fn(usize) -> Origin,
) -> Result<Line, SettingsError> {
    let origin = place(key.span().start);
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        // A number or a flag as a secret is a slip: nobody's secret is `true`, and 0123 would lose its zero.
        _ if find_key(key.get_ref()).is_some_and(|key| key.secret) => {
            return Err(SettingsError::new(format!("`{}` must be a text in quotes", key.get_ref()))
                .with_origin(origin)
                .with_hint("write the secret in quotes, or a reference: \"env:NAME\", \"file:PATH\""));
        }
        DeValue::Table(_) => {
            return Err(SettingsError::new(format!("`{}` is a table, and only profiles are", key.get_ref()))
                .with_origin(origin)
                .with_hint(format!("write [profile.{}] and select it with --profile", key.get_ref())));
        }
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
