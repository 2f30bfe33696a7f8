//! The description of the integration: its form and its commands.

use defender_xdr_xsoar::form::{Kind, PARAMETERS, Parameter, Section};
use defender_xdr_xsoar::table::{Argument, COMMANDS, Command, Output, Task};
use serde_json::{Map, Value, json};

use crate::yaml;

/// What playbooks, mappers and saved instances call the integration.
pub(crate) const ID: &str = "Microsoft 365 Defender";

/// The oldest platform whose integration context has versions.
pub(crate) const FROM_VERSION: &str = "6.0.0";

/// Where there is no mirroring.
const XSIAM: &str = "marketplacev2";

/// The file.
pub(crate) fn file() -> String {
    let called: Vec<Value> = COMMANDS.iter().filter(|command| is_declared(command)).map(command).collect();
    let integration = json!({
        "category": "Network Security",
        "sectionorder": ["Connect", "Collect"],
        "commonfields": { "id": ID, "version": -1 },
        "configuration": PARAMETERS.iter().map(parameter).collect::<Vec<_>>(),
        "description": "Incidents and advanced hunting of Microsoft Defender XDR, over the legacy API or Microsoft Graph, by the program defender-xdr.",
        "display": "Microsoft 365 Defender (defender-xdr)",
        "name": ID,
        "defaultmapperin": format!("{ID} - Incoming Mapper"),
        "defaultmapperout": format!("{ID} - Outgoing Mapper"),
        "script": {
            "commands": called,
            "dockerimage": concat!("defender-xdr/cortex:", env!("CARGO_PKG_VERSION")),
            "isfetch": true,
            "ismappable": true,
            "isremotesyncin": true,
            "isremotesyncout": true,
            "runonce": false,
            "script": "-",
            "subtype": "python3",
            "type": "python",
        },
        "fromversion": FROM_VERSION,
        "tests": ["No tests"],
    });
    yaml::document(&integration)
}

/// Whether the platform wants the command in the list: it calls the other two without being told.
pub(crate) fn is_declared(command: &Command) -> bool {
    !matches!(command.task, Task::TestModule | Task::FetchIncidents)
}

fn parameter(parameter: &Parameter) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    put("display", parameter.display.into());
    put("name", parameter.key.into());
    put("type", (parameter.kind as u8).into());
    put("required", parameter.required.into());
    put("section", section(parameter.section).into());
    if let Some(default) = parameter.default {
        put("defaultvalue", default.into());
    }
    if let Some(label) = parameter.password_label {
        put("displaypassword", label.into());
        if parameter.display.is_empty() {
            put("hiddenusername", true.into());
        }
    }
    if !parameter.options.is_empty() {
        put("options", parameter.options.into());
    }
    if let Some(help) = parameter.help {
        put("additionalinfo", help.into());
    }
    if parameter.advanced {
        put("advanced", true.into());
    }
    if parameter.hidden {
        put("hidden", true.into());
    } else if parameter.hidden_in_xsiam {
        put("hidden", json!([XSIAM]));
    }
    Value::Object(members)
}

pub(crate) fn section(section: Section) -> &'static str {
    match section {
        Section::Connect => "Connect",
        Section::Collect => "Collect",
    }
}

/// What people call a kind of parameter.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::ShortText => "text",
        Kind::Encrypted | Kind::EncryptedLongText => "secret text",
        Kind::CheckBox => "check box",
        Kind::Credentials => "credentials",
        Kind::IncidentType => "incident type",
        Kind::SingleSelect => "choice",
        Kind::FetchInterval => "minutes",
    }
}

fn command(command: &Command) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), command.name.into());
    members.insert("description".to_owned(), command.description.into());
    members.insert("arguments".to_owned(), Value::Array(command.arguments.iter().map(argument).collect()));
    if !command.outputs.is_empty() {
        members.insert("outputs".to_owned(), Value::Array(command.outputs.iter().map(output).collect()));
    }
    Value::Object(members)
}

fn argument(argument: &Argument) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    put("name", argument.name.into());
    put("description", argument.description.into());
    if argument.required {
        put("required", true.into());
    }
    if let Some(default) = argument.default {
        put("defaultValue", default.into());
    }
    if argument.is_array {
        put("isArray", true.into());
    }
    if !argument.predefined.is_empty() {
        put("auto", "PREDEFINED".into());
        put("predefined", argument.predefined.into());
    }
    Value::Object(members)
}

fn output(output: &Output) -> Value {
    json!({ "contextPath": output.path, "description": output.description, "type": output.kind })
}
