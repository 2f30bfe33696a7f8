//! Runs one command of a longer sequence, visibly, and says which one failed.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Runs `command` with the terminal attached; a start that fails or a non-zero end becomes an error that
/// begins with `what`.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("\n==> {what}");
    let status = command
        .status()
        .with_context(|| format!("{what}: cannot start `{}`", command.get_program().display()))?;
    if !status.success() {
        bail!("{what} failed: {status}");
    }
    Ok(())
}

/// The same, for a command whose stdout is wanted.
pub(crate) fn output(what: &str, command: &mut Command) -> Result<String> {
    eprintln!("\n==> {what}");
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{what}: cannot start `{}`", command.get_program().display()))?;
    if !output.status.success() {
        bail!("{what} failed: {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{what} did not print text"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{output, run};

    #[test]
    fn what_a_command_prints_is_handed_over_and_a_failure_names_the_step() {
        assert_eq!(output("echo", Command::new("echo").arg("said")).unwrap(), "said\n");
        assert!(output("the step", &mut Command::new("false")).unwrap_err().to_string().contains("the step"));
    }

    #[test]
    fn a_command_that_ends_with_zero_is_a_success() {
        assert!(run("true", &mut Command::new("true")).is_ok());
    }

    #[test]
    fn a_failure_names_the_step() {
        let error = run("the step", &mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("the step failed"), "{error}");
    }

    #[test]
    fn a_program_that_does_not_exist_names_step_and_program() {
        let error = run("the step", &mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(
            format!("{error:#}").contains("the step: cannot start `no-such-program-anywhere`"),
            "{error:#}"
        );
    }
}
