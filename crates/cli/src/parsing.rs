//! Reading the command line.
//!
//! clap copies every global flag into every command before it looks at a word. So the words are first read with only the
//! commands that they name, which is nearly always right; whatever is not simply right is read again with all of them, so
//! that help and suggestions are whole.

use std::collections::HashSet;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand as _};

use crate::args::{Arguments, Command};
use crate::global::Global;

/// What stands before the command.
#[derive(Debug, Parser)]
#[command(name = "defender-xdr", version, subcommand_required = true)]
struct Head {
    #[command(flatten)]
    _global: Global,
}

/// Reads the words, the program's name first.
pub(crate) fn read(words: &[OsString]) -> Result<Arguments, clap::Error> {
    let named: HashSet<&str> = words.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let all = Command::augment_subcommands(clap::Command::new(""));
    let wanted = all.get_subcommands().filter(|command| named.contains(command.get_name())).cloned();
    let mut lean = Head::command().subcommands(wanted);
    let result = lean
        .try_get_matches_from_mut(words)
        .and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
    match result {
        Err(error) if error.kind() != ErrorKind::DisplayVersion => Arguments::try_parse_from(words),
        simply_right => simply_right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> (String, String) {
        let words: Vec<OsString> = ["defender-xdr"].iter().chain(words).map(OsString::from).collect();
        let shown = |result: Result<Arguments, clap::Error>| match result {
            Ok(arguments) => format!("{arguments:?}"),
            Err(error) => error.render().to_string(),
        };
        (shown(read(&words)), shown(Arguments::try_parse_from(&words)))
    }

    #[test]
    fn whatever_is_said_is_understood_as_if_all_commands_were_there() {
        for words in [
            &[][..],
            &["--version"],
            &["-V"],
            &["--help"],
            &["--help", "hunt"],
            &["help"],
            &["help", "hunt"],
            &["hunt", "--help"],
            &["hunt", "DeviceInfo | take 1", "--limit", "3"],
            &["incidents", "list", "--limit", "-1"],
            &["incidents", "list", "-o", "json", "--all"],
            &["--profile", "incidents", "auth", "status"],
            &["-o", "hunt", "incidents"],
            &["--demo"],
            &["incidnts", "report"],
            &["reprot"],
            &["microsoft-365-defender-incidents-list", "limit=3"],
            &["xsoar", "command", "!microsoft-365-defender-incidents-list limit=10"],
        ] {
            let (lean, whole) = told(words);
            assert_eq!(lean, whole, "{words:?}");
        }
    }
}
