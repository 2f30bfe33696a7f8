//! Settings, variables, flows, exit codes and permissions.

use std::fmt::Write as _;

use defender_xdr_api::{Operation, requirement};
use defender_xdr_core::auth::Identity;
use defender_xdr_core::backend::Backend;
use defender_xdr_core::settings::{ENVIRONMENT_PREFIX, Key, keys};

use super::MADE;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::registry;

fn table(title: &str, before: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("{MADE}# {title}\n\n");
    if !before.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{before}\n");
    }
    text.push_str(&line(header));
    let _ = writeln!(text, "|{}", " --- |".repeat(header.len()));
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

/// A row. Texts of ours may have code in them; none has a link or HTML.
fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cell = |cell: T| format!(" {} |", cell.as_ref().replace('|', "\\|").replace('<', "&lt;"));
    format!("|{}\n", cells.into_iter().map(cell).collect::<String>())
}

fn variable(key: &Key) -> String {
    format!("{ENVIRONMENT_PREFIX}{}", key.name.to_uppercase().replace('-', "_"))
}

pub(super) fn settings() -> Result<String, Failure> {
    let registry = registry()?;
    let rows = keys().map(|key| {
        let flows = registry.entries().iter().filter_map(|entry| {
            let setting = entry.settings.iter().find(|setting| setting.key == key.name)?;
            Some(if setting.required { format!("{} (required)", entry.id) } else { entry.id.to_owned() })
        });
        let flows: Vec<_> = flows.collect();
        vec![
            format!("`{}`", key.name),
            if key.secret { "yes" } else { "" }.to_owned(),
            key.help.to_owned(),
            flows.join(", "),
        ]
    });
    let before = "Where they are set, and which place wins, is in [settings](../settings.md). A secret is refused on the \
                  command line.";
    Ok(table("Settings", before, &["Key", "Secret", "Meaning", "Flows that read it"], rows))
}

/// Variables that are no settings, and what they do.
const VARIABLES: &[(&str, &str)] = &[
    ("BROWSER", "the program that `auth login` opens the page with"),
    ("CREDENTIALS_DIRECTORY", "where systemd put the sealing key, with sealing-key-source = systemd"),
    ("DEFENDER_XDR_CONFIG", "a settings file, as with --config"),
    ("DEFENDER_XDR_PROFILE", "the profile, as with --profile"),
    ("DEFENDER_XDR_SEALING_KEY", "the sealing key, with sealing-key-source = environment"),
    ("DEFENDER_XDR_PREVIOUS_SEALING_KEY", "the one before it, for auth rotate-key"),
    ("HOME, XDG_CONFIG_HOME, XDG_STATE_HOME", "where settings and state are"),
    ("HTTPS_PROXY, NO_PROXY", "the proxy, with proxy = system"),
    ("NO_COLOR", "set to anything: no colours, unless --color always"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "the certificates of the system store"),
    ("TERM", "dumb: no colours, nothing is drawn"),
    ("TZ", "the zone of times that people are shown"),
];

pub(super) fn environment() -> String {
    let own = VARIABLES
        .iter()
        .map(|(name, meaning)| vec![format!("`{}`", name.replace(", ", "`, `")), (*meaning).to_owned()]);
    let set = keys().map(|key| vec![format!("`{}`", variable(key)), format!("the setting `{}`", key.name)]);
    let before =
        "Every setting has a variable. An empty one is unset; one that is not known is warned about.";
    table("Environment", before, &["Variable", "Meaning"], own.chain(set))
}

pub(super) fn flows() -> Result<String, Failure> {
    let mut text = format!("{MADE}# Sign-in flows\n\nThe setting `authentication-flow` names one of them.\n");
    for entry in registry()?.entries() {
        let identity = match entry.capabilities.identity {
            Identity::Application => "an application of its own right",
            Identity::Delegated => "a person's rights",
        };
        let person = if entry.capabilities.interactive { "a person takes part" } else { "nobody takes part" };
        let _ = writeln!(
            text,
            "\n## {}\n\n{}: {}.\n\n- {identity}; {person}",
            entry.id,
            entry.name,
            entry.summary.trim_end_matches('.')
        );
        let names: Vec<_> = entry.aliases.iter().map(|alias| format!("*{alias}*")).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "- other names: {}", names.join(", "));
        }
        text.push_str("\n| Setting | Required | Meaning |\n| --- | --- | --- |\n");
        for setting in entry.settings {
            let required = if setting.required { "yes" } else { "" };
            text.push_str(&line([format!("`{}`", setting.key).as_str(), required, setting.help]));
        }
    }
    Ok(text)
}

pub(super) fn exit_codes() -> String {
    let rows = Exit::ALL.iter().map(|exit| vec![(*exit as u8).to_string(), exit.meaning().to_owned()]);
    table(
        "Exit codes",
        "More about each is in [exit codes and errors](../exit-codes.md).",
        &["Code", "When"],
        rows,
    )
}

pub(super) fn permissions() -> String {
    let mut rows = Vec::new();
    for operation in Operation::ALL {
        for backend in Backend::ALL {
            let held = |identity| {
                let names: Vec<_> = requirement(operation, backend, identity).names().collect();
                if operation.is_offered_by(backend) { names.join(" or ") } else { "not offered".to_owned() }
            };
            rows.push(vec![
                format!("`{}`", operation.command()),
                backend.id().to_owned(),
                held(Identity::Application),
                held(Identity::Delegated),
                operation.role().to_owned(),
            ]);
        }
    }
    let before = "The token needs one of those named. A person also needs the role, or one above it. What a token lacks is told \
                  by `auth permissions`.";
    table("Permissions", before, &["Command", "API", "Application", "Delegated", "Role of the person"], rows)
}
