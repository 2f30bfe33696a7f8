//! Settings as the cli finds them: files, environment, flags; or the demonstration tenant's alone.

use std::path::Path;

use defender_xdr_core::http::{HttpSettings, Proxy, check_proxy, system_proxy};
use defender_xdr_core::settings::{self, Loaded, Origin, SettingsError, Sources, Values};

use crate::failure::Failure;
use crate::paths::Paths;
use crate::world::World;

/// What a flag says, else a variable, and which of them.
fn chosen<T: for<'a> From<&'a str>>(
    world: &World,
    flag: Option<T>,
    name: &str,
    variable: &str,
) -> Option<(T, Origin)> {
    let from_flag = flag.map(|value| (value, Origin::Flag(name.to_owned())));
    from_flag.or_else(|| {
        let value = T::from(world.environment.get(variable)?);
        Some((value, Origin::Environment(variable.to_owned())))
    })
}

/// How to reach the world: what the settings say, and the system's proxy where they say nothing.
pub(crate) fn http(world: &World, values: &Values) -> Result<HttpSettings, Failure> {
    let mut http = values.http()?;
    if let (Some(rest), Some(home)) =
        (http.ca_file.as_ref().and_then(|path| path.strip_prefix("~").ok()), world.environment.get("HOME"))
    {
        http.ca_file = Some(Path::new(home).join(rest));
    }
    if http.proxy == Proxy::System
        && let Some((variable, address)) = system_proxy(&world.environment)
    {
        // reqwest would ignore it without a word, and go straight to the host.
        check_proxy(address).map_err(|problem| {
            SettingsError::new(format!("{variable} {problem}"))
                .with_origin(Origin::Environment(variable.to_owned()))
                .with_hint("correct or unset it, or set `proxy` to `none` or to an address of its own")
        })?;
        http.system_proxy = Some(variable.to_owned());
    }
    Ok(http)
}

/// Reads the settings of a real tenant and warns about what is odd.
pub(crate) fn load(world: &World) -> Result<Loaded, Failure> {
    let loaded = settings::load(&sources(world)?)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    Ok(loaded)
}

/// Reads the settings of another profile than the chosen one.
pub(crate) fn load_profile(world: &World, name: &str) -> Result<Loaded, Failure> {
    let profile = Some(name.to_owned());
    Ok(settings::load(&Sources { profile, profile_from: None, ..sources(world)? })?)
}

/// The names of all profiles.
pub(crate) fn profiles(world: &World) -> Result<Vec<String>, Failure> {
    Ok(settings::profiles(&sources(world)?))
}

/// Where settings are looked for.
pub(crate) fn sources(world: &World) -> Result<Sources, Failure> {
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
    let extra = chosen(world, global.config.clone(), "--config", "DEFENDER_XDR_CONFIG");
    let profile = chosen(world, global.profile.clone(), "--profile", "DEFENDER_XDR_PROFILE");
    Ok(Sources {
        system_file: Some(Paths::system_settings()),
        user_file: world.paths.user_settings(),
        extra_file_from: extra.as_ref().map(|(_, from)| from.clone()),
        extra_file: extra.map(|(path, _)| path),
        environment: world.environment.clone(),
        flags,
        profile_from: profile.as_ref().map(|(_, from)| from.clone()),
        profile: profile.map(|(name, _)| name),
    })
}
