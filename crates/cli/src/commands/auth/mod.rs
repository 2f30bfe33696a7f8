//! `auth`: sign in, in one go or in steps, and see how one is signed in.

mod flows;
mod instruction;
mod outlook;
pub(super) mod permissions;
mod qr;
mod rotate_key;
pub(super) mod sign_in;
mod status;
mod token;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;

#[derive(Debug, Clone, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// The sign-in flows of this program and the settings each needs.
    Flows,
    /// Sign in: start and complete in one go.
    Login {
        /// Print the address only: open no browser.
        ///
        /// Without it, one opens where there is a screen, and a server without one gets the address alone.
        #[arg(long)]
        no_browser: bool,
    },
    /// Start a sign-in and print what the person has to do; `auth complete` finishes it.
    Start,
    /// Wait until the person has acted, then finish the sign-in.
    Complete {
        /// Ask once and end with exit code 1 while the person has not acted.
        ///
        /// The service sets a pace (RFC 8628, usually 5 seconds): right after `auth start` or an earlier question,
        /// nothing is asked, and stderr says until when.
        #[arg(long)]
        no_wait: bool,
    },
    /// Prove that signing in works now: asks the service, never the cache.
    ///
    /// A secret that was changed or revoked goes unnoticed elsewhere while a cached token lives, up to an hour or so.
    /// This also asks within the minute of rest after a refusal.
    Test,
    /// Forget the stored sign-in of the chosen flow.
    Reset,
    /// Who is signed in, until when, and what protects the tokens. No network.
    Status,
    /// Per command: what the token must hold, what the Cortex page asks for, and whether it is there.
    Permissions(permissions::Arguments),
    /// Seal everything that is stored with a new key, or with that of another source. No network.
    ///
    /// Other processes may go on meanwhile. If it is killed, everything can still be read; run it again to finish.
    RotateKey(rotate_key::Arguments),
    /// Print an access token for another program.
    Token,
}

pub(crate) async fn run(world: &World, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Flows => flows::run(world),
        Command::Login { no_browser } => sign_in::login(world, !no_browser).await,
        Command::Start => sign_in::start(world).await,
        Command::Complete { no_wait } => sign_in::complete(world, !no_wait).await,
        Command::Test => token::test(world).await,
        Command::Reset => status::reset(world).await,
        Command::Status => status::run(world).await,
        Command::Permissions(arguments) => permissions::run(world, &arguments).await,
        Command::RotateKey(arguments) => rotate_key::run(world, &arguments).await,
        Command::Token => token::run(world).await,
    }
}
