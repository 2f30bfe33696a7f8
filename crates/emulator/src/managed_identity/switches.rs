//! How the hosts are set up, and what is not documented about them or goes wrong on purpose.

use serde::{Deserialize, Serialize};

/// All switches of the hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Switches {
    /// The machine has an identity of its own.
    pub(crate) system_assigned: bool,
    /// Names of the identities assigned to it.
    pub(crate) user_assigned: Vec<String>,
    /// How App Service with API version 2017-09-01 writes `expires_on`.
    pub(crate) app_service_2017_date: DateText,
    /// How Azure ML writes it.
    pub(crate) machine_learning_date: DateText,
    /// Azure Arc knows user-assigned identities and echoes the id; older hosts ignore it and answer for the machine.
    pub(crate) arc_user_assigned: bool,
    /// What Azure Arc names as its key file.
    pub(crate) arc_key_file: KeyFile,
    /// A key file of Azure Arc is good for one request.
    pub(crate) arc_key_single_use: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            system_assigned: true,
            user_assigned: vec!["triage".to_owned(), "reports".to_owned()],
            app_service_2017_date: DateText::Linux,
            machine_learning_date: DateText::Number,
            arc_user_assigned: true,
            arc_key_file: KeyFile::Good,
            arc_key_single_use: true,
        }
    }
}

/// Ways to write a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DateText {
    /// `06/20/2019 02:57:58 +00:00`.
    Linux,
    /// `1/16/2020 5:24:12 AM +00:00`.
    Windows,
    /// Seconds since 1970, as a number.
    Number,
    /// The same as a text.
    NumberText,
}

/// What becomes of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyFile {
    /// It is where it belongs.
    Good,
    /// It is named but not there.
    Missing,
    /// It is larger than 4096 bytes.
    Oversize,
    /// Its name does not end with `.key`.
    WrongSuffix,
    /// It is named in the directory above.
    Outside,
    /// It is named by a way through the directory above.
    Dots,
    /// It is a link to a file in the directory above.
    Link,
    /// The answer names no file at all.
    NoHeader,
}
