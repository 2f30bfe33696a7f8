//! One record of a list, in the forms in which commands have it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

/// One record of a list.
pub(crate) enum Record<'a, T> {
    /// In our form.
    Model(&'a T),
    /// JSON text in our form.
    Text(&'a str),
    /// The server's own JSON text.
    Raw(&'a str),
}

impl<T: Serialize> Record<'_, T> {
    pub(super) fn json(&self) -> Result<Cow<'_, str>, Failure> {
        match self {
            Self::Raw(json) | Self::Text(json) => Ok(Cow::Borrowed(*json)),
            Self::Model(value) => Ok(Cow::Owned(serde_json::to_string(value).map_err(|error| bug(&error))?)),
        }
    }

    pub(super) fn value(&self) -> Result<Value, Failure> {
        let value = match self {
            Self::Raw(json) | Self::Text(json) => serde_json::from_str(json),
            Self::Model(value) => serde_json::to_value(value),
        };
        value.map_err(|error| bug(&error))
    }

    pub(super) fn is_raw(&self) -> bool {
        matches!(self, Self::Raw(_))
    }
}

pub(super) fn bug(error: &serde_json::Error) -> Failure {
    Failure::bug(error.to_string())
}
