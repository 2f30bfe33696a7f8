//! `migrate permissions`: what to grant on Microsoft Graph before the legacy API ends. Made from settings and the table of
//! permissions alone: nobody is asked, and nothing is signed in.

use clap::Args;
use defender_xdr_api::{GRAPH_APPLICATION_ID, Operation, graph_permission_id, smallest_set};
use defender_xdr_core::auth::{Identity, ProviderEntry};
use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::{Authority, Tenant};
use defender_xdr_core::settings::{SettingsError, Values};
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::auth::permissions::operation;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{List, Record, Table};
use crate::session::choose;
use crate::settings;
use crate::world::World;

#[derive(Debug, Clone, Args)]
pub(crate) struct Arguments {
    /// The commands in use, such as "incidents update" or hunt; all when none is named.
    #[arg(value_name = "COMMAND", value_parser = operation)]
    commands: Vec<Operation>,
    /// A row for each profile of the settings files.
    #[arg(long, conflicts_with = "manifest")]
    all_profiles: bool,
    /// Print the part of the application's manifest: requiredResourceAccess.
    #[arg(long)]
    manifest: bool,
}

/// What one profile needs.
#[derive(Debug, Serialize)]
struct Row {
    profile: Option<String>,
    tenant: Option<String>,
    application: Option<String>,
    flow: Option<&'static str>,
    identity: Option<&'static str>,
    /// What it speaks now.
    api: Option<&'static str>,
    permissions: Vec<Grant>,
    /// Where an administrator consents, once the application's registration asks for them.
    admin_consent: Option<String>,
    /// Why nothing can be said about it.
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Grant {
    name: &'static str,
    id: Option<&'static str>,
    /// As manifests call it.
    #[serde(rename = "type")]
    kind: &'static str,
}

pub(super) fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let commands =
        if arguments.commands.is_empty() { Operation::ALL.to_vec() } else { arguments.commands.clone() };
    if arguments.all_profiles {
        return all(world, &commands);
    }
    let values = if world.is_demo() { Values::default() } else { settings::load(world)?.values };
    let profile = world.profile().map(str::to_owned);
    let entry = if world.is_demo() { demonstration(world)? } else { choose(&values)? };
    let row = row(profile, &values, entry, &commands)?;
    if arguments.manifest {
        return manifest(world, &row);
    }
    one(world, &row, &commands)
}

/// The flow that a demonstration would use.
fn demonstration(world: &World) -> Result<&'static ProviderEntry, Failure> {
    let flow = world.global.flow.clone().unwrap_or_else(|| "client-credentials".to_owned());
    choose(&Values::from_iter([("authentication-flow", flow)]))
}

fn row(
    profile: Option<String>,
    values: &Values,
    entry: &'static ProviderEntry,
    commands: &[Operation],
) -> Result<Row, SettingsError> {
    let identity = entry.capabilities.identity;
    let application = values.text("application-id").or(entry.default_application_id);
    let backend = values.backend()?.unwrap_or_else(|| Backend::default_for(application.unwrap_or_default()));
    let kind = match identity {
        Identity::Application => "Role",
        Identity::Delegated => "Scope",
    };
    let permissions = smallest_set(commands, Backend::Graph, identity).into_iter().map(|name| Grant {
        name,
        id: graph_permission_id(name, identity),
        kind,
    });
    let own = entry.settings.iter().any(|setting| setting.key == "application-id");
    let admin_consent = match application {
        Some(application) if own => consent(values, application)?,
        _ => None,
    };
    Ok(Row {
        profile,
        tenant: values
            .text("tenant-id")
            .map(|tenant| defender_xdr_core::settings::shown("tenant-id", tenant)),
        application: application.map(|id| defender_xdr_core::settings::shown("application-id", id)),
        flow: Some(entry.id),
        identity: Some(match identity {
            Identity::Application => "application",
            Identity::Delegated => "delegated",
        }),
        api: Some(backend.id()),
        permissions: permissions.collect(),
        admin_consent,
        error: None,
    })
}

/// Where an administrator consents; nowhere while tenant or application are not what they should be.
fn consent(values: &Values, application: &str) -> Result<Option<String>, SettingsError> {
    let cloud = values.cloud()?;
    let Some(host) = values.root("authority-host")?.or(cloud.authority_host()) else { return Ok(None) };
    let tenant = Tenant::parse(values.text("tenant-id").unwrap_or("organizations")).ok();
    let authority = tenant.and_then(|tenant| Authority::new(host, tenant).ok());
    let known = defender_xdr_core::entra::is_guid(application);
    let redirect = values.text("redirect-uri");
    Ok(authority.filter(|_| known).map(|authority| authority.admin_consent(application, redirect).into()))
}

fn one(world: &World, row: &Row, commands: &[Operation]) -> Result<Exit, Failure> {
    let mut output = world.output();
    output.object(row, || {
        let dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let names: Vec<_> = commands.iter().map(|command| command.command()).collect();
        Table::of_pairs(vec![
            ("for", names.join(", ")),
            ("flow", dash(row.flow)),
            ("application", dash(row.application.as_deref())),
            ("tenant", dash(row.tenant.as_deref())),
            ("api now", dash(row.api)),
            ("grant on Microsoft Graph", granted(row)),
            ("admin consent", dash(row.admin_consent.as_deref())),
        ])
    })?;
    output.finish()?;
    match row.identity {
        Some("delegated") => {
            world.say("The person who signs in needs a directory role as well: `auth permissions`.");
        }
        _ if row.admin_consent.is_none() => {
            world.say("An identity without an app registration gets them as app role assignments: docs/managed-identity.md.");
        }
        _ => {}
    }
    Ok(Exit::Ok)
}

fn granted(row: &Row) -> String {
    let kind = row.identity.unwrap_or_default();
    row.permissions.iter().map(|grant| format!("{} ({kind})", grant.name)).collect::<Vec<_>>().join(", ")
}

/// What to put into the registration's manifest, beside what stands there.
fn manifest(world: &World, row: &Row) -> Result<Exit, Failure> {
    let unknown: Vec<_> =
        row.permissions.iter().filter(|grant| grant.id.is_none()).map(|grant| grant.name).collect();
    if !unknown.is_empty() {
        return Err(Failure::bug(format!("no identifier is known for {}", unknown.join(", "))));
    }
    let access: Vec<_> =
        row.permissions.iter().map(|grant| json!({ "id": grant.id, "type": grant.kind })).collect();
    let fragment: Value = json!({
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APPLICATION_ID, "resourceAccess": access }]
    });
    let text = serde_json::to_string_pretty(&fragment).map_err(|error| Failure::bug(error.to_string()))?;
    let mut output = world.output();
    output.raw(&text)?;
    output.finish()?;
    world.say("Add this to what stands there already: a manifest without the permissions in use loses them.");
    Ok(Exit::Ok)
}

/// A row for each profile. One that cannot be used does not hide the others.
fn all(world: &World, commands: &[Operation]) -> Result<Exit, Failure> {
    const FIELDS: [&str; 9] = [
        "profile",
        "tenant",
        "application",
        "flow",
        "identity",
        "api",
        "permissions",
        "admin_consent",
        "error",
    ];
    let profiles = settings::profiles(world)?;
    if profiles.is_empty() {
        let error = SettingsError::new("there are no profiles in the settings files")
            .with_hint("leave `--all-profiles` out, or write tables [profile.NAME]");
        return Err(error.into());
    }
    let columns = ["profile", "tenant", "application", "api now", "grant", "admin consent"];
    let mut list = List::new(world.output(), &columns).with_all_fields(&FIELDS)?.wrapping();
    let mut broken = false;
    for name in profiles {
        let made = settings::load_profile(world, &name).and_then(|loaded| {
            Ok(row(Some(name.clone()), &loaded.values, choose(&loaded.values)?, commands)?)
        });
        let row = match made {
            Ok(row) => row,
            Err(Failure::Reported(report)) => {
                broken = true;
                failed(name, report.line())
            }
            Err(other) => return Err(other),
        };
        list.push(&Record::Model(&row), || {
            let dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
            let names: Vec<_> = row.permissions.iter().map(|grant| grant.name).collect();
            let consent = row.admin_consent.clone().or_else(|| row.error.clone());
            vec![
                dash(row.profile.as_deref()),
                dash(row.tenant.as_deref()),
                dash(row.application.as_deref()),
                dash(row.api),
                names.join(" "),
                dash(consent.as_deref()),
            ]
        })?;
    }
    list.finish()?;
    Ok(if broken { Exit::Negative } else { Exit::Ok })
}

fn failed(profile: String, error: String) -> Row {
    Row {
        profile: Some(profile),
        tenant: None,
        application: None,
        flow: None,
        identity: None,
        api: None,
        permissions: Vec::new(),
        admin_consent: None,
        error: Some(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(&str, &str)], commands: &[Operation]) -> Row {
        let values: Values = values.iter().copied().collect();
        row(None, &values, choose(&values).expect("a flow"), commands).expect("a row")
    }

    const APPLICATION: &str = "a3c1e5d7-0b42-4f68-9e1a-5d7c3b9f2e60";

    #[test]
    fn an_application_is_granted_roles_and_a_person_scopes() {
        let pairs = [("authentication-flow", "client-credentials"), ("application-id", APPLICATION)];
        let row = of(&pairs, &[Operation::ListIncidents, Operation::UpdateIncident, Operation::Hunt]);
        let granted: Vec<_> = row.permissions.iter().map(|grant| (grant.name, grant.kind)).collect();
        assert_eq!(granted, [("SecurityIncident.ReadWrite.All", "Role"), ("ThreatHunting.Read.All", "Role")]);
        let consent = row.admin_consent.expect("an application that can be consented to");
        assert!(
            consent.contains("/organizations/adminconsent") && consent.contains(APPLICATION),
            "{consent}"
        );
        let person = of(&[("authentication-flow", "device-code")], &[Operation::Hunt]);
        assert_eq!(person.permissions[0].kind, "Scope");
        assert_eq!(person.permissions[0].id, Some("b152eca8-ea73-4a48-8c98-1a6742673d99"));
        assert_eq!(person.admin_consent, None, "no application is named");
    }

    #[test]
    fn a_managed_identity_has_nothing_to_consent_to() {
        let row = of(&[("authentication-flow", "managed-identity")], &[Operation::ListIncidents]);
        assert_eq!(row.admin_consent, None);
        assert_eq!(row.api, Some("graph"));
    }
}
