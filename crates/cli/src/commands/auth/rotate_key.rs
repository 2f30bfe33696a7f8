//! `auth rotate-key`: a new sealing key for everything that is stored.

use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;
use defender_xdr_core::store::sealing_key::KeySource;
use defender_xdr_core::store::{Rotation, SealedVault, StoreError};
use serde::Serialize;

use crate::detached::detached;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Table;
use crate::report::Report;
use crate::settings;
use crate::vault::{self, Which};
use crate::world::World;

#[derive(Debug, Clone, Args)]
pub(crate) struct Arguments {
    /// Where the key that the records are sealed with is, when the settings name another place by now.
    ///
    /// Or the same place with another key: the old one is then read from `DEFENDER_XDR_PREVIOUS_SEALING_KEY`, from the
    /// credential `defender-xdr-previous-sealing-key`, or made from `previous-sealing-passphrase`.
    #[arg(long, value_name = "SOURCE", value_parser = PossibleValuesParser::new(vault::SOURCES))]
    from: Option<String>,
}

#[derive(Serialize)]
struct Rotated<'a> {
    sealing_key: &'a str,
    sealing_key_place: String,
    key_id: &'a str,
    resealed: usize,
    left: Vec<String>,
}

pub(super) async fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    if world.is_demo() {
        return Err(Failure::usage("the demonstration tenant keeps nothing worth a new key")
            .with_source("flag --demo")
            .with_hint("`--demo-fresh` clears what it keeps")
            .into());
    }
    let values = settings::load(world)?.values;
    if vault::in_memory(&values)? {
        let place = values.get(vault::STORE).map(|value| value.origin.to_string()).unwrap_or_default();
        return Err(Report::new("settings", Exit::Settings, "`token-store` is `memory`: nothing is sealed")
            .with_source(place)
            .with_hint("there is no key to rotate")
            .into());
    }
    let chosen = vault::chosen_source(&values)?;
    let from = arguments.from.as_deref();
    if from == Some(chosen) && ["file", "keyring"].contains(&chosen) {
        return Err(Failure::usage(format!("the {chosen} is where the new key goes, too"))
            .with_source("flag --from")
            .with_hint("leave `--from` out: a new key is made and takes the old one's place")
            .into());
    }
    let Some(vault) = vault::sealed(world, &values).await? else {
        return Err(Report::new("state", Exit::Settings, "there is no place where anything could be sealed")
            .with_hint("set HOME or XDG_STATE_HOME and XDG_CONFIG_HOME")
            .into());
    };
    let old = match (from, world.paths.tokens()) {
        (Some(source), Some(directory)) => {
            let which = if source == chosen { Which::Previous } else { Which::InUse };
            Some(vault::key(world, &values, source, which, &directory).await?)
        }
        _ => None,
    };
    let vault = Arc::new(vault);
    let rotation = rotate(Arc::clone(&vault), old.clone()).await?;
    tell(world, chosen, &vault, old.as_deref(), &rotation)
}

/// It waits for the locks of records that others are writing.
async fn rotate(vault: Arc<SealedVault>, old: Option<Arc<dyn KeySource>>) -> Result<Rotation, Failure> {
    match detached(move || vault.rotate(old.as_deref())).await {
        Some(Ok(rotation)) => Ok(rotation),
        Some(Err(error)) => Err(stopped(&error)),
        None => Err(Failure::bug("changing the sealing key failed")),
    }
}

fn stopped(error: &StoreError) -> Failure {
    let mut report = Report::new("state", Exit::Settings, error.to_string());
    report.hint = error.hint().map(str::to_owned);
    report.into()
}

fn tell(
    world: &World,
    source: &str,
    vault: &SealedVault,
    old: Option<&dyn KeySource>,
    rotation: &Rotation,
) -> Result<Exit, Failure> {
    for path in &rotation.left {
        tracing::warn!(
            "{} is damaged or sealed with a key that is not here: it was left as it is",
            path.display()
        );
    }
    let shown = Rotated {
        sealing_key: source,
        sealing_key_place: vault.key_place(),
        key_id: &rotation.key_id,
        resealed: rotation.resealed,
        left: rotation.left.iter().map(|path| path.display().to_string()).collect(),
    };
    let mut output = world.output();
    output.object(&shown, || {
        Table::of_pairs(vec![
            ("sealing key", shown.sealing_key_place.clone()),
            ("key id", shown.key_id.to_owned()),
            ("resealed", shown.resealed.to_string()),
            ("left alone", shown.left.len().to_string()),
        ])
    })?;
    output.finish()?;
    if let Some(old) = old {
        // Both passphrases are stretched as one file says, which is the new one's by now.
        let old = if old.id() == "passphrase" && old.id() == source {
            format!("`{}`", vault::PREVIOUS_PASSPHRASE)
        } else {
            old.place()
        };
        world.say(&format!("nothing is sealed with {old} any more: remove it where you set or keep it"));
    }
    Ok(Exit::Ok)
}
