//! A new key under records: they open before, amid and after, and nothing is lost on the way.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::*;
use crate::store::sealing_key::{EnvironmentKey, KeyFile, PassphraseKey};
use crate::{Environment, Secret};

fn by_file(root: &Path) -> SealedVault {
    SealedVault::new(root.join("state"), root.join("config/sealing.key"))
}

fn environment(byte: char) -> EnvironmentKey {
    let text = format!("{}=", byte.to_string().repeat(43));
    EnvironmentKey::new(&Environment::from_iter([("K", text)]), "K").expect("a key")
}

fn content(vault: &SealedVault, name: &str) -> Vec<u8> {
    vault.load(name).expect("opens").expect("there").to_vec()
}

fn filled(root: &Path) -> SealedVault {
    let vault = by_file(root);
    for name in ["a", "b", "secret-c"] {
        vault.save(name, name.as_bytes()).expect("saved");
    }
    vault
}

fn previous_records(root: &Path) -> usize {
    let entries =
        fs::read_dir(root.join("state")).expect("listed").map(|entry| entry.expect("one").file_name());
    entries.filter(|name| name.to_string_lossy().starts_with(PREVIOUS)).count()
}

#[test]
fn every_record_is_resealed_and_the_old_key_opens_nothing_any_more() {
    let root = tempfile::tempdir().expect("a directory");
    let vault = filled(root.path());
    let key = root.path().join("config/sealing.key");
    let old = fs::read(&key).expect("a key");
    let rotation = vault.rotate(None).expect("rotated");
    assert_eq!((rotation.resealed, rotation.left.len()), (3, 0));
    assert_eq!(previous_records(root.path()), 0);
    for name in ["a", "b", "secret-c"] {
        assert_eq!(content(&vault, name), name.as_bytes());
    }
    atomic::replace(&key, &old).expect("the old key comes back");
    let error = by_file(root.path()).load("a").expect_err("another key");
    assert_eq!(error.kind(), StoreErrorKind::OtherKey);
}

#[test]
fn a_process_that_holds_the_old_key_reads_and_writes_on() {
    let root = tempfile::tempdir().expect("a directory");
    let running = filled(root.path());
    assert_eq!(content(&running, "a"), b"a");
    by_file(root.path()).rotate(None).expect("rotated elsewhere");
    assert_eq!(content(&running, "a"), b"a");
    let late = filled(root.path());
    by_file(root.path()).rotate(None).expect("rotated elsewhere");
    late.save("b", b"later").expect("saved");
    assert_eq!(content(&by_file(root.path()), "b"), b"later");
}

/// Every step of a rotation, cut short after it.
#[test]
fn a_rotation_cut_short_anywhere_leaves_everything_readable_and_is_finished_by_the_next() {
    for steps in 0..=4_usize {
        let root = tempfile::tempdir().expect("a directory");
        let vault = filled(root.path());
        let old = vault.source.read().expect("readable").expect("a key");
        let drawn = vault.source.draw().expect("drawn").expect("a file takes one");
        let new = sealer(drawn.key()).expect("a key");
        if steps >= 1 {
            vault.write_down(&new, std::slice::from_ref(&old)).expect("written");
        }
        if steps >= 2 {
            drawn.install().expect("installed");
        }
        for name in ["a", "b"].into_iter().take(steps.saturating_sub(2)) {
            let record = new.seal(name, name.as_bytes()).expect("sealed");
            atomic::replace(&vault.path(name).expect("a name"), &record).expect("written");
        }
        for look in ["cut short", "finished"] {
            let vault = by_file(root.path());
            for name in ["a", "b", "secret-c"] {
                assert_eq!(content(&vault, name), name.as_bytes(), "{name} after {steps} steps, {look}");
            }
            let rotation = vault.rotate(None).expect("rotated");
            assert!(rotation.left.is_empty(), "after {steps} steps");
            assert_eq!(previous_records(root.path()), 0, "after {steps} steps");
        }
    }
}

#[test]
fn records_move_from_one_source_to_another() {
    let root = tempfile::tempdir().expect("a directory");
    filled(root.path());
    let state = root.path().join("state");
    let file = KeyFile::new(root.path().join("config/sealing.key"));
    let by_variable = SealedVault::with_key(&state, Arc::new(environment('A')));
    assert_eq!(by_variable.load("a").expect_err("not moved yet").kind(), StoreErrorKind::OtherKey);
    assert_eq!(by_variable.rotate(Some(&file)).expect("moved").resealed, 3);
    assert_eq!(content(&by_variable, "a"), b"a");

    let next = SealedVault::with_key(&state, Arc::new(environment('E')));
    assert_eq!(next.rotate(Some(&environment('A'))).expect("moved").resealed, 3);
    assert_eq!(next.rotate(Some(&environment('A'))).expect("nothing to do").resealed, 0);
    assert_eq!(content(&next, "secret-c"), b"secret-c");

    let words =
        |text: &str| PassphraseKey::new(Secret::new(text), state.join("stretching.json")).expect("long");
    let by_words = SealedVault::with_key(&state, Arc::new(words("first words of it")));
    assert_eq!(by_words.rotate(Some(&environment('E'))).expect("moved").resealed, 3);
    let other_words = SealedVault::with_key(&state, Arc::new(words("other words of it")));
    assert_eq!(other_words.rotate(Some(&words("first words of it"))).expect("moved").resealed, 3);
    assert_eq!(other_words.rotate(Some(&words("first words of it"))).expect("done before").resealed, 0);
    assert_eq!(content(&other_words, "b"), b"b");
    assert_eq!(by_file(root.path()).rotate(Some(&words("other words of it"))).expect("back").resealed, 3);
}

#[test]
fn a_key_that_somebody_else_sets_cannot_be_changed_here() {
    let root = tempfile::tempdir().expect("a directory");
    let vault = SealedVault::with_key(root.path().join("state"), Arc::new(environment('A')));
    vault.save("a", b"a").expect("saved");
    let error = vault.rotate(None).expect_err("not ours");
    assert!(error.hint().is_some_and(|hint| hint.contains("--from environment")), "{error}");
    assert_eq!(content(&vault, "a"), b"a");
}

#[test]
fn a_source_without_a_key_is_told_and_nothing_is_changed() {
    let root = tempfile::tempdir().expect("a directory");
    let vault = filled(root.path());
    let nowhere = KeyFile::new(root.path().join("nowhere"));
    assert_eq!(vault.rotate(Some(&nowhere)).expect_err("none").kind(), StoreErrorKind::KeyUnavailable);
    assert_eq!(content(&vault, "a"), b"a");
}

#[test]
fn what_no_key_opens_is_left_as_it_is() {
    let root = tempfile::tempdir().expect("a directory");
    let vault = filled(root.path());
    let strange = sealer(&SealingKey::new(&[7; 32]).expect("a key")).expect("a sealer");
    let record = strange.seal("d", b"d").expect("sealed");
    atomic::replace(&vault.path("d").expect("a name"), &record).expect("written");
    let rotation = vault.rotate(None).expect("rotated");
    assert_eq!((rotation.resealed, rotation.left), (3, vec![vault.path("d").expect("a name")]));
    assert_eq!(fs::read(vault.path("d").expect("a name")).expect("there"), record);
}

#[test]
fn a_passphrase_is_stretched_once_for_many_records() {
    let root = tempfile::tempdir().expect("a directory");
    let source = |root: &Path| {
        Arc::new(PassphraseKey::new(Secret::new("correct horse battery"), root.join("x")).expect("long"))
    };
    let first = SealedVault::with_key(root.path(), source(root.path()));
    first.save("a", b"a").expect("saved");
    first.save("b", b"b").expect("saved");
    let words = source(root.path());
    let again = SealedVault::with_key(root.path(), Arc::clone(&words) as Arc<dyn KeySource>);
    assert!(again.load("nothing").expect("readable").is_none());
    assert!(again.protection().summary.contains("passphrase"));
    assert_eq!(words.work.load(Ordering::Relaxed), 0, "no record was opened yet");
    for name in ["a", "b", "a"] {
        content(&again, name);
        again.save(name, name.as_bytes()).expect("saved");
    }
    assert_eq!(words.work.load(Ordering::Relaxed), 1);
}
