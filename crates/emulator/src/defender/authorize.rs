//! Whether a caller may use a route: token, tenant, audience, permission and, for people, the directory role.
//!
//! Sources: Microsoft Learn, permission tables of the incident, alert and hunting pages of both APIs.

use crate::caller::{Audience, Caller, Grant, TokenFault};

/// What a route asks for: one permission of the list that fits the kind of token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requirement {
    pub(crate) roles: &'static [&'static str],
    pub(crate) scopes: &'static [&'static str],
    /// Changes something, which a reader's directory role does not allow.
    pub(crate) writes: bool,
}

/// Why a caller is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Token(TokenFault),
    WrongAudience,
    /// App-only: none of `required` is among `granted`.
    MissingRoles {
        required: &'static [&'static str],
        granted: Vec<String>,
    },
    /// Delegated: the same for scopes.
    MissingScopes {
        required: &'static [&'static str],
        granted: Vec<String>,
    },
    /// The person holds no security role that allows this.
    DirectoryRole,
}

/// What a person may do by directory role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DirectoryRole {
    None,
    SecurityReader,
    SecurityOperator,
}

/// Security roles by the local part of the user principal name: the same people exist in every tenant.
fn directory_role(user_principal_name: &str) -> DirectoryRole {
    match user_principal_name.split('@').next() {
        Some(name) if name.eq_ignore_ascii_case("dana") => DirectoryRole::SecurityOperator,
        Some(name) if name.eq_ignore_ascii_case("mika") => DirectoryRole::SecurityReader,
        _ => DirectoryRole::None,
    }
}

/// The caller, if the token is good for this tenant and API.
pub(crate) fn authenticate<'c>(
    caller: &'c Result<Caller, TokenFault>,
    tenant_id: &str,
    audience: &Audience,
) -> Result<&'c Caller, Refusal> {
    let caller = caller.as_ref().map_err(|fault| Refusal::Token(*fault))?;
    if caller.tenant_id != tenant_id {
        return Err(Refusal::Token(TokenFault::Invalid));
    }
    if caller.audience != *audience {
        return Err(Refusal::WrongAudience);
    }
    Ok(caller)
}

/// Whether an authenticated caller may use a route.
pub(crate) fn permit(caller: &Caller, requirement: &Requirement) -> Result<(), Refusal> {
    match &caller.grant {
        Grant::Application { roles } => {
            if requirement.roles.iter().any(|role| roles.contains(*role)) {
                return Ok(());
            }
            Err(Refusal::MissingRoles {
                required: requirement.roles,
                granted: roles.iter().cloned().collect(),
            })
        }
        Grant::Delegated { scopes, user_principal_name, .. } => {
            if !requirement.scopes.iter().any(|scope| scopes.contains(*scope)) {
                let granted = scopes.iter().cloned().collect();
                return Err(Refusal::MissingScopes { required: requirement.scopes, granted });
            }
            let needed = if requirement.writes {
                DirectoryRole::SecurityOperator
            } else {
                DirectoryRole::SecurityReader
            };
            if directory_role(user_principal_name) < needed {
                return Err(Refusal::DirectoryRole);
            }
            Ok(())
        }
    }
}

impl Refusal {
    /// The text both APIs put into a 403 (observed in published reports); `None` for faults of the token itself.
    pub(crate) fn forbidden_text(&self) -> Option<String> {
        match self {
            Self::Token(_) | Self::WrongAudience => None,
            Self::MissingRoles { required, granted } => Some(format!(
                "Missing application roles. API required roles: {}, application roles: {}.",
                required.join(","),
                granted.join(",")
            )),
            Self::MissingScopes { required, granted } => Some(format!(
                "Missing application scopes. API required scopes: {}, application scopes: {}.",
                required.join(","),
                granted.join(",")
            )),
            Self::DirectoryRole => Some(
                "Auth token does not contain valid permissions or user does not have valid roles.".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Requirement, authenticate, permit};
    use crate::caller::{Audience, Caller, Grant, TokenFault};

    const READ: Requirement = Requirement {
        roles: &["Incident.Read.All", "Incident.ReadWrite.All"],
        scopes: &["Incident.Read", "Incident.ReadWrite"],
        writes: false,
    };
    const WRITE: Requirement =
        Requirement { roles: &["Incident.ReadWrite.All"], scopes: &["Incident.ReadWrite"], writes: true };

    fn caller(audience: Audience, grant: Grant) -> Caller {
        Caller {
            tenant_id: "tenant".to_owned(),
            application_id: "app".to_owned(),
            application_name: "App".to_owned(),
            audience,
            grant,
        }
    }

    fn application(roles: &[&str]) -> Grant {
        Grant::Application { roles: roles.iter().map(|role| (*role).to_owned()).collect() }
    }

    fn person(name: &str) -> Grant {
        Grant::Delegated {
            scopes: ["Incident.ReadWrite".to_owned()].into(),
            user_principal_name: format!("{name}@aurora-lab.example"),
            display_name: name.to_owned(),
        }
    }

    #[test]
    fn a_missing_role_is_named_together_with_the_granted_ones() {
        let caller = caller(Audience::Legacy, application(&["AdvancedHunting.Read.All"]));
        assert_eq!(
            permit(&caller, &READ).unwrap_err().forbidden_text().unwrap(),
            "Missing application roles. API required roles: Incident.Read.All,Incident.ReadWrite.All, \
             application roles: AdvancedHunting.Read.All."
        );
    }

    #[test]
    fn a_token_for_another_api_or_tenant_is_refused() {
        let graph = Ok(caller(Audience::Graph, application(&[])));
        assert_eq!(authenticate(&graph, "tenant", &Audience::Legacy).unwrap_err(), Refusal::WrongAudience);
        let legacy = Ok(caller(Audience::Legacy, application(&[])));
        assert_eq!(
            authenticate(&legacy, "other", &Audience::Legacy).unwrap_err(),
            Refusal::Token(TokenFault::Invalid)
        );
        assert!(authenticate(&legacy, "tenant", &Audience::Legacy).is_ok());
        let expired = Err(TokenFault::Expired);
        assert_eq!(
            authenticate(&expired, "tenant", &Audience::Legacy).unwrap_err(),
            Refusal::Token(TokenFault::Expired)
        );
    }

    #[test]
    fn a_person_needs_a_security_role_besides_the_scope() {
        assert!(permit(&caller(Audience::Legacy, person("dana")), &WRITE).is_ok());
        assert!(permit(&caller(Audience::Legacy, person("mika")), &READ).is_ok());
        for (name, requirement) in [("mika", &WRITE), ("noor", &READ)] {
            let caller = caller(Audience::Legacy, person(name));
            assert_eq!(permit(&caller, requirement).unwrap_err(), Refusal::DirectoryRole);
        }
    }
}
