//! The page of all commands, twice: for the documentation, and inside the pack.

use defender_xdr_xsoar::form::{PARAMETERS, Parameter};
use defender_xdr_xsoar::table::{COMMANDS, Command};

use crate::integration::{self, is_declared};

/// `docs/xsoar-commands.md`.
pub(crate) fn of_documentation() -> String {
    let mut page = "# The commands of the Cortex integration\n\n\
        <!-- Made from the tables of crates/xsoar: `cargo xtask pack --write`. -->\n\n\
        Each can be run in the War Room, in a playbook, and as `defender-xdr xsoar command '!NAME …'`. How they behave on the two\n\
        APIs is in [the Cortex contract](xsoar.md), how to come from the original in [moving a Cortex instance](cortex-migration.md).\n"
        .to_owned();
    settings(&mut page);
    commands(&mut page);
    page
}

/// The page of the integration in the pack.
pub(crate) fn of_integration() -> String {
    let mut page = "Incidents and advanced hunting of Microsoft Defender XDR, over the legacy API or Microsoft Graph, by the program `defender-xdr`.\n\n\
        ## Configure the instance\n\n\
        The image of the integration holds the program; the README of the pack says how to build it. To sign in as a person, run\n\
        `!microsoft-365-defender-auth-start`, enter the code, and run `!microsoft-365-defender-auth-complete`. As an application, give its id, tenant\n\
        and secret or certificate. **Test** tests every way to sign in.\n"
        .to_owned();
    settings(&mut page);
    commands(&mut page);
    page
}

fn settings(page: &mut String) {
    page.push_str("\n## Settings\n\n| Parameter | Key | Kind | Default | What it is |\n| --- | --- | --- | --- | --- |\n");
    for parameter in PARAMETERS.iter().filter(|parameter| !parameter.hidden) {
        let row = [
            cell(label(parameter)),
            format!("`{}`", parameter.key),
            kind(parameter),
            parameter.default.map(|text| format!("`{text}`")).unwrap_or_default(),
            cell(parameter.help.unwrap_or_default()),
        ];
        page.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    let hidden: Vec<_> = PARAMETERS
        .iter()
        .filter(|parameter| parameter.hidden)
        .map(|parameter| format!("`{}`", parameter.key))
        .collect();
    page.push_str(&format!("\nOlder instances may have {}: they still count.\n", hidden.join(", ")));
}

/// What people see: credentials without a name show the label of the password.
fn label(parameter: &Parameter) -> &'static str {
    if parameter.display.is_empty() {
        parameter.password_label.unwrap_or_default()
    } else {
        parameter.display
    }
}

fn kind(parameter: &Parameter) -> String {
    let mut words = integration::kind(parameter.kind).to_owned();
    if !parameter.options.is_empty() {
        words.push_str(&format!(
            ": {}",
            parameter.options.iter().map(|one| cell(one)).collect::<Vec<_>>().join("; ")
        ));
    }
    if parameter.required {
        words.push_str(", required");
    }
    words
}

fn commands(page: &mut String) {
    page.push_str("\n## Commands\n");
    for command in COMMANDS.iter().filter(|command| !command.called_by_platform) {
        one(command, page);
    }
    page.push_str("\n## Commands of the platform\n\nThe platform calls these itself.\n");
    for command in COMMANDS.iter().filter(|command| command.called_by_platform) {
        one(command, page);
        if !is_declared(command) {
            page.push_str("\nIt is in no list of commands.\n");
        }
    }
}

fn one(command: &Command, page: &mut String) {
    page.push_str(&format!("\n### {}\n\n{}\n", command.name, cell(command.description)));
    if !command.called_by_platform {
        page.push_str(&format!("\n```text\n!{}{}\n```\n", command.name, example(command)));
    }
    if !command.arguments.is_empty() {
        page.push_str(
            "\n| Argument | What it is | Values | Default | Required |\n| --- | --- | --- | --- | --- |\n",
        );
    }
    for argument in command.arguments {
        let row = [
            format!("`{}`{}", argument.name, if argument.is_array { " (list)" } else { "" }),
            cell(argument.description),
            argument.predefined.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "),
            argument.default.map(|text| format!("`{text}`")).unwrap_or_default(),
            if argument.required { "yes" } else { "" }.to_owned(),
        ];
        page.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    if !command.outputs.is_empty() {
        page.push_str("\n| Context path | Type | What is there |\n| --- | --- | --- |\n");
    }
    for output in command.outputs {
        page.push_str(&format!("| `{}` | {} | {} |\n", output.path, output.kind, cell(output.description)));
    }
}

/// The arguments that an example needs.
fn example(command: &Command) -> String {
    let value = |name: &str| match name {
        "id" => "20417",
        "query" => "`DeviceInfo | project DeviceName`",
        _ => "10",
    };
    let required = command.arguments.iter().filter(|argument| argument.required);
    required.map(|argument| format!(" {}={}", argument.name, value(argument.name))).collect()
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}

#[test]
fn every_command_and_every_parameter_that_people_see_has_its_place() {
    let page = of_documentation();
    for command in COMMANDS {
        assert!(page.contains(&format!("### {}\n", command.name)), "{}", command.name);
    }
    for parameter in PARAMETERS {
        assert!(page.contains(&format!("`{}`", parameter.key)), "{}", parameter.key);
    }
}
