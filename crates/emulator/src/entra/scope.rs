//! The `scope` parameter: which API a token is for, and with which permissions.
//!
//! Rules: <https://learn.microsoft.com/entra/identity-platform/scopes-oidc>.

use super::aadsts;
use super::refusal::Refusal;
use crate::caller::Audience;
use crate::directory::applications::Application;
use crate::directory::resources;

/// The words of `OpenID` Connect beside an API's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent words of the protocol")]
pub(crate) struct OpenId {
    pub(crate) openid: bool,
    pub(crate) profile: bool,
    pub(crate) email: bool,
    pub(crate) offline_access: bool,
}

/// One API of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The identifier as sent: it becomes the `aud` claim, trailing slash included.
    pub(crate) resource: String,
    pub(crate) audience: Audience,
    default: bool,
    names: Vec<String>,
}

/// What becomes of a scope that names several APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SeveralApis {
    /// Refused (70011): a first sign-in.
    Refuse,
    /// The first one counts: a refresh token may be used for any consented API.
    FirstCounts,
}

/// A scope that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) openid: OpenId,
    pub(crate) target: Target,
}

impl Scope {
    /// A scope of an application that acts for itself: exactly one `{resource}/.default`. The `OpenID` Connect words
    /// beside it are tolerated and mean nothing.
    pub(crate) fn app_only(text: &str, tenant: &str) -> Result<Self, Refusal> {
        let (openid, targets) = read(text);
        if targets.is_empty() || targets.iter().any(|target| !target.names.is_empty()) {
            return Err(aadsts::scope_without_default(text));
        }
        Self::choose(text, openid, targets, tenant, SeveralApis::Refuse)
    }

    /// A scope on behalf of a person; without any API it is for Microsoft Graph.
    pub(crate) fn delegated(text: &str, tenant: &str, several: SeveralApis) -> Result<Self, Refusal> {
        let (openid, mut targets) = read(text);
        if targets.is_empty() {
            if openid == OpenId::default() {
                return Err(aadsts::invalid_scope(text, "it is empty"));
            }
            targets.push(RawTarget::new(resources::DEFAULT));
        }
        Self::choose(text, openid, targets, tenant, several)
    }

    fn choose(
        text: &str,
        openid: OpenId,
        targets: Vec<RawTarget>,
        tenant: &str,
        several: SeveralApis,
    ) -> Result<Self, Refusal> {
        if targets.len() > 1 && several == SeveralApis::Refuse {
            return Err(aadsts::invalid_scope(text, "it names more than one resource"));
        }
        let Some(target) = targets.into_iter().next() else {
            return Err(aadsts::invalid_scope(text, "it names no resource"));
        };
        if target.resource.is_empty()
            || target.resource.contains('%')
            || target.names.iter().any(String::is_empty)
        {
            return Err(aadsts::invalid_scope(text, "it is not formatted correctly"));
        }
        if target.default && !target.names.is_empty() {
            return Err(aadsts::invalid_scope(
                text,
                ".default can't be combined with resource-specific scopes",
            ));
        }
        let Some(audience) = resources::audience(&target.resource) else {
            return Err(aadsts::unknown_resource(&target.resource, tenant));
        };
        let RawTarget { resource, default, names } = target;
        Ok(Self { openid, target: Target { resource, audience, default, names } })
    }
}

impl Target {
    /// The delegated permissions a token for this API carries: everything consented, provided that covers what was
    /// asked for. Otherwise consent is missing (65001).
    pub(crate) fn granted(&self, application: &Application) -> Result<Vec<String>, Refusal> {
        let consented = application.permissions(&self.audience).delegated;
        let covered = self
            .names
            .iter()
            .all(|name| consented.iter().any(|permission| permission.eq_ignore_ascii_case(name)));
        if consented.is_empty() || !covered {
            return Err(aadsts::consent_required(application.id, &self.resource));
        }
        Ok(consented.iter().map(|&permission| permission.to_owned()).collect())
    }

    /// The `scope` member of an answer: full names, and the `.default` that was asked for.
    pub(crate) fn answer(&self, granted: &[String], openid: OpenId) -> String {
        let mut words: Vec<String> =
            granted.iter().map(|permission| format!("{}/{permission}", self.resource)).collect();
        if self.default {
            words.push(format!("{}/.default", self.resource));
        }
        for (asked, word) in [(openid.openid, "openid"), (openid.profile, "profile"), (openid.email, "email")]
        {
            if asked {
                words.push(word.to_owned());
            }
        }
        words.join(" ")
    }
}

/// One API of a scope, not yet looked up.
#[derive(Debug)]
struct RawTarget {
    resource: String,
    default: bool,
    names: Vec<String>,
}

impl RawTarget {
    fn new(resource: &str) -> Self {
        Self { resource: resource.to_owned(), default: false, names: Vec::new() }
    }
}

fn read(text: &str) -> (OpenId, Vec<RawTarget>) {
    let mut openid = OpenId::default();
    let mut targets: Vec<RawTarget> = Vec::new();
    for word in text.split_whitespace() {
        match word {
            "openid" => openid.openid = true,
            "profile" => openid.profile = true,
            "email" => openid.email = true,
            "offline_access" => openid.offline_access = true,
            _ => {
                let (resource, name) = word.rsplit_once('/').unwrap_or((resources::DEFAULT, word));
                let index =
                    targets.iter().position(|target| target.resource == resource).unwrap_or_else(|| {
                        targets.push(RawTarget::new(resource));
                        targets.len() - 1
                    });
                if let Some(target) = targets.get_mut(index) {
                    if name == ".default" {
                        target.default = true;
                    } else {
                        target.names.push(name.to_owned());
                    }
                }
            }
        }
    }
    (openid, targets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::applications::{AUTOMATION, CORTEX_APP, UNCONSENTED};

    fn app_only(text: &str) -> Result<Target, u32> {
        Scope::app_only(text, "Aurora Lab").map(|scope| scope.target).map_err(|refusal| refusal.code.unwrap())
    }

    fn delegated(text: &str, several: SeveralApis) -> Result<Scope, u32> {
        Scope::delegated(text, "Aurora Lab", several).map_err(|refusal| refusal.code.unwrap())
    }

    #[test]
    fn an_app_only_scope_is_exactly_one_default() {
        let target = app_only("https://graph.microsoft.com/.default").unwrap();
        assert_eq!(
            (target.resource.as_str(), target.audience),
            ("https://graph.microsoft.com", Audience::Graph)
        );
        for bad in [
            "https://graph.microsoft.com/SecurityIncident.Read.All",
            "offline_access",
            "User.Read",
            "https%3A%2F%2Fx%2F.default",
        ] {
            assert_eq!(app_only(bad), Err(1_002_012), "{bad}");
        }
        assert_eq!(
            app_only("https://graph.microsoft.com/.default https://api.security.microsoft.com/.default"),
            Err(70_011)
        );
        assert_eq!(app_only("https://nobody.example/.default"), Err(500_011));
    }

    #[test]
    fn the_words_of_openid_connect_beside_an_app_only_default_are_tolerated() {
        let target =
            app_only("offline_access openid profile https://security.microsoft.com/mtp/.default").unwrap();
        assert_eq!(target.audience, Audience::Legacy);
        assert_eq!(target.resource, "https://security.microsoft.com/mtp");
    }

    #[test]
    fn a_double_slash_keeps_the_slash_in_the_audience() {
        let target = app_only("https://api.security.microsoft.com//.default").unwrap();
        assert_eq!(target.resource, "https://api.security.microsoft.com/");
    }

    #[test]
    fn a_sign_in_is_for_one_api_but_a_refresh_takes_the_first() {
        let both = "https://graph.microsoft.com/.default https://security.microsoft.com/mtp/.default";
        assert_eq!(delegated(both, SeveralApis::Refuse), Err(70_011));
        assert_eq!(delegated(both, SeveralApis::FirstCounts).unwrap().target.audience, Audience::Graph);
    }

    #[test]
    fn default_beside_named_permissions_of_the_same_api_is_refused() {
        let mixed = "https://graph.microsoft.com/.default https://graph.microsoft.com/User.Read";
        assert_eq!(delegated(mixed, SeveralApis::Refuse), Err(70_011));
    }

    #[test]
    fn a_token_carries_every_consented_permission_or_consent_is_missing() {
        let scope =
            delegated("offline_access https://security.microsoft.com/mtp/.default", SeveralApis::Refuse)
                .unwrap();
        assert!(scope.openid.offline_access && !scope.openid.openid);
        let granted = scope.target.granted(&CORTEX_APP).unwrap();
        assert_eq!(granted, ["Incident.ReadWrite", "AdvancedHunting.Read"]);
        assert_eq!(
            scope.target.answer(&granted, scope.openid),
            "https://security.microsoft.com/mtp/Incident.ReadWrite https://security.microsoft.com/mtp/AdvancedHunting.Read https://security.microsoft.com/mtp/.default"
        );
        let refused = scope.target.granted(&UNCONSENTED).unwrap_err();
        assert_eq!((refused.code, refused.suberror.as_deref()), (Some(65_001), Some("consent_required")));
        let named = delegated("Mail.Read", SeveralApis::Refuse).unwrap();
        assert_eq!(named.target.granted(&AUTOMATION).unwrap_err().code, Some(65_001));
    }
}
