//! The first segment of an authority path: which tenant a request is for.

use super::aadsts;
use super::identifiers::is_guid;
use super::refusal::Refusal;
use crate::directory::applications::Application;
use crate::directory::tenants::{self, Tenant};

/// The tenant of personal accounts, which `consumers` stands for.
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A tenant, or one of the words that leave the choice to the person who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment {
    Tenant(&'static Tenant),
    Common,
    Organizations,
    Consumers,
}

impl Segment {
    /// Reads a segment; 90002 for a tenant nobody knows, 900023 for what cannot be one.
    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        match text.to_ascii_lowercase().as_str() {
            "common" => return Ok(Self::Common),
            "organizations" => return Ok(Self::Organizations),
            "consumers" | PERSONAL_ACCOUNTS => return Ok(Self::Consumers),
            _ => {}
        }
        if let Some(tenant) = tenants::find(text) {
            return Ok(Self::Tenant(tenant));
        }
        if is_guid(text) || is_domain(text) {
            Err(aadsts::unknown_tenant(text))
        } else {
            Err(aadsts::malformed_tenant(text))
        }
    }

    /// The segment in its one spelling: a GUID or the word.
    pub(crate) fn canonical(self) -> &'static str {
        match self {
            Self::Tenant(tenant) => tenant.id,
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
        }
    }

    /// The tenant a client signs in to without any person; only a named tenant will do.
    pub(crate) fn for_application(self) -> Result<&'static Tenant, Refusal> {
        match self {
            Self::Tenant(tenant) => Ok(tenant),
            Self::Organizations => Err(aadsts::no_tenant_information()),
            Self::Common | Self::Consumers => Err(aadsts::grant_needs_a_tenant()),
        }
    }

    /// Whether people may sign in to an application through this segment.
    pub(crate) fn admits(self, application: &Application) -> Result<(), Refusal> {
        match (self, application.tenant) {
            (Self::Tenant(tenant), Some(home)) if tenant != home => {
                Err(aadsts::unknown_application(application.id, tenant.display_name))
            }
            (Self::Common | Self::Organizations, Some(_)) => Err(aadsts::single_tenant(application.name)),
            (Self::Consumers, _) => Err(aadsts::work_accounts_only(application.name)),
            _ => Ok(()),
        }
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::applications::{AUTOMATION, CORTEX_APP};
    use crate::directory::tenants::{AURORA, BOREALIS};

    fn code(refusal: Result<impl std::fmt::Debug, Refusal>) -> u32 {
        refusal.unwrap_err().code.unwrap()
    }

    #[test]
    fn a_tenant_is_known_by_guid_and_by_domain_in_any_case() {
        assert_eq!(Segment::read("6F2C9A10-4b7d-4e3a-9c58-1d0e7b5a2f94"), Ok(Segment::Tenant(&AURORA)));
        assert_eq!(Segment::read("Borealis-Lab.example"), Ok(Segment::Tenant(&BOREALIS)));
        assert_eq!(Segment::read("Organizations"), Ok(Segment::Organizations));
        assert_eq!(Segment::read(PERSONAL_ACCOUNTS), Ok(Segment::Consumers));
    }

    #[test]
    fn an_unknown_tenant_is_90002_and_a_malformed_one_900023() {
        assert_eq!(code(Segment::read("00000000-1111-2222-3333-444444444444")), 90_002);
        assert_eq!(code(Segment::read("nobody.example")), 90_002);
        for malformed in ["contoso", "-bad.example", "a..example", "6f2c9a10", ""] {
            assert_eq!(code(Segment::read(malformed)), 900_023, "{malformed}");
        }
    }

    #[test]
    fn an_application_alone_needs_a_named_tenant() {
        assert_eq!(Segment::Tenant(&AURORA).for_application(), Ok(&AURORA));
        assert_eq!(code(Segment::Common.for_application()), 9_001_023);
        assert_eq!(code(Segment::Consumers.for_application()), 9_001_023);
        assert_eq!(code(Segment::Organizations.for_application()), 50_059);
    }

    #[test]
    fn only_a_multi_tenant_application_takes_people_from_anywhere() {
        assert_eq!(Segment::Organizations.admits(&CORTEX_APP), Ok(()));
        assert_eq!(Segment::Tenant(&BOREALIS).admits(&CORTEX_APP), Ok(()));
        assert_eq!(code(Segment::Common.admits(&AUTOMATION)), 50_194);
        assert_eq!(code(Segment::Tenant(&BOREALIS).admits(&AUTOMATION)), 700_016);
        assert_eq!(code(Segment::Consumers.admits(&CORTEX_APP)), 9_002_332);
    }
}
