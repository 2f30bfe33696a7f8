//! `completions`: the script that lets a shell ask this program what may come next.

use clap::{Args, ValueEnum};
use clap_complete::env::Shells;

use crate::completing::VARIABLE;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

/// The name that shells know the program by, and find it by when they ask it.
const PROGRAM: &str = "defender-xdr";

#[derive(Debug, Args)]
#[command(after_help = "\
bash:        source <(defender-xdr completions bash)             in ~/.bashrc
zsh:         source <(defender-xdr completions zsh)              in ~/.zshrc, after compinit
fish:        defender-xdr completions fish | source              in ~/.config/fish/config.fish
elvish:      eval (defender-xdr completions elvish | slurp)      in ~/.config/elvish/rc.elv
powershell:  defender-xdr completions powershell | Out-String | Invoke-Expression    in $PROFILE")]
pub(crate) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Elvish => "elvish",
        }
    }
}

/// Prints the script, whatever the format of others.
pub(crate) fn run(world: &World, arguments: &Arguments) -> Result<Exit, Failure> {
    let shells = Shells::builtins();
    let shell = shells.completer(arguments.shell.name()).ok_or_else(|| Failure::bug("an unknown shell"))?;
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    let mut output = world.output();
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    output.finish()?;
    Ok(Exit::Ok)
}
