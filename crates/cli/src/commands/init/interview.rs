//! The questions in their order: flow, cloud, API, then what the flow's descriptor says that it needs, until the flow can
//! be built.

use defender_xdr_core::Secret;
use defender_xdr_core::auth::{ProviderEntry, SettingUse};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::settings::shown;

use super::draft::Draft;
use super::question::{asked, flag, is_secret, missing, others, portal_name};
use super::terminal::Terminal;
use crate::failure::Failure;
use crate::session::{choose, registry};
use crate::world::World;

const FLOW: &str = "authentication-flow";

/// What a cloud of one's own needs, with the question for it.
const ADDRESSES: [(&str, &str); 2] =
    [("authority-host", "Address of the sign-in service"), ("endpoint", "Address of the API")];

/// Asks a person for everything that no flag has answered; what is there already is proposed.
pub(super) async fn ask(world: &World, terminal: &Terminal, draft: &mut Draft) -> Result<(), Failure> {
    let entry = flow(terminal, draft).await?;
    let keys: Vec<_> = entry.settings.iter().map(|setting| setting.key).collect();
    cloud(terminal, draft).await?;
    api(terminal, draft, entry).await?;
    let questions: Vec<_> = asked(entry).into_iter().filter(|setting| !draft.is_given(setting.key)).collect();
    for line in questions.iter().filter_map(|setting| portal_name(setting.key)) {
        world.say(line);
    }
    for setting in questions {
        one(terminal, draft, setting).await?;
    }
    draft.take_variables(&keys);
    // A flow may need one of several: which, it says itself when it is built.
    while let Some(fault) = draft.fault(world)? {
        let choices = others(entry, &draft.values);
        if choices.is_empty() {
            return Err(Failure::Reported(fault));
        }
        world.say(&format!("\n{}", fault.line()));
        let mut lines: Vec<_> =
            choices.iter().map(|setting| format!("{} – {}", setting.key, setting.help)).collect();
        lines.push("none of these: stop here".to_owned());
        let chosen = terminal.choose("What do you want to set", lines, 0).await?;
        match choices.get(chosen) {
            Some(setting) => {
                if let Some(line) = portal_name(setting.key) {
                    world.say(line);
                }
                one(terminal, draft, setting).await?;
            }
            None => return Err(Failure::Reported(fault)),
        }
    }
    Ok(())
}

/// Without anybody to ask: what is missing is named, with its flag.
pub(super) fn demand(world: &World, draft: &mut Draft) -> Result<(), Failure> {
    if draft.values.get(FLOW).is_none() {
        let ids: Vec<_> = registry()?.entries().iter().map(|entry| entry.id).collect();
        return Err(needed(&[(FLOW, format!("one of {}", ids.join(", ")))]));
    }
    let entry = choose(&draft.values)?;
    let mut absent: Vec<_> = missing(entry, &draft.values)
        .into_iter()
        .map(|setting| (setting.key, setting.help.to_owned()))
        .collect();
    if draft.values.cloud()? == Cloud::Custom {
        for (key, prompt) in ADDRESSES {
            if draft.values.get(key).is_none() {
                absent.push((key, prompt.to_owned()));
            }
        }
    }
    if !absent.is_empty() {
        return Err(needed(&absent));
    }
    let keys: Vec<_> = entry.settings.iter().map(|setting| setting.key).collect();
    draft.take_variables(&keys);
    match draft.fault(world)? {
        None => Ok(()),
        Some(mut fault) => {
            let flags: Vec<_> =
                others(entry, &draft.values).into_iter().map(|setting| flag(setting.key)).collect();
            if fault.source.is_none() && !flags.is_empty() {
                fault.hint = Some(format!("give one of: {}", flags.join("; ")));
            }
            Err(Failure::Reported(fault))
        }
    }
}

/// Everything that is missing at once: whoever writes a script gives it in one go.
fn needed(absent: &[(&str, String)]) -> Failure {
    let names: Vec<_> = absent.iter().map(|(key, why)| format!("`{key}` ({why})")).collect();
    let flags: Vec<_> = absent.iter().map(|(key, _)| flag(key)).collect();
    let verb = if absent.len() == 1 { "is" } else { "are" };
    Failure::usage(format!("{} {verb} missing, and there is no terminal to ask on", names.join(", ")))
        .with_source("command line")
        .with_hint(format!("give {}", flags.join(" ")))
        .into()
}

/// Whose a cloud is: several have the same address to sign in at.
const fn whose(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "most tenants",
        Cloud::GeoUs => "as public, with the legacy API of the United States",
        Cloud::GeoEu => "as public, with the legacy API of the European Union",
        Cloud::GeoUk => "as public, with the legacy API of the United Kingdom",
        Cloud::Gcc => "US government, GCC",
        Cloud::GccHigh => "US government, GCC High",
        Cloud::Dod => "US Department of Defense",
        Cloud::China => "Azure China, operated by 21Vianet",
        Cloud::Custom => "addresses of your own",
    }
}

async fn flow(terminal: &Terminal, draft: &mut Draft) -> Result<&'static ProviderEntry, Failure> {
    if draft.is_given(FLOW) {
        return choose(&draft.values);
    }
    let registry = registry()?;
    let entries = registry.entries();
    let lines = entries.iter().map(|entry| format!("{} – {}", entry.id, entry.summary)).collect();
    let present = draft.values.text(FLOW).and_then(|text| registry.find(text).ok());
    let default = entries.iter().position(|entry| present.is_some_and(|present| present.id == entry.id));
    let chosen = terminal.choose("How do you want to sign in", lines, default.unwrap_or(0)).await?;
    let Some(entry) = entries.get(chosen) else { return Err(Failure::bug("no such flow")) };
    draft.answer(FLOW, Secret::new(entry.id));
    choose(&draft.values)
}

async fn cloud(terminal: &Terminal, draft: &mut Draft) -> Result<(), Failure> {
    if !draft.is_given("cloud") {
        let present = draft.values.cloud().unwrap_or(Cloud::Public);
        let line = |cloud: Cloud| match cloud.authority_host() {
            Some(host) => format!("{} – {}; sign in at {host}", cloud.id(), whose(cloud)),
            None => format!("{} – {}", cloud.id(), whose(cloud)),
        };
        let lines = Cloud::ALL.into_iter().map(line).collect();
        let default = Cloud::ALL.into_iter().position(|cloud| cloud == present).unwrap_or(0);
        let chosen = terminal.choose("Which cloud is the tenant in", lines, default).await?;
        let cloud = Cloud::ALL.get(chosen).copied().unwrap_or(present);
        draft.answer("cloud", Secret::new(cloud.id()));
    }
    if draft.values.cloud()? != Cloud::Custom {
        return Ok(());
    }
    for (key, prompt) in ADDRESSES {
        if !draft.is_given(key) {
            let present = draft.values.text(key).map(str::to_owned);
            let text = terminal.text(key, prompt, present, false).await?;
            draft.answer(key, Secret::new(text));
        }
    }
    Ok(())
}

async fn api(terminal: &Terminal, draft: &mut Draft, entry: &ProviderEntry) -> Result<(), Failure> {
    if draft.is_given("api") {
        return Ok(());
    }
    let cloud = draft.values.cloud()?;
    let offered: Vec<_> = Backend::ALL
        .into_iter()
        .filter(|backend| cloud == Cloud::Custom || cloud.endpoint(*backend).is_some())
        .collect();
    let application = draft.values.text("application-id").or(entry.default_application_id);
    let usual = Backend::default_for(application.unwrap_or_default());
    let present = draft.values.backend().ok().flatten().unwrap_or(usual);
    let backend = match offered.as_slice() {
        [] => return Ok(()),
        [only] => *only,
        several => {
            let line = |backend: &Backend| match backend {
                Backend::Graph => "graph – Microsoft Graph".to_owned(),
                Backend::Legacy => format!(
                    "legacy – the Microsoft Defender XDR API, until {}",
                    defender_xdr_core::backend::LEGACY_RETIREMENT
                ),
            };
            let default = several.iter().position(|backend| *backend == present).unwrap_or(0);
            let lines = several.iter().map(line).collect();
            let chosen = terminal.choose("Which API do you want to use", lines, default).await?;
            several.get(chosen).copied().unwrap_or(present)
        }
    };
    draft.answer("api", Secret::new(backend.id()));
    Ok(())
}

/// Asks about one setting.
async fn one(terminal: &Terminal, draft: &mut Draft, setting: &SettingUse) -> Result<(), Failure> {
    let present = draft.values.get(setting.key).map(|value| value.text.clone());
    let prompt = format!("{} ({})", setting.key, setting.help);
    if is_secret(setting.key) {
        let kept = present.map(|text| format!("; empty keeps {}", shown(setting.key, text.expose())));
        let prompt = format!("{prompt}{}", kept.clone().unwrap_or_default());
        if let Some(secret) = terminal.secret(&prompt).await? {
            draft.answer(setting.key, secret);
        }
        return Ok(());
    }
    let present = present.map(|text| text.expose().to_owned());
    let text = terminal.text(setting.key, &prompt, present, !setting.required).await?;
    if !text.is_empty() {
        draft.answer(setting.key, Secret::new(text));
    }
    Ok(())
}
