//! How long the API in use has left, said as loud as the end is near.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use defender_xdr_core::backend::Backend;
use defender_xdr_core::entra::Cloud;
use defender_xdr_core::retirement::{Calendar, Retirement, Stage, days_left};
use defender_xdr_core::settings::{Origin, SettingsError, Values};
use defender_xdr_core::store::atomic;
use defender_xdr_core::{Clock as _, SystemClock, Timestamp};

use crate::world::World;

/// Sets the day, for tests. Tokens live by the machine's clock all the same.
const NOW: &str = "DEFENDER_XDR_NOW";
const FILE: &str = "retirements-file";
const CHOICE: &str = "on-retirement";
const CHOICES: &[&str] = &["warn", "fail"];
/// What to do about it.
const MOVE: &str = "`defender-xdr migrate permissions` says what to grant on Microsoft Graph; then `defender-xdr migrate cutover` goes there";

/// The API of a session, and what is to be said about its end.
#[derive(Debug)]
pub(crate) struct Outlook {
    pub(crate) backend: Backend,
    end: Option<(Retirement, Stage, i64)>,
    /// The settings asked for this API by name.
    is_chosen: bool,
    /// Why nothing is to be called any more.
    refusal: Option<SettingsError>,
    quiet: bool,
    /// Where the day of the last warning is kept, and under which name.
    remembered: Option<(PathBuf, String)>,
    today: String,
    was_told: AtomicBool,
}

/// The time now, for everything that depends on the day.
pub(crate) fn now(world: &World) -> Result<Timestamp, SettingsError> {
    Ok(set_time(world)?.unwrap_or_else(|| SystemClock.now()))
}

/// Whether the settings about ends of APIs can be used.
///
/// # Errors
/// The first that cannot.
pub(crate) fn check_settings(world: &World, values: &Values) -> Result<(), SettingsError> {
    now(world)?;
    calendar(world, values)?;
    values.choice(CHOICE, CHOICES).map(|_| ())
}

/// The time that tests set.
pub(crate) fn set_time(world: &World) -> Result<Option<Timestamp>, SettingsError> {
    let Some(text) = world.environment.get(NOW) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        SettingsError::new(format!("{NOW} is no time"))
            .with_origin(Origin::Environment(NOW.to_owned()))
            .with_hint("set it to a time of RFC 3339, such as 2027-02-01T00:00:00Z, or unset it")
    })
}

/// The calendar that counts: a file of the user's, else the one that comes with the program. That one is about Microsoft's
/// own hosts: it says nothing about a custom cloud or the demonstration.
pub(crate) fn calendar(world: &World, values: &Values) -> Result<Option<Calendar>, SettingsError> {
    if world.is_demo() {
        return Ok(None);
    }
    let Some(path) = values.text(FILE) else {
        return Ok((values.cloud()? != Cloud::Custom).then(Calendar::shipped));
    };
    let told = |why: String| values.blame(FILE, SettingsError::new(format!("{path}: {why}")));
    let text = fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
    Calendar::read(&text).map(Some).map_err(|error| {
        told(error.to_string()).with_hint(
            "its form is that of the file in docs/migrate.md: id, what, api, date, confidence, source",
        )
    })
}

impl Outlook {
    /// Which API the settings mean at this time, and how long it has left.
    pub(crate) fn of(world: &World, values: &Values, application: &str) -> Result<Self, SettingsError> {
        let now = now(world)?;
        let calendar = calendar(world, values)?;
        let end = |backend| {
            let end = calendar.as_ref()?.end_of(backend)?;
            Some((end.clone(), Stage::at(end.date, now), days_left(end.date, now)))
        };
        let chosen = values.backend()?;
        let is_over = |backend| end(backend).is_some_and(|(_, stage, _)| stage == Stage::Over);
        let usual = Backend::default_for(application);
        let backend = chosen.unwrap_or(if is_over(usual) { Backend::Graph } else { usual });
        // What would have been used is what there is a word to say about.
        let end = end(if chosen.is_none() { usual } else { backend });
        let fails = values.choice(CHOICE, CHOICES)? == Some("fail");
        let stops = fails
            && end.as_ref().is_some_and(|(end, stage, _)| {
                *stage >= Stage::Last && end.api.as_deref().and_then(Backend::parse) == Some(backend)
            });
        let refusal = end.as_ref().filter(|_| stops).map(|(end, _, left)| {
            let error = SettingsError::new(format!("{}, and `{CHOICE}` is `fail`", when(end, *left)));
            values.blame(CHOICE, error).with_hint(MOVE)
        });
        Ok(Self {
            backend,
            end,
            is_chosen: chosen.is_some(),
            refusal,
            quiet: world.global.quiet,
            remembered: world
                .paths
                .retirement_warnings()
                .map(|path| (path, world.profile().unwrap_or_default().to_owned())),
            today: now.strftime("%Y-%m-%d").to_string(),
            was_told: AtomicBool::new(false),
        })
    }

    /// Whether the API in use has had its last day.
    pub(crate) fn is_over(&self) -> bool {
        self.end.as_ref().is_some_and(|(end, stage, _)| {
            *stage == Stage::Over && end.api.as_deref().and_then(Backend::parse) == Some(self.backend)
        })
    }

    /// The day of the end, when it has come.
    pub(crate) fn ended_on(&self) -> Option<String> {
        self.end.as_ref().filter(|_| self.is_over()).map(|(end, ..)| end.date.to_string())
    }

    /// Says what there is to say, once in a command and not more often than the stage asks for.
    ///
    /// # Errors
    /// When the settings ask for a failure instead.
    pub(crate) fn speak(&self) -> Result<(), SettingsError> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        let Some((end, stage, left)) = &self.end else { return Ok(()) };
        if self.quiet || self.was_told.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let line = match stage {
            Stage::Quiet => return Ok(()),
            Stage::Daily if self.was_told_today() => return Ok(()),
            Stage::Daily | Stage::EachRun | Stage::Last => format!("{}: {MOVE}", when(end, *left)),
            Stage::Over if self.is_chosen => format!("{}: {MOVE}", when(end, *left)),
            Stage::Over => format!("{}: Microsoft Graph is used in its place", when(end, *left)),
        };
        writeln!(std::io::stderr().lock(), "{line}").ok();
        Ok(())
    }

    /// Whether it was said today; from now on it was. Where nothing can be kept it is said each time.
    fn was_told_today(&self) -> bool {
        let Some((path, profile)) = &self.remembered else { return false };
        let text = fs::read(path).unwrap_or_default();
        let mut days: BTreeMap<String, String> = serde_json::from_slice(&text).unwrap_or_default();
        if days.insert(profile.clone(), self.today.clone()).as_ref() == Some(&self.today) {
            return true;
        }
        if let (Some(folder), Ok(text)) = (path.parent(), serde_json::to_vec(&days)) {
            atomic::create_private_directory(folder).and_then(|()| atomic::replace(path, &text)).ok();
        }
        false
    }
}

/// That it ends, or has ended, and when.
fn when(end: &Retirement, left: i64) -> String {
    let api = end.api.as_deref().unwrap_or("other");
    match left {
        ..=0 => format!("the {api} API ended on {}", end.date),
        1 => format!("the {api} API ends tomorrow, on {}", end.date),
        _ => format!("the {api} API ends in {left} days, on {}", end.date),
    }
}
