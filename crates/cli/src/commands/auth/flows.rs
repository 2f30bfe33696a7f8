//! `auth flows`: the registry, as people and programs see it.

use defender_xdr_core::auth::{Identity, ProviderEntry};
use defender_xdr_core::settings::find_key;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record};
use crate::session::registry;
use crate::world::World;

#[derive(Serialize)]
struct Flow<'a> {
    id: &'a str,
    name: &'a str,
    aliases: &'a [&'a str],
    summary: &'a str,
    interactive: bool,
    identity: &'a str,
    renewable: bool,
    settings: Vec<Setting<'a>>,
}

#[derive(Serialize)]
struct Setting<'a> {
    key: &'a str,
    required: bool,
    secret: bool,
    help: &'a str,
}

impl<'a> From<&'a ProviderEntry> for Flow<'a> {
    fn from(entry: &'a ProviderEntry) -> Self {
        let secret = |key: &str| find_key(key).is_some_and(|key| key.secret);
        Self {
            id: entry.id,
            name: entry.name,
            aliases: entry.aliases,
            summary: entry.summary,
            interactive: entry.capabilities.interactive,
            identity: match entry.capabilities.identity {
                Identity::Application => "application",
                Identity::Delegated => "delegated",
            },
            renewable: entry.capabilities.renewable,
            settings: entry
                .settings
                .iter()
                .map(|setting| Setting {
                    key: setting.key,
                    required: setting.required,
                    secret: secret(setting.key),
                    help: setting.help,
                })
                .collect(),
        }
    }
}

pub(super) fn run(world: &World) -> Result<Exit, Failure> {
    let registry = registry()?;
    let mut list = List::new(world.output(), &["id", "name", "settings", "for"])
        .with_all_fields(&[
            "id",
            "name",
            "aliases",
            "summary",
            "interactive",
            "identity",
            "renewable",
            "settings",
        ])?
        .wrapping();
    for entry in registry.entries() {
        let flow = Flow::from(*entry);
        list.push(&Record::Model(&flow), || {
            let needs: Vec<_> = flow
                .settings
                .iter()
                .map(
                    |setting| {
                        if setting.required { setting.key.to_owned() } else { format!("[{}]", setting.key) }
                    },
                )
                .collect();
            vec![flow.id.to_owned(), flow.name.to_owned(), needs.join(" "), flow.summary.to_owned()]
        })?;
    }
    list.finish()?;
    Ok(Exit::Ok)
}
