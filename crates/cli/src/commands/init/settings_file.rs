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

/// The text of a settings file with keys set, in a profile's table if one is named.
fn edited(text: &str, profile: Option<&str>, changes: &[(String, String)]) -> Result<String, String> {
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

/// Sets keys in a settings file (made if need be, mode 0600), all or nothing.
pub(super) fn write(path: &Path, profile: Option<&str>, changes: &[(String, String)]) -> Result<(), Failure> {
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
            pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
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
