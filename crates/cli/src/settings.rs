//! Settings as the cli finds them: files, environment, flags; or the demonstration tenant's alone.

use defender_xdr_core::settings::{self, Loaded, Sources};

use crate::failure::Failure;
use crate::paths::Paths;
use crate::world::World;

/// Reads the settings of a real tenant and warns about what is odd.
pub(crate) fn load(world: &World) -> Result<Loaded, Failure> {
    let global = &world.global;
    let mut flags = Vec::new();
    for (key, value, flag) in [
        ("authentication-flow", &global.flow, "--flow"),
        ("api", &global.api, "--api"),
        ("tenant-id", &global.tenant, "--tenant"),
    ] {
        if let Some(value) = value {
            flags.push((key.to_owned(), value.clone(), flag.to_owned()));
        }
    }
    for pair in &global.set {
        let Some((key, value)) = pair.split_once('=') else {
            // The text may be a secret given by mistake: it is not repeated.
            return Err(Failure::usage("`--set` takes KEY=VALUE").with_source("flag --set").into());
        };
        flags.push((key.trim().to_owned(), value.to_owned(), format!("--set {}", key.trim())));
    }
    let loaded = settings::load(&Sources {
        system_file: Some(Paths::system_settings()),
        user_file: world.paths.user_settings(),
        extra_file: global
            .config
            .clone()
            .or_else(|| world.environment.get("DEFENDER_XDR_CONFIG").map(Into::into)),
        environment: world.environment.clone(),
        flags,
        profile: global
            .profile
            .clone()
            .or_else(|| world.environment.get("DEFENDER_XDR_PROFILE").map(str::to_owned)),
    })?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    Ok(loaded)
}
