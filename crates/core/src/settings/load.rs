//! Settings in layers, weakest first: system file, user file, `--config`, environment, flags.
//!
//! figment decides which layer wins and remembers each winner's origin. Every value is a layer of its own,
//! so that an origin is a line of a file, not just the file.

use std::path::PathBuf;

use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider, Source};

use super::error::SettingsError;
use super::keys::{find_key, keys, nearest_key};
use super::origin::Origin;
use super::reference::told;
use super::shown::holds_private_key;
use super::toml_file::{self, Line};
use super::values::Values;
use crate::{Environment, Secret};

/// Variables are this plus the key in upper case with `_` for `-`.
pub const ENVIRONMENT_PREFIX: &str = "DEFENDER_XDR_";

/// Variables with our prefix that are no settings.
const OTHER_VARIABLES: &[&str] = &[
    "DEFENDER_XDR_PROFILE",
    "DEFENDER_XDR_CONFIG",
    "DEFENDER_XDR_NOW",
    "DEFENDER_XDR_SEALING_KEY",
    "DEFENDER_XDR_PREVIOUS_SEALING_KEY",
];

/// The settings an identity consists of: they are taken from the environment together or not at all.
const IDENTITY: &[&str] = &[
    "account",
    "tenant-id",
    "application-id",
    "client-secret",
    "certificate",
    "certificate-thumbprint",
    "private-key",
    "private-key-passphrase",
    "federated-token",
    "authorization-code",
];

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `/etc/defender-xdr/config.toml` or the platform's equivalent. May be absent.
    pub system_file: Option<PathBuf>,
    /// `$XDG_CONFIG_HOME/defender-xdr/config.toml`. May be absent.
    pub user_file: Option<PathBuf>,
    /// `--config`. Must exist.
    pub extra_file: Option<PathBuf>,
    /// What named that file.
    pub extra_file_from: Option<Origin>,
    /// The environment.
    pub environment: Environment,
    /// Flags: key, text, and the flag as typed.
    pub flags: Vec<(String, String, String)>,
    /// The profile chosen, if any.
    pub profile: Option<String>,
    /// What chose it.
    pub profile_from: Option<Origin>,
}

/// What was found.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub values: Values,
    /// Things worth telling that are no errors.
    pub warnings: Vec<String>,
}

/// Reads every layer. Unknown keys are refused, with the nearest known one.
///
/// # Errors
/// [`SettingsError`] naming file and line, variable or flag.
pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
    let mut warnings = Vec::new();
    let mut lines = from_files(sources)?;
    check_keys(&lines)?;
    let from_profile = lines.iter().rev().find(|line| line.key == "tenant-id").map(|line| line.text.clone());
    lines.extend(from_environment(sources, from_profile.as_ref(), &mut warnings));
    for (key, text, flag) in &sources.flags {
        lines.push(from_flag(key, text, flag)?);
    }
    let mut values = merge(&lines);
    split_refresh_token(&mut values)?;
    Ok(Loaded { values, warnings })
}

/// The names of the profiles in the settings files, sorted. Files that cannot be read or may not be trusted have none:
/// whoever asks offers names to a person, and does not use them.
pub fn profiles(sources: &Sources) -> Vec<String> {
    let files = [&sources.system_file, &sources.user_file, &sources.extra_file].into_iter().flatten();
    let read = files.filter_map(|path| toml_file::read(path, None).ok().flatten());
    let mut profiles: Vec<_> = read.flat_map(|file| file.profiles).collect();
    profiles.sort();
    profiles.dedup();
    profiles
}

fn from_files(sources: &Sources) -> Result<Vec<Line>, SettingsError> {
    let profile = sources.profile.as_deref();
    if profile == Some("") {
        let error = SettingsError::new("the name of the profile is empty")
            .with_hint("name a table [profile.NAME] of the settings file, or leave `--profile` out");
        return Err(from(error, sources.profile_from.as_ref()));
    }
    let (mut lines, mut profiles, mut found) = (Vec::new(), Vec::new(), profile.is_none());
    for path in [&sources.system_file, &sources.user_file, &sources.extra_file].into_iter().flatten() {
        let Some(file) = toml_file::read(path, profile)? else {
            if Some(path) == sources.extra_file.as_ref() {
                let error = SettingsError::new(format!("the settings file {} does not exist", told(path)))
                    .with_hint("name a file that exists, or leave it out");
                return Err(from(error, sources.extra_file_from.as_ref()));
            }
            continue;
        };
        lines.extend(file.shared);
        profiles.extend(file.profiles);
        if let Some(own) = file.selected {
            lines.extend(own);
            found = true;
        }
    }
    if found {
        return Ok(lines);
    }
    profiles.sort();
    profiles.dedup();
    let available = if profiles.is_empty() { "none".to_owned() } else { profiles.join(", ") };
    let error = SettingsError::new(format!("there is no profile `{}`", profile.unwrap_or_default()))
        .with_hint(format!("profiles in the settings files: {available}"));
    Err(from(error, sources.profile_from.as_ref()))
}

fn from(error: SettingsError, origin: Option<&Origin>) -> SettingsError {
    match origin {
        Some(origin) => error.with_origin(origin.clone()),
        None => error,
    }
}

fn check_keys(lines: &[Line]) -> Result<(), SettingsError> {
    match lines.iter().find(|line| find_key(&line.key).is_none()) {
        None => Ok(()),
        Some(line) => Err(unknown_key(&line.key).with_origin(line.origin.clone())),
    }
}

fn unknown_key(key: &str) -> SettingsError {
    let error = SettingsError::new(format!("unknown key `{key}`"));
    match nearest_key(key) {
        Some(nearest) => error.with_hint(format!("did you mean `{nearest}`?")),
        None => error.with_hint("`defender-xdr config show --all` lists the keys"),
    }
}

fn from_environment(
    sources: &Sources,
    profile_tenant: Option<&Secret>,
    warnings: &mut Vec<String>,
) -> Vec<Line> {
    let variable = |key: &str| format!("{ENVIRONMENT_PREFIX}{}", key.to_ascii_uppercase().replace('-', "_"));
    for name in sources.environment.names().filter(|name| name.starts_with(ENVIRONMENT_PREFIX)) {
        let known = keys().any(|key| variable(key.name) == name) || OTHER_VARIABLES.contains(&name);
        if !known && !name.starts_with("DEFENDER_XDR_TEST_") {
            let key = name[ENVIRONMENT_PREFIX.len()..].to_ascii_lowercase().replace('_', "-");
            let hint =
                nearest_key(&key).map(|key| format!(": did you mean {}?", variable(key))).unwrap_or_default();
            warnings.push(format!("environment variable {name} is no setting and is ignored{hint}"));
        }
    }
    // An environment made for one tenant must not hand its secret to a profile that names another.
    let own_tenant = sources.environment.get(&variable("tenant-id"));
    let foreign = sources.profile.is_some()
        && matches!((own_tenant, profile_tenant), (Some(own), Some(other)) if !own.eq_ignore_ascii_case(other.expose()));
    let mut lines = Vec::new();
    for key in keys() {
        let name = variable(key.name);
        let Some(text) = sources.environment.get(&name) else { continue };
        if foreign && IDENTITY.contains(&key.name) {
            warnings
                .push(format!("environment variable {name} is ignored: the profile names another tenant"));
            continue;
        }
        lines.push(Line {
            key: key.name.to_owned(),
            text: Secret::new(text),
            origin: Origin::Environment(name),
        });
    }
    lines
}

fn from_flag(key: &str, text: &str, flag: &str) -> Result<Line, SettingsError> {
    let origin = Origin::Flag(flag.to_owned());
    let Some(known) = find_key(key) else {
        return Err(unknown_key(key).with_origin(origin));
    };
    let holds = if known.secret {
        Some("is a secret")
    } else if key == "application-id" && text.contains('@') {
        Some("holds a refresh token")
    } else if key == "proxy" && text.contains('@') {
        Some("holds a user name or password")
    } else if holds_private_key(text) {
        Some("holds a key or certificate itself")
    } else {
        None
    };
    if let Some(holds) = holds {
        return Err(SettingsError::new(format!(
            "`{key}` {holds} and is not taken from the command line, where other users can read it"
        ))
        .with_origin(origin)
        .with_hint(if known.secret {
            format!(
                "use the environment, a settings file, or a reference there such as `{key} = \"file:PATH\"`"
            )
        } else {
            "use the environment or a settings file that nobody else can read".to_owned()
        }));
    }
    Ok(Line { key: key.to_owned(), text: Secret::new(text), origin })
}

/// One value as a figment layer. Its number leads back to its origin.
struct Layer<'a>(usize, &'a Line);

impl Provider for Layer<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::from("settings", Source::Custom(self.0.to_string()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let value = figment::value::Value::from(self.1.text.expose());
        Ok(Profile::Default.collect(Dict::from([(self.1.key.clone(), value)])))
    }
}

fn merge(lines: &[Line]) -> Values {
    let set = lines.iter().enumerate().filter(|(_, line)| !line.text.is_empty());
    let figment = set.fold(Figment::new(), |figment, (number, line)| figment.merge(Layer(number, line)));
    let mut values = Values::default();
    for key in keys() {
        let winner = figment.find_metadata(key.name).and_then(|metadata| match &metadata.source {
            Some(Source::Custom(number)) => lines.get(number.parse::<usize>().ok()?),
            _ => None,
        });
        if let Some(line) = winner {
            values.set(key.name, line.text.clone(), line.origin.clone());
        }
    }
    values
}

/// `ID@REFRESH_TOKEN`, as Cortex writes it: two values in one.
fn split_refresh_token(values: &mut Values) -> Result<(), SettingsError> {
    let Some(value) = values.get("application-id").cloned() else { return Ok(()) };
    let Some((id, token)) = value.text.expose().split_once('@') else { return Ok(()) };
    if token.is_empty() {
        return Err(SettingsError::new("`application-id` ends in `@` without a refresh token")
            .with_origin(value.origin));
    }
    if let Origin::File { private: false, .. } = value.origin {
        return Err(SettingsError::new(
            "`application-id` holds a refresh token in a file that other users can read",
        )
        .with_origin(value.origin)
        .with_hint("chmod 600 the file"));
    }
    values.set("application-id", Secret::new(id), value.origin.clone());
    values.set("refresh-token", Secret::new(token), value.origin);
    Ok(())
}

#[cfg(test)]
mod tests;
