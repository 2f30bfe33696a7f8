//! What a shell is told when it asks how a command line may go on: commands and flags from the definition of the command
//! line, values from the registry, the settings files and the tables of words. No network, no secret, no sign-in.

mod values;

use std::ffi::{OsStr, OsString};
use std::io::Write as _;

use clap::CommandFactory;
use clap_complete::env::Shells;
use defender_xdr_core::Environment;

use crate::args::Arguments;
use crate::exit::Exit;

/// The variable in which the scripts of `completions` name their shell.
pub(crate) const VARIABLE: &str = "DEFENDER_XDR_COMPLETE";

/// Whether the words are those of a script: a variable that was left behind takes no command away.
pub(crate) fn is_asked_for(words: &[OsString]) -> bool {
    words.get(1).is_some_and(|word| word == "--")
}

/// Prints what may come next, in the form of that shell.
pub(crate) fn answer(shell: &str, words: Vec<OsString>, environment: &Environment) -> Exit {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(shell) else { return Exit::Usage };
    // This program and `--` stand before the command line in question.
    let line: Vec<OsString> = words.into_iter().skip(2).collect();
    let mut root = Arguments::command();
    root.build();
    let config = config_of(&line);
    let mut root = values::offered(root, &[], &values::Known::new(environment, config.as_deref()));
    let mut text = Vec::new();
    let directory = std::env::current_dir().ok();
    // Whoever types is not disturbed by errors.
    if shell.write_complete(&mut root, line, directory.as_deref(), &mut text).is_err() {
        return Exit::Usage;
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&text).and_then(|()| stdout.flush()).ok();
    Exit::Ok
}

/// The settings file that the line names so far.
fn config_of(line: &[OsString]) -> Option<OsString> {
    let apart = line.windows(2).find(|pair| pair[0] == "--config").map(|pair| pair[1].clone());
    apart.or_else(|| {
        let joined = line.iter().filter_map(|word| word.to_str()?.strip_prefix("--config="));
        joined.map(|path| OsStr::new(path).to_owned()).next()
    })
}
