//! Where a command works: on the demonstration tenant, or on the one that the settings name.

use std::sync::Arc;

use defender_xdr_core::store::{MemoryVault, SealedVault, Vault};

#[cfg(not(feature = "emulator"))]
use crate::exit::Exit;
use crate::failure::Failure;
#[cfg(not(feature = "emulator"))]
use crate::report::Report;
use crate::session::Session;
use crate::settings;
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
    let vault: Arc<dyn Vault> =
        if let (Some(directory), Some(key)) = (world.paths.tokens(), world.paths.sealing_key()) {
            Arc::new(SealedVault::new(directory, key))
        } else {
            let why = world.paths.why_absent(&world.environment);
            tracing::warn!("{why}: tokens are kept in memory only");
            Arc::new(MemoryVault::default())
        };
    let http = settings::http(world, &values)?;
    Session::build(world, world.environment.clone(), values, vault, http, None)
}
