//! Access and identity tokens: what stands in them, and who an API takes the bearer for.
//!
//! Access tokens have the claims of version 1.0, which the Defender and Graph APIs get:
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::claims_request::AskedClaims;
use super::client::Authentication;
use super::identifiers::{stable_guid, stable_text};
use super::scope::OpenId;
use super::signing_key::SigningKey;
use crate::caller::{Audience, Caller, Grant, TokenFault};
use crate::directory::applications::{self, Application};
use crate::directory::managed_identities::ManagedIdentity;
use crate::directory::people::Person;
use crate::directory::resources;
use crate::directory::tenants::Tenant;

/// What an access token says.
#[derive(Debug)]
pub(crate) struct AccessToken<'a> {
    pub(crate) application: &'static Application,
    pub(crate) authentication: Authentication,
    pub(crate) tenant: &'static Tenant,
    /// The API's identifier as it was asked for.
    pub(crate) resource: &'a str,
    /// The person and the scopes granted; `None` for an app-only token.
    pub(crate) person: Option<(&'static Person, &'a [String])>,
    /// What the client asked for by the `claims` parameter.
    pub(crate) asked: AskedClaims,
    pub(crate) token_id: String,
    /// The managed identity whose token it is.
    pub(crate) identity: Option<&'static ManagedIdentity>,
}

impl AccessToken<'_> {
    /// The claims, valid from `now` for `lifetime`.
    pub(crate) fn claims(&self, now: Timestamp, lifetime: SignedDuration) -> Value {
        let begin = now.as_second();
        let tenant = self.tenant.id;
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        put("aud", json!(self.resource));
        put("iss", json!(format!("https://sts.windows.net/{tenant}/")));
        put("iat", json!(begin));
        put("nbf", json!(begin));
        put("exp", json!(begin.saturating_add(lifetime.as_secs())));
        put("app_displayname", json!(self.application.name));
        put("appid", json!(self.application.id));
        put(
            "appidacr",
            json!(match self.authentication {
                Authentication::Public => "0",
                Authentication::Secret => "1",
                Authentication::Assertion => "2",
            }),
        );
        match self.person {
            None => {
                let principal = self.identity.map_or_else(
                    || stable_guid(&[tenant, self.application.id]),
                    |identity| identity.object_id.to_owned(),
                );
                if let Some(identity) = self.identity {
                    put("xms_mirid", json!(identity.resource_id));
                }
                put("idtyp", json!("app"));
                put("oid", json!(principal));
                put("sub", json!(principal));
                let roles = resources::audience(self.resource)
                    .map(|audience| self.application.permissions(&audience).application)
                    .unwrap_or_default();
                // Without any role the claim is absent and the token is issued all the same.
                if !roles.is_empty() {
                    put("roles", json!(roles));
                }
            }
            Some((person, scopes)) => {
                put("idtyp", json!("user"));
                put("name", json!(person.display_name));
                put("oid", json!(person.object_id));
                put("scp", json!(scopes.join(" ")));
                put("sub", json!(stable_text(&[person.object_id, self.resource])));
                put("unique_name", json!(person.user_principal_name));
                put("upn", json!(person.user_principal_name));
            }
        }
        put("tid", json!(tenant));
        put("uti", json!(self.token_id));
        put("ver", json!("1.0"));
        self.asked.put(&mut claims);
        Value::Object(claims)
    }
}

/// The claims of an identity token (`OpenID` Connect Core section 2).
pub(crate) fn identity_claims(
    (issuer, token_id): (&str, &str),
    (application, person): (&Application, &Person),
    (openid, nonce): (OpenId, Option<&str>),
    (now, lifetime): (Timestamp, SignedDuration),
) -> Value {
    let begin = now.as_second();
    let mut claims = json!({
        "aud": application.id,
        "iss": issuer,
        "iat": begin,
        "nbf": begin,
        "exp": begin.saturating_add(lifetime.as_secs()),
        "oid": person.object_id,
        "sub": stable_text(&[person.object_id, application.id]),
        "tid": person.tenant.id,
        "uti": token_id,
        "ver": "2.0"
    });
    if let Some(claims) = claims.as_object_mut() {
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        if openid.profile {
            claims.insert("name".to_owned(), json!(person.display_name));
            claims.insert("preferred_username".to_owned(), json!(person.user_principal_name));
        }
        if openid.email {
            claims.insert("email".to_owned(), json!(person.user_principal_name));
        }
    }
    claims
}

/// Who an API of `tenant` takes the bearer of an `Authorization` header for.
pub(crate) fn caller(
    key: &SigningKey,
    tenant: &Tenant,
    authorization: Option<&str>,
    now: Timestamp,
) -> Result<Caller, TokenFault> {
    let token = authorization
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
        .map(|(_, token)| token.trim())
        .ok_or(TokenFault::Missing)?;
    let claims = key.verify(token).ok_or(TokenFault::Invalid)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).ok_or(TokenFault::Invalid);
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64).ok_or(TokenFault::Invalid);
    if text("ver")? != "1.0" || text("tid")? != tenant.id {
        return Err(TokenFault::Invalid);
    }
    if seconds("exp")? <= now.as_second() {
        return Err(TokenFault::Expired);
    }
    let application = applications::of_token(text("appid")?).ok_or(TokenFault::Invalid)?;
    let resource = text("aud")?;
    let grant = match text("scp") {
        Ok(scopes) => Grant::Delegated {
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            user_principal_name: text("upn")?.to_owned(),
            display_name: text("name")?.to_owned(),
        },
        Err(_) => Grant::Application {
            roles: claims
                .get("roles")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<BTreeSet<_>>(),
        },
    };
    Ok(Caller {
        tenant_id: tenant.id.to_owned(),
        application_id: application.id.to_owned(),
        application_name: application.name.to_owned(),
        audience: resources::audience(resource).unwrap_or_else(|| Audience::Other(resource.to_owned())),
        grant,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::applications::{AUTOMATION, UNCONSENTED};
    use crate::directory::people::NOOR;
    use crate::directory::tenants::{AURORA, BOREALIS};

    fn now() -> Timestamp {
        "2026-03-01T10:00:00Z".parse().unwrap()
    }

    fn token<'a>(application: &'static Application, resource: &'a str) -> AccessToken<'a> {
        AccessToken {
            application,
            authentication: Authentication::Secret,
            tenant: &AURORA,
            resource,
            person: None,
            asked: AskedClaims::default(),
            token_id: "u".to_owned(),
            identity: None,
        }
    }

    fn bearer(key: &SigningKey, token: &AccessToken<'_>) -> String {
        let lifetime = SignedDuration::from_secs(3599);
        format!("Bearer {}", key.sign(&token.claims(now(), lifetime)).unwrap())
    }

    #[test]
    fn an_app_only_token_names_its_roles_and_the_application() {
        let key = SigningKey::generate().unwrap();
        let header = bearer(&key, &token(&AUTOMATION, "https://graph.microsoft.com"));
        let caller = caller(&key, &AURORA, Some(&header), now()).unwrap();
        assert_eq!(caller.application_name, "Aurora Automation");
        assert_eq!(caller.audience, Audience::Graph);
        let Grant::Application { roles } = caller.grant else { panic!("delegated") };
        assert!(roles.contains("SecurityIncident.ReadWrite.All"));
    }

    #[test]
    fn without_consent_the_roles_claim_is_absent() {
        let claims =
            token(&UNCONSENTED, "https://graph.microsoft.com").claims(now(), SignedDuration::from_secs(60));
        assert!(claims.get("roles").is_none() && claims.get("scp").is_none());
        assert_eq!(claims["exp"], json!(now().as_second() + 60));
        assert_eq!(claims["oid"], claims["sub"]);
        assert_eq!(claims["iss"], "https://sts.windows.net/6f2c9a10-4b7d-4e3a-9c58-1d0e7b5a2f94/");
    }

    #[test]
    fn a_delegated_token_carries_the_person() {
        let key = SigningKey::generate().unwrap();
        let scopes = ["Incident.Read".to_owned()];
        let mut token = token(&AUTOMATION, "https://security.microsoft.com/mtp");
        token.person = Some((&NOOR, &scopes));
        let caller = caller(&key, &AURORA, Some(&bearer(&key, &token)), now()).unwrap();
        assert_eq!(caller.audience, Audience::Legacy);
        assert_eq!(
            caller.grant,
            Grant::Delegated {
                scopes: BTreeSet::from(["Incident.Read".to_owned()]),
                user_principal_name: "noor@aurora-lab.example".to_owned(),
                display_name: "Noor Vale".to_owned(),
            }
        );
    }

    #[test]
    fn a_token_is_expired_from_its_exp_on_and_invalid_elsewhere() {
        let key = SigningKey::generate().unwrap();
        let token = token(&AUTOMATION, "https://graph.microsoft.com");
        let header = bearer(&key, &token);
        let at = |seconds| now() + SignedDuration::from_secs(seconds);
        assert!(caller(&key, &AURORA, Some(&header), at(3598)).is_ok());
        assert_eq!(caller(&key, &AURORA, Some(&header), at(3599)).unwrap_err(), TokenFault::Expired);
        assert_eq!(caller(&key, &BOREALIS, Some(&header), now()).unwrap_err(), TokenFault::Invalid);
        let stranger = SigningKey::generate().unwrap();
        assert_eq!(caller(&stranger, &AURORA, Some(&header), now()).unwrap_err(), TokenFault::Invalid);
        assert_eq!(caller(&key, &AURORA, None, now()).unwrap_err(), TokenFault::Missing);
        assert_eq!(caller(&key, &AURORA, Some("Basic YTpi"), now()).unwrap_err(), TokenFault::Missing);
    }

    #[test]
    fn an_identity_token_opens_no_api() {
        let key = SigningKey::generate().unwrap();
        let openid = OpenId { openid: true, profile: true, ..OpenId::default() };
        let lifetime = SignedDuration::from_secs(3600);
        let claims = identity_claims(("i", "u"), (&AUTOMATION, &NOOR), (openid, None), (now(), lifetime));
        assert_eq!(claims["preferred_username"], "noor@aurora-lab.example");
        let header = format!("Bearer {}", key.sign(&claims).unwrap());
        assert_eq!(caller(&key, &AURORA, Some(&header), now()).unwrap_err(), TokenFault::Invalid);
    }
}
