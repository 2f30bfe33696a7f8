//! The settings: which files were read, who may read them, which flow they choose.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use defender_xdr_core::settings::{Loaded, Origin};

use super::finding::Finding;
use crate::paths::Paths;
use crate::session::Session;
use crate::world::World;

pub(super) const CHECK: &str = "settings";
pub(super) const FLOW: &str = "flow";

/// A settings file as it lies there.
#[derive(Debug)]
struct File {
    path: PathBuf,
    mode: u32,
}

/// What the settings are, once they could be read.
pub(super) fn check(world: &World, loaded: &Loaded) -> Finding {
    let named = world.global.config.clone();
    let named = named.or_else(|| world.environment.get("DEFENDER_XDR_CONFIG").map(PathBuf::from));
    let paths = [Some(Paths::system_settings()), world.paths.user_settings(), named];
    let files: Vec<_> = paths.into_iter().flatten().filter_map(|path| look(&path)).collect();
    let from_elsewhere = loaded
        .values
        .iter()
        .filter(|(_, value)| matches!(value.origin, Origin::Environment(_) | Origin::Flag(_)));
    verdict(&files, from_elsewhere.count(), loaded.values.iter().count(), &loaded.warnings)
}

fn look(path: &Path) -> Option<File> {
    let metadata = fs::metadata(path).ok()?;
    Some(File { path: path.to_owned(), mode: metadata.mode() & 0o777 })
}

fn verdict(files: &[File], from_elsewhere: usize, set: usize, warnings: &[String]) -> Finding {
    let whose = |file: &File| {
        let who = match file.mode {
            mode if mode & 0o004 != 0 => "everybody can read it",
            mode if mode & 0o040 != 0 => "its group can read it",
            _ => "its owner alone can read it",
        };
        format!("{} ({:03o}: {who})", file.path.display(), file.mode)
    };
    let files = match files {
        [] => "no settings file".to_owned(),
        files => files.iter().map(whose).collect::<Vec<_>>().join(", "),
    };
    let keys = if set == 1 { "1 key".to_owned() } else { format!("{set} keys") };
    let seen = format!("{files}; {keys} set, {from_elsewhere} by environment or flags");
    if set == 0 {
        return Finding::problem(CHECK, "no settings at all", "run `defender-xdr init`");
    }
    if warnings.is_empty() {
        return Finding::ok(CHECK, seen);
    }
    Finding::warning(CHECK, format!("{}; {seen}", warnings.join("; ")), "correct or unset the variable")
}

/// What was chosen, once it is complete.
pub(super) fn flow(session: &Session) -> Finding {
    let values = &session.context.values;
    let of = |key: &str| values.text(key).map(|text| defender_xdr_core::settings::shown(key, text));
    let application = of("application-id")
        .or_else(|| session.entry.default_application_id.map(str::to_owned))
        .map(|id| format!(", application {id}"))
        .unwrap_or_default();
    let tenant = of("tenant-id").map(|tenant| format!(", tenant {tenant}")).unwrap_or_default();
    let cloud = session.context.cloud().map_or("", |cloud| cloud.id());
    Finding::ok(
        FLOW,
        format!(
            "{}{application}{tenant}, the {} API of the {cloud} cloud",
            session.entry.id, session.backend
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    fn file(mode: u32) -> File {
        File { path: "/home/dana/config.toml".into(), mode }
    }

    #[test]
    fn who_may_read_a_file_is_told() {
        for (mode, who) in [(0o600, "owner alone"), (0o640, "group"), (0o644, "everybody")] {
            let found = verdict(&[file(mode)], 0, 3, &[]);
            assert_eq!(found.verdict, Verdict::Ok);
            assert!(found.seen.contains(who), "{}", found.seen);
        }
    }

    #[test]
    fn warnings_of_reading_are_warnings_and_nothing_at_all_is_a_case_for_init() {
        assert_eq!(verdict(&[], 2, 2, &["X is ignored".to_owned()]).verdict, Verdict::Warning);
        let nothing = verdict(&[], 0, 0, &[]);
        assert!(nothing.is_problem() && nothing.remedy.is_some_and(|remedy| remedy.contains("init")));
    }
}
