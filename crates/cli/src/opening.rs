//! Where a command works: on the demonstration tenant, or on the one that the settings name.

#[cfg(not(feature = "emulator"))]
use crate::exit::Exit;
use crate::failure::Failure;
#[cfg(not(feature = "emulator"))]
use crate::report::Report;
use crate::session::Session;
use crate::settings;
use crate::vault;
use crate::world::World;

/// Opens a session on the demonstration tenant or on a real one.
pub(crate) async fn open(world: &World) -> Result<Session, Failure> {
    if world.is_demo() {
        #[cfg(feature = "emulator")]
        return crate::demo::open(world).await;
        #[cfg(not(feature = "emulator"))]
        return Err(Report::new(
            "usage",
            Exit::Settings,
            "this program was built without the demonstration tenant",
        )
        .with_source("flag --demo")
        .with_hint("build with the feature `emulator`")
        .into());
    }
    let values = settings::load(world)?.values;
    let vault = vault::open(world, &values).await?;
    let http = settings::http(world, &values)?;
    let session = Session::build(world, world.environment.clone(), values, vault, http, None)?;
    warn_of_a_short_memory(&session);
    Ok(session)
}

/// A person who signs in would have to do so for every command.
fn warn_of_a_short_memory(session: &Session) {
    let values = &session.context.values;
    let brings_its_own = ["refresh-token", "authorization-code"].iter().any(|key| values.get(key).is_some());
    let chosen = values.get(vault::STORE).is_some();
    if chosen && !session.vault.lasts() && session.entry.capabilities.interactive && !brings_its_own {
        tracing::warn!(
            "`token-store` is `memory`: a sign-in with the {} flow ends with the command that made it",
            session.entry.id
        );
    }
}
