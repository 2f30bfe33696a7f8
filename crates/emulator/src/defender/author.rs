//! How a caller is named as the author of a change.

use crate::caller::{Caller, Grant};

/// Names of one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Author {
    /// User principal name, or the application's name.
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// As `lastModifiedBy` shows it, such as `API-App:Aurora Automation`.
    pub(crate) modified_by: String,
}

impl From<&Caller> for Author {
    fn from(caller: &Caller) -> Self {
        match &caller.grant {
            Grant::Application { .. } => Self {
                name: caller.application_name.clone(),
                display_name: caller.application_name.clone(),
                modified_by: format!("API-App:{}", caller.application_name),
            },
            Grant::Delegated { user_principal_name, display_name, .. } => Self {
                name: user_principal_name.clone(),
                display_name: display_name.clone(),
                modified_by: user_principal_name.clone(),
            },
        }
    }
}
