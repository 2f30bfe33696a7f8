//! The settings file with some keys changed: everything else stays as people wrote it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use defender_xdr_core::settings::SettingsError;
use defender_xdr_core::store::atomic;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// The text of a settings file with keys set, or removed where there is no value, in a profile's table if one is named.
fn edited(text: &str, profile: Option<&str>, changes: &[(String, Option<String>)]) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let table = match profile {
        None => document.as_table_mut(),
        Some(name) => {
            let profiles = document.entry("profile").or_insert_with(|| {
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            });
            let profiles =
                profiles.as_table_mut().ok_or("`profile` must be a table: write [profile.NAME]")?;
            let own = profiles.entry(name).or_insert_with(toml_edit::table);
            own.as_table_mut().ok_or("the profile must be a table: write [profile.NAME]")?
        }
    };
    for (key, text) in changes {
        let Some(text) = text else {
            table.remove(key);
            continue;
        };
        if table.get(key).and_then(Item::as_str) == Some(text) {
            continue;
        }
        match table.get_mut(key).and_then(Item::as_value_mut) {
            // The comment behind a value stays with it.
            Some(old) => {
                let decor = old.decor().clone();
                *old = text.into();
                *old.decor_mut() = decor;
            }
            None => {
                table.insert(key, value(text));
            }
        }
    }
    Ok(document.to_string())
}

/// What a key is in the table of its own: what is inherited from the file's head does not count.
pub(crate) fn own(path: &Path, profile: Option<&str>, key: &str) -> Option<String> {
    let document: DocumentMut = fs::read_to_string(path).ok()?.parse().ok()?;
    let table = match profile {
        None => document.as_table(),
        Some(name) => document.get("profile")?.get(name)?.as_table()?,
    };
    table.get(key)?.as_str().map(str::to_owned)
}

/// Sets keys in a settings file (made if need be, mode 0600), all or nothing.
pub(crate) fn write(path: &Path, profile: Option<&str>, changes: &[(String, String)]) -> Result<(), Failure> {
    let changes: Vec<_> = changes.iter().map(|(key, text)| (key.clone(), Some(text.clone()))).collect();
    change(path, profile, &changes)
}

/// Removes a key from a settings file, all or nothing.
pub(crate) fn unset(path: &Path, profile: Option<&str>, key: &str) -> Result<(), Failure> {
    change(path, profile, &[(key.to_owned(), None)])
}

fn change(path: &Path, profile: Option<&str>, changes: &[(String, Option<String>)]) -> Result<(), Failure> {
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        let message = format!("cannot {what} the settings file: {error}");
        Report::new("settings", Exit::Settings, message).with_source(format!("file {}", path.display()))
    };
    // Where the name is a link, what it leads to is changed.
    let real =
        fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| PathBuf::from(path));
    let text = match fs::read_to_string(&real) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed("read", &error).into()),
    };
    let new = edited(&text, profile, changes).map_err(|problem| {
        SettingsError::new(format!("the settings file {} cannot be changed: {problem}", path.display()))
    })?;
    if let Some(directory) = real.parent() {
        atomic::create_private_directory(directory).map_err(|error| failed("write", &error))?;
    }
    atomic::replace(&real, new.as_bytes()).map_err(|error| failed("write", &error).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str, profile: Option<&str>, pairs: &[(&str, &str)]) -> String {
        let changes: Vec<_> =
            pairs.iter().map(|(key, text)| ((*key).to_owned(), Some((*text).to_owned()))).collect();
        edited(text, profile, &changes).expect("TOML")
    }

    const FILE: &str =
        "# ours\napi = \"legacy\" # until January\n\n[profile.lab]\ntenant-id = \"lab.example\"\n";

    #[test]
    fn what_people_wrote_stays_and_only_values_change() {
        let new = change(FILE, None, &[("api", "graph"), ("cloud", "gcc")]);
        assert_eq!(
            new,
            "# ours\napi = \"graph\" # until January\ncloud = \"gcc\"\n\n[profile.lab]\ntenant-id = \"lab.example\"\n"
        );
        assert_eq!(change(FILE, Some("lab"), &[("tenant-id", "lab.example")]), FILE);
    }

    #[test]
    fn a_key_without_a_value_is_removed() {
        let new = edited(FILE, Some("lab"), &[("tenant-id".to_owned(), None)]).expect("TOML");
        assert!(new.ends_with("[profile.lab]\n"), "{new}");
        assert_eq!(edited(FILE, None, &[("cloud".to_owned(), None)]).as_deref(), Ok(FILE));
    }

    #[test]
    fn a_profile_is_added_beside_others() {
        let new = change(FILE, Some("eu one"), &[("tenant-id", "eu.example")]);
        assert!(new.starts_with(FILE), "{new}");
        assert!(new.ends_with("[profile.\"eu one\"]\ntenant-id = \"eu.example\"\n"), "{new}");
        let first = change("", Some("a"), &[("api", "graph")]);
        assert_eq!(first, "[profile.a]\napi = \"graph\"\n");
    }

    #[test]
    fn a_text_is_quoted_whatever_stands_in_it() {
        let new = change("", None, &[("certificate", "C:\\a \"b\"")]);
        let read: DocumentMut = new.parse().expect("TOML");
        assert_eq!(read["certificate"].as_str(), Some("C:\\a \"b\""));
        assert!(edited("profile = 1", Some("a"), &[]).is_err());
    }
}
