//! Layers of settings: for every key and every combination of layers, the strongest one that says something wins.

use std::path::{Path, PathBuf};

use defender_xdr_core::Environment;
use defender_xdr_core::settings::{KEYS, Sources, find_key, load};
use defender_xdr_core::store::atomic;

/// Weakest first.
const LAYERS: [&str; 5] = ["system", "user", "extra", "environment", "flag"];

fn variable(key: &str) -> String {
    format!("DEFENDER_XDR_{}", key.to_uppercase().replace('-', "_"))
}

/// A settings file that sets every key to the layer's name, or to nothing.
fn file(directory: &Path, layer: &str, says: bool) -> PathBuf {
    let line = |name: &str| format!("{name} = \"{}\"\n", if says { layer } else { "" });
    let text: String = KEYS.iter().map(|key| line(key.name)).collect();
    let path = directory.join(layer);
    atomic::replace(&path, text.as_bytes()).expect("written");
    path
}

fn sources(directory: &Path, says: impl Fn(&str) -> bool) -> Sources {
    let path = |layer: &str| Some(file(directory, layer, says(layer)));
    let word = |layer: &str| if says(layer) { layer.to_owned() } else { String::new() };
    let flags = KEYS.iter().filter(|key| !key.secret);
    Sources {
        system_file: path("system"),
        user_file: path("user"),
        extra_file: path("extra"),
        environment: KEYS.iter().map(|key| (variable(key.name), word("environment"))).collect(),
        flags: flags.map(|key| (key.name.to_owned(), word("flag"), format!("--{}", key.name))).collect(),
        ..Sources::default()
    }
}

#[test]
fn the_strongest_layer_that_says_something_wins_for_every_key() {
    let directory = tempfile::tempdir().expect("a directory");
    for combination in 0..32_u32 {
        let says = |layer: &str| {
            let place = LAYERS.iter().position(|name| *name == layer).expect("a layer");
            combination & (1 << place) != 0
        };
        let values = load(&sources(directory.path(), says)).expect("good settings").values;
        for key in KEYS {
            let strongest =
                LAYERS.into_iter().rev().find(|layer| says(layer) && !(key.secret && *layer == "flag"));
            assert_eq!(values.text(key.name), strongest, "{} in {combination:05b}", key.name);
            let origin = values.get(key.name).map(|value| value.origin.to_string());
            let place = origin.unwrap_or_default();
            match strongest {
                None => assert!(place.is_empty()),
                Some("environment") => assert!(place.ends_with(&variable(key.name)), "{place}"),
                Some("flag") => assert!(place.ends_with(&format!("--{}", key.name)), "{place}"),
                Some(layer) => {
                    let line = KEYS.iter().position(|other| other.name == key.name).expect("known") + 1;
                    assert!(place.ends_with(&format!("{layer}, line {line}")), "{place}");
                }
            }
        }
    }
}

#[test]
fn every_secret_is_refused_as_a_flag_and_never_repeated() {
    for key in KEYS {
        let flags = vec![(key.name.to_owned(), "planted".to_owned(), format!("--set {}", key.name))];
        let loaded = load(&Sources { flags, ..Sources::default() });
        assert_eq!(loaded.is_err(), key.secret, "{}", key.name);
        if let Err(error) = loaded {
            assert!(
                error.to_string().contains(key.name) && !format!("{error:?}").contains("planted"),
                "{error}"
            );
            assert!(error.hint().is_some_and(|hint| hint.contains("file:")));
        }
    }
}

#[test]
fn a_slip_in_any_key_is_answered_with_the_key_that_was_meant() {
    let directory = tempfile::tempdir().expect("a directory");
    for key in KEYS.iter().filter(|key| key.name.len() > 5) {
        let slip = format!("{}x", key.name);
        assert!(find_key(&slip).is_none());
        let path = directory.path().join("config.toml");
        atomic::replace(&path, format!("# first\n{slip} = \"planted\"\n").as_bytes()).expect("written");
        let error = load(&Sources { user_file: Some(path), ..Sources::default() }).expect_err("unknown");
        assert!(error.hint().is_some_and(|hint| hint.contains(key.name)), "{slip}: {:?}", error.hint());
        assert!(error.origin().is_some_and(|origin| origin.to_string().ends_with("line 2")));
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
}

#[test]
fn texts_survive_every_layer_unchanged() {
    let directory = tempfile::tempdir().expect("a directory");
    for text in [
        "a=b",
        "#5",
        "[x]",
        "{y}",
        "'q'",
        "0123",
        "1e5",
        "true",
        " blanks ",
        "ä€😀",
        "back\\slash",
        "$HOME",
        "%20",
    ] {
        let literal = format!("client-secret = '''{text}'''\n");
        let path = directory.path().join("config.toml");
        atomic::replace(&path, literal.as_bytes()).expect("written");
        let from_file =
            load(&Sources { user_file: Some(path), ..Sources::default() }).expect("good settings");
        assert_eq!(from_file.values.text("client-secret"), Some(text));
        let environment = Environment::from_iter([("DEFENDER_XDR_CLIENT_SECRET", text)]);
        let from_environment = load(&Sources { environment, ..Sources::default() }).expect("good settings");
        assert_eq!(from_environment.values.text("client-secret"), Some(text));
        let flags = vec![("scope".to_owned(), text.to_owned(), "--set".to_owned())];
        let from_flag = load(&Sources { flags, ..Sources::default() }).expect("good settings");
        assert_eq!(from_flag.values.text("scope"), Some(text));
    }
}

#[test]
fn a_file_that_is_no_toml_is_named_with_its_line_and_not_quoted() {
    let directory = tempfile::tempdir().expect("a directory");
    for text in [
        "api = \"graph\"\nclient-secret = planted\n",
        "api = \"graph\"\nclient-secret = \"planted\n",
        "api = \"graph\"\n[planted",
    ] {
        let path = directory.path().join("config.toml");
        atomic::replace(&path, text.as_bytes()).expect("written");
        let error = load(&Sources { user_file: Some(path), ..Sources::default() }).expect_err("no TOML");
        let origin = error.origin().expect("a place").to_string();
        assert!(origin.contains("config.toml, line 2") || origin.contains("config.toml, line 3"), "{origin}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
}
