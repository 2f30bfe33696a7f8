//! What a run left behind: exit code, stdout, stderr; and what a test says about it.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::process::Output;

use serde_json::Value;

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn new(output: Output) -> Self {
        let code = output.status.code().unwrap_or_else(|| {
            panic!("killed by signal {:?}", output.status.signal());
        });
        Self {
            code,
            stdout: String::from_utf8(output.stdout).expect("stdout is text"),
            stderr: String::from_utf8(output.stderr).expect("stderr is text"),
        }
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// It ended well.
    #[track_caller]
    pub(crate) fn well(self) -> Self {
        self.ends(0)
    }

    /// stderr holds each of these.
    #[track_caller]
    pub(crate) fn saying(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in: {}", self.stderr);
        }
        self
    }

    /// stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in: {}\nstderr: {}", self.stdout, self.stderr))
    }

    /// The records of NDJSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).expect("a line of JSON");
        self.stdout.lines().map(read).collect()
    }

    /// stdout as a JSON array.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        self.json().as_array().expect("an array").clone()
    }

    /// The ids of a list of incidents; each occurs once.
    #[track_caller]
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        let records = self.records();
        let ids: BTreeSet<_> =
            records.iter().map(|record| record["id"].as_str().expect("a text as id").to_owned()).collect();
        assert_eq!(ids.len(), records.len(), "an id occurs twice");
        ids
    }

    /// The error object on stderr.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        let object: Value = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error} in the last line of: {}", self.stderr));
        object["error"].clone()
    }
}
