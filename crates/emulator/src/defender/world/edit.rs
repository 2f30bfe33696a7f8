//! A change to a text that may also be taken away.

use serde::{Deserialize, Serialize};

/// What a request says about one nullable text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Edit {
    /// Not mentioned.
    #[default]
    Keep,
    Clear,
    Set(String),
}

impl Edit {
    /// Makes the change.
    pub(crate) fn apply(self, text: &mut Option<String>) {
        match self {
            Self::Keep => {}
            Self::Clear => *text = None,
            Self::Set(new) => *text = Some(new),
        }
    }
}

impl From<Option<String>> for Edit {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Clear, Self::Set)
    }
}
