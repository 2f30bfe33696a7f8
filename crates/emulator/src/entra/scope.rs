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

    /// The scope of an authorization request, which may name several APIs for consent: the first one counts for
    /// the token, unless its redemption names another.
    pub(crate) fn spanning(text: &str, tenant: &str) -> Result<(OpenId, Vec<Target>), Refusal> {
        let (openid, mut targets) = read(text);
        if targets.is_empty() {
            targets.push(RawTarget::new(resources::DEFAULT));
        }
        if targets.len() > 1 && targets.iter().any(|target| target.default) {
            return Err(aadsts::invalid_scope(
                text,
                ".default can't be combined with scopes of other resources",
            ));
        }
        let targets: Result<Vec<_>, _> =
            targets.into_iter().map(|target| target.look_up(text, tenant)).collect();
        Ok((openid, targets?))
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
        Ok(Self { openid, target: target.look_up(text, tenant)? })
    }
}

impl Target {
    /// The delegated permissions a token for this API carries: everything consented, provided that covers what was
    /// asked for. Otherwise consent is missing (65001).
    pub(crate) fn granted(
        &self,
        application: &Application,
        consented: Vec<String>,
    ) -> Result<Vec<String>, Refusal> {
        if consented.is_empty() || !self.covered_by(&consented) {
            return Err(aadsts::consent_required(application.id, &self.resource));
        }
        Ok(consented)
    }

    fn covered_by(&self, permissions: &[String]) -> bool {
        self.names
            .iter()
            .all(|name| permissions.iter().any(|permission| permission.eq_ignore_ascii_case(name)))
    }

    /// The permissions this asks for: those named, or for `.default` those of the registration.
    pub(crate) fn asked(&self, application: &Application) -> Vec<String> {
        if self.names.is_empty() {
            let consented = application.permissions(&self.audience).delegated;
            consented.iter().chain(application.awaited(&self.audience)).map(|&name| name.to_owned()).collect()
        } else {
            self.names.clone()
        }
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

/// Whether a word of a scope is one of `OpenID` Connect.
pub(crate) fn is_openid_word(word: &str) -> bool {
    matches!(word, "openid" | "profile" | "email" | "offline_access")
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

    fn look_up(self, text: &str, tenant: &str) -> Result<Target, Refusal> {
        if self.resource.is_empty() || self.resource.contains('%') || self.names.iter().any(String::is_empty)
        {
            return Err(aadsts::invalid_scope(text, "it is not formatted correctly"));
        }
        if self.default && !self.names.is_empty() {
            return Err(aadsts::invalid_scope(
                text,
                ".default can't be combined with resource-specific scopes",
            ));
        }
        let Some(audience) = resources::audience(&self.resource) else {
            return Err(aadsts::unknown_resource(&self.resource, tenant));
        };
        let Self { resource, default, names } = self;
        Ok(Target { resource, audience, default, names })
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
        let consented = |application: &Application, target: &Target| {
            let all = application.permissions(&target.audience).delegated;
            target.granted(application, all.iter().map(|&name| name.to_owned()).collect())
        };
        let granted = consented(&CORTEX_APP, &scope.target).unwrap();
        assert_eq!(granted, ["Incident.ReadWrite", "AdvancedHunting.Read"]);
        assert_eq!(
            scope.target.answer(&granted, scope.openid),
            "https://security.microsoft.com/mtp/Incident.ReadWrite https://security.microsoft.com/mtp/AdvancedHunting.Read https://security.microsoft.com/mtp/.default"
        );
        let refused = consented(&UNCONSENTED, &scope.target).unwrap_err();
        assert_eq!((refused.code, refused.suberror.as_deref()), (Some(65_001), Some("consent_required")));
        let named = delegated("Mail.Read", SeveralApis::Refuse).unwrap();
        assert_eq!(consented(&AUTOMATION, &named.target).unwrap_err().code, Some(65_001));
    }
}
