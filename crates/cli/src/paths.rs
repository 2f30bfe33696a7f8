//! Where files live (XDG Base Directory Specification).

use std::path::{Path, PathBuf};

use defender_xdr_core::Environment;

const OURS: &str = "defender-xdr";

/// The directories of one user.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    config: Option<PathBuf>,
    state: Option<PathBuf>,
}

impl Paths {
    /// Reads the environment; a variable that holds no absolute path is ignored, as the specification asks.
    pub(crate) fn new(environment: &Environment) -> Self {
        let absolute =
            |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let below = |variable: &str, fallback: &str| {
            absolute(variable)
                .or_else(|| home.as_ref().map(|home| home.join(fallback)))
                .map(|path| path.join(OURS))
        };
        Self { config: below("XDG_CONFIG_HOME", ".config"), state: below("XDG_STATE_HOME", ".local/state") }
    }

    /// Why there is no place for tokens or their key.
    pub(crate) fn why_absent(&self, environment: &Environment) -> &'static str {
        match (environment.get("HOME"), self.config.is_some() || self.state.is_some()) {
            (Some(_), _) => "HOME is not an absolute path and counts as unset",
            (None, false) => "HOME is not set",
            (None, true) => {
                "HOME is not set, and only one of XDG_STATE_HOME and XDG_CONFIG_HOME is an absolute path"
            }
        }
    }

    /// Settings for every user of this machine.
    pub(crate) fn system_settings() -> PathBuf {
        Path::new("/etc").join(OURS).join("config.toml")
    }

    /// This user's settings; `None` without a home.
    pub(crate) fn user_settings(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|path| path.join("config.toml"))
    }

    /// The key that seals tokens: in another directory than the tokens.
    pub(crate) fn sealing_key(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|path| path.join("sealing.key"))
    }

    /// Sealed tokens and secrets.
    pub(crate) fn tokens(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|path| path.join("tokens"))
    }

    /// How far each `fetch` has come.
    pub(crate) fn checkpoints(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|path| path.join("checkpoints"))
    }

    /// When the end of an API was last told.
    pub(crate) fn retirement_warnings(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|path| path.join("retirement-warnings.json"))
    }

    /// Counts of calls.
    pub(crate) fn quotas(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|path| path.join("quota"))
    }

    /// Everything of the demonstration tenant.
    #[cfg(feature = "emulator")]
    pub(crate) fn demo(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|path| path.join("demo"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_win_over_home_and_relative_ones_are_ignored() {
        let paths = Paths::new(&Environment::from_iter([
            ("HOME", "/home/dana"),
            ("XDG_STATE_HOME", "/var/s"),
            ("XDG_CONFIG_HOME", "relative"),
        ]));
        assert_eq!(paths.tokens().as_deref(), Some(Path::new("/var/s/defender-xdr/tokens")));
        assert_eq!(
            paths.user_settings().as_deref(),
            Some(Path::new("/home/dana/.config/defender-xdr/config.toml"))
        );
        assert!(Paths::new(&Environment::default()).tokens().is_none());
    }
}
