//! Layers, origins, refusals.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

const TENANT: &str = "6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94";

fn file(directory: &Path, name: &str, text: &str) -> PathBuf {
    let path = directory.join(name);
    crate::store::atomic::replace(&path, text.as_bytes()).expect("written");
    path
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().copied().collect()
}

#[test]
fn stronger_layers_win_and_origins_name_the_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let sources = Sources {
        system_file: Some(file(directory.path(), "system", "api = \"legacy\"\ncloud = \"gcc\"\n")),
        user_file: Some(file(directory.path(), "user", "# mine\n\ncloud = \"dod\"\ntimeout = 7\n")),
        environment: environment(&[("DEFENDER_XDR_TIMEOUT", "8"), ("DEFENDER_XDR_API", "")]),
        flags: vec![("api".into(), "graph".into(), "--api".into())],
        ..Sources::default()
    };
    let values = load(&sources).expect("good settings").values;
    assert_eq!(values.text("api"), Some("graph"));
    assert_eq!(values.text("cloud"), Some("dod"));
    assert_eq!(values.text("timeout"), Some("8"));
    let origin = |key: &str| values.get(key).expect("set").origin.to_string();
    assert!(origin("cloud").ends_with("user, line 3"));
    assert_eq!(origin("timeout"), "environment variable DEFENDER_XDR_TIMEOUT");
    assert_eq!(origin("api"), "flag --api");
}

#[test]
fn values_of_the_environment_stay_text() {
    // figment's own environment layer would read these as a number, a list and a table.
    for text in ["0123", "[abc]", "{a=1}", "\"q\"", "-5"] {
        let sources = Sources {
            environment: environment(&[("DEFENDER_XDR_CLIENT_SECRET", text)]),
            ..Sources::default()
        };
        let values = load(&sources).expect("good settings").values;
        assert_eq!(values.text("client-secret"), Some(text));
    }
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_in_the_selected_profile_only() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "[profile.good]\ntenant-id = \"a.b\"\n[profile.bad]\ntenantid = \"a.b\"\n";
    let with = |profile: &str| Sources {
        user_file: Some(file(directory.path(), "user", text)),
        profile: Some(profile.into()),
        ..Sources::default()
    };
    assert_eq!(load(&with("good")).expect("good").values.text("tenant-id"), Some("a.b"));
    let error = load(&with("bad")).expect_err("a typo");
    assert!(error.origin().expect("a place").to_string().ends_with("line 4"));
    assert_eq!(error.hint(), Some("did you mean `tenant-id`?"));
    let missing = load(&with("other")).expect_err("no such profile");
    assert!(missing.hint().is_some_and(|hint| hint.contains("bad, good")));
}

#[test]
fn broken_toml_is_placed_without_quoting_the_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = file(directory.path(), "user", "api = \"graph\"\nclient-secret = \"planted\n");
    let error = load(&Sources { user_file: Some(path), ..Sources::default() }).expect_err("open quote");
    assert!(error.origin().expect("a place").to_string().ends_with("line 2"), "{error:?}");
    assert!(!format!("{error:?}").contains("planted"));
}

#[test]
fn secrets_are_refused_on_the_command_line_without_showing_them() {
    for (key, text) in [("client-secret", "planted"), ("application-id", "id@planted")] {
        let sources =
            Sources { flags: vec![(key.into(), text.into(), "--set".into())], ..Sources::default() };
        let error = load(&sources).expect_err("a secret");
        assert!(!format!("{error:?}").contains("planted"));
    }
}

#[test]
fn an_environment_made_for_one_tenant_does_not_serve_a_profile_of_another() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = format!("[profile.other]\ntenant-id = \"{TENANT}\"\n");
    let sources = Sources {
        user_file: Some(file(directory.path(), "user", &text)),
        environment: environment(&[
            ("DEFENDER_XDR_TENANT_ID", "mine.example"),
            ("DEFENDER_XDR_CLIENT_SECRET", "s"),
        ]),
        profile: Some("other".into()),
        ..Sources::default()
    };
    let loaded = load(&sources).expect("good settings");
    assert_eq!(loaded.values.text("tenant-id"), Some(TENANT));
    assert!(loaded.values.get("client-secret").is_none());
    assert!(loaded.warnings.iter().any(|warning| warning.contains("DEFENDER_XDR_CLIENT_SECRET")));
}

#[test]
fn unknown_variables_are_warned_about() {
    let sources = Sources { environment: environment(&[("DEFENDER_XDR_TENANT", "x")]), ..Sources::default() };
    let warnings = load(&sources).expect("only a warning").warnings;
    assert_eq!(
        warnings,
        [
            "environment variable DEFENDER_XDR_TENANT is no setting and is ignored: did you mean DEFENDER_XDR_TENANT_ID?"
        ]
    );
}

#[test]
fn an_application_id_may_carry_a_refresh_token() {
    let sources = Sources {
        environment: environment(&[("DEFENDER_XDR_APPLICATION_ID", "id@a@b")]),
        ..Sources::default()
    };
    let values = load(&sources).expect("good settings").values;
    assert_eq!((values.text("application-id"), values.text("refresh-token")), (Some("id"), Some("a@b")));
}

#[test]
fn files_say_whether_others_can_read_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = file(directory.path(), "user", "client-secret = \"planted\"\n");
    let sources = Sources { user_file: Some(path.clone()), ..Sources::default() };
    assert!(load(&sources).expect("good").values.secret("client-secret").is_ok());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
    assert!(load(&sources).expect("good").values.secret("client-secret").is_err());
}
