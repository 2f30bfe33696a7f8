//! Which managed identity is asked for: the host's own, or a user-assigned one by one of three ids.

use defender_xdr_core::entra::is_guid;
use defender_xdr_core::settings::{SettingsError, Values, quoted_word};

use crate::source::Source;
use crate::wire::TokenAnswer;

const CLIENT: &str = "managed-identity-client-id";
const OBJECT: &str = "managed-identity-object-id";
const RESOURCE: &str = "managed-identity-resource-id";

/// How Cortex XSOAR writes "the host's own".
const SYSTEM: &str = "SYSTEM_ASSIGNED";

/// A managed identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ManagedIdentity {
    /// The host's own.
    System,
    /// User-assigned, by client id.
    Client(String),
    /// User-assigned, by object (principal) id.
    Object(String),
    /// User-assigned, by Azure resource id.
    Resource(String),
}

impl ManagedIdentity {
    /// Reads the three keys; at most one may be set.
    pub(crate) fn from_values(values: &Values) -> Result<Self, SettingsError> {
        let mut set = [CLIENT, OBJECT, RESOURCE].into_iter().filter(|key| values.text(key).is_some());
        let (first, second) = (set.next(), set.next());
        if let (Some(first), Some(second)) = (first, second) {
            return Err(values.blame(
                second,
                SettingsError::new(format!(
                    "`{first}` and `{second}` are both set, and an identity has one name here"
                ))
                .with_hint("keep one of them"),
            ));
        }
        let Some(key) = first else { return Ok(Self::System) };
        let text = values.text(key).unwrap_or_default().trim();
        let unusable = |expected: &str| {
            Err(values
                .blame(key, SettingsError::new(format!("`{key}` is {}, not {expected}", quoted_word(text)))))
        };
        match key {
            _ if text.eq_ignore_ascii_case(SYSTEM) => Ok(Self::System),
            CLIENT if is_guid(text) => Ok(Self::Client(text.to_ascii_lowercase())),
            OBJECT if is_guid(text) => Ok(Self::Object(text.to_ascii_lowercase())),
            RESOURCE if text.starts_with("/subscriptions/") => Ok(Self::Resource(text.to_owned())),
            RESOURCE => unusable("an Azure resource ID such as /subscriptions/…/userAssignedIdentities/NAME"),
            _ => unusable("a GUID"),
        }
    }

    /// The settings key it came from, and its id.
    pub(crate) fn named(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::System => None,
            Self::Client(id) => Some((CLIENT, id)),
            Self::Object(id) => Some((OBJECT, id)),
            Self::Resource(id) => Some((RESOURCE, id)),
        }
    }

    /// What its tokens are filed under. Letter case tells no identity from another.
    pub(crate) fn account(&self) -> String {
        self.named()
            .map_or_else(|| "system".to_owned(), |(key, id)| format!("{key} {}", id.to_ascii_lowercase()))
    }

    /// Name and value of the parameter by which this kind of host is asked for it.
    ///
    /// # Errors
    /// When such a host takes no such id.
    pub(crate) fn parameter(
        &self,
        source: Source,
        values: &Values,
    ) -> Result<Option<(&'static str, String)>, SettingsError> {
        let Some((key, id)) = self.named() else { return Ok(None) };
        let names = source.id_parameters();
        let name = match self {
            Self::System => None,
            Self::Client(_) => names.client,
            Self::Object(_) => names.object,
            Self::Resource(_) => names.resource,
        };
        match name {
            Some(name) => Ok(Some((name, id.to_owned()))),
            None => Err(values.blame(
                key,
                SettingsError::new(format!("`{key}` is set, and {} takes no such id", source.name()))
                    .with_hint(if names.client.is_some() {
                        format!("set `{CLIENT}` in its place")
                    } else {
                        format!("remove `{key}`: {}", source.how_to_assign())
                    }),
            )),
        }
    }

    /// What a host says about whose token it gave, in terms of the id that was asked for.
    pub(crate) fn echo<'a>(&self, answer: &'a TokenAnswer) -> Option<&'a str> {
        match self {
            Self::System => None,
            Self::Client(_) => answer.client_id.as_deref(),
            Self::Object(_) => answer.object_id.as_deref().or(answer.principal_id.as_deref()),
            Self::Resource(_) => answer.msi_res_id.as_deref().or(answer.mi_res_id.as_deref()),
        }
        .filter(|id| !id.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "b7e0c5d1-2f3a-4c6b-8d9e-0a1b2c3d4e5f";

    fn read(pairs: &[(&str, &str)]) -> Result<ManagedIdentity, String> {
        ManagedIdentity::from_values(&pairs.iter().copied().collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_and_the_word_of_cortex_mean_the_hosts_own() {
        for pairs in
            [&[][..], &[(CLIENT, "")], &[(CLIENT, "SYSTEM_ASSIGNED")], &[(CLIENT, "system_assigned")]]
        {
            assert_eq!(read(pairs), Ok(ManagedIdentity::System));
        }
    }

    #[test]
    fn each_id_is_read_in_its_form() {
        assert_eq!(read(&[(CLIENT, &ID.to_uppercase())]), Ok(ManagedIdentity::Client(ID.into())));
        assert_eq!(read(&[(OBJECT, ID)]), Ok(ManagedIdentity::Object(ID.into())));
        let resource =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/Me";
        assert_eq!(read(&[(RESOURCE, resource)]), Ok(ManagedIdentity::Resource(resource.into())));
        for (key, text) in [(CLIENT, "me"), (OBJECT, "me"), (RESOURCE, ID)] {
            assert!(read(&[(key, text)]).is_err_and(|error| error.contains(key)), "{key}");
        }
    }

    #[test]
    fn two_ids_are_one_too_many() {
        let error = read(&[(CLIENT, ID), (OBJECT, ID)]).expect_err("two");
        assert!(error.contains(CLIENT) && error.contains(OBJECT), "{error}");
    }

    #[test]
    fn the_same_text_under_another_key_is_another_account() {
        let [client, object] = [ManagedIdentity::Client(ID.into()), ManagedIdentity::Object(ID.into())];
        assert_ne!(client.account(), object.account());
        assert_ne!(client.account(), ManagedIdentity::System.account());
    }
}
