//! Records at rest: found again, private, named when damaged.

use super::*;
use std::fs::File;

fn vault(root: &Path) -> SealedVault {
    SealedVault::new(root.join("state"), root.join("config/sealing.key"))
}

#[test]
fn records_survive_another_process_and_not_another_key() {
    let root = tempfile::tempdir().expect("a directory");
    assert!(vault(root.path()).load("a").expect("readable").is_none());
    vault(root.path()).save("a", b"content").expect("saved");
    assert_eq!(vault(root.path()).load("a").expect("readable").expect("there").as_slice(), b"content");
    fs::remove_file(root.path().join("config/sealing.key")).expect("removed");
    assert_eq!(vault(root.path()).load("a").expect_err("no key").kind(), StoreErrorKind::OtherKey);
}

#[test]
fn a_cut_record_is_named_not_served() {
    let root = tempfile::tempdir().expect("a directory");
    vault(root.path()).save("a", b"content").expect("saved");
    let path = root.path().join("state/a.sealed");
    let whole = fs::read(&path).expect("there");
    atomic::replace(&path, &whole[..whole.len() - 1]).expect("cut");
    let error = vault(root.path()).load("a").expect_err("cut");
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    assert!(error.to_string().contains("a.sealed"));
}

#[test]
fn an_open_directory_is_closed_to_others() {
    let root = tempfile::tempdir().expect("a directory");
    let directory = root.path().join("state");
    fs::create_dir(&directory).expect("made");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("opened");
    let guard = vault(root.path()).lock("a").expect("free");
    assert_eq!(fs::metadata(&directory).expect("there").mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(directory.join("a.lock")).expect("there").mode() & 0o777, 0o600);
    drop(guard);
}

#[test]
fn names_cannot_leave_the_directory() {
    let root = tempfile::tempdir().expect("a directory");
    for name in ["../x", "a/b", "", ".hidden", "A"] {
        assert!(vault(root.path()).save(name, b"").is_err(), "{name}");
    }
}

#[test]
fn a_key_that_cannot_be_used_protects_nothing() {
    let root = tempfile::tempdir().expect("a directory");
    vault(root.path()).save("a", b"content").expect("saved");
    assert!(vault(root.path()).protection().summary.starts_with("sealed in"));
    let key = root.path().join("config/sealing.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("opened");
    let told = vault(root.path()).protection().summary;
    assert!(!told.contains("sealed in") && told.contains("can be read by other users"), "{told}");
}

#[test]
fn a_lock_is_held_until_its_guard_is_dropped() {
    let root = tempfile::tempdir().expect("a directory");
    let guard = vault(root.path()).lock("a").expect("free");
    let other = File::options().write(true).open(root.path().join("state/a.lock")).expect("there");
    assert!(other.try_lock().is_err());
    drop(guard);
    assert!(other.try_lock().is_ok());
}
