//! Issuers outside the tenant, which the emulator plays itself: clusters and builds, and the tokens they give.
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>

use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::directory::applications;
use crate::entra::Entra;
use crate::exchange::{Request, Response};

/// Trust in the tokens of an issuer: all three have to fit exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederatedCredential {
    /// URL of the issuer. A bare name stands for the emulator's own issuer of that name.
    pub(crate) issuer: String,
    pub(crate) subject: String,
    #[serde(default = "token_exchange")]
    pub(crate) audience: String,
}

fn token_exchange() -> String {
    "api://AzureADTokenExchange".to_owned()
}

/// A token to be made by one of the emulator's issuers. What is absent is as the seeded application expects it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubjectToken {
    /// The `sub` claim.
    pub subject: Option<String>,
    /// The `aud` claim (`api://AzureADTokenExchange`).
    pub audience: Option<String>,
    /// Life in seconds (3600); negative for a token that has expired already.
    pub lifetime_seconds: Option<i64>,
}

/// What a build shows to be given its token.
pub(crate) const BUILD_REQUEST_TOKEN: &str = "build-request-token-not-real";

const BUILD_ISSUER: &str = "github";

pub(crate) fn issuer_url(origin: &str, name: &str) -> String {
    format!("{origin}/_federation/{name}")
}

impl FederatedCredential {
    /// The same with the URL of the issuer in place of its name.
    pub(crate) fn spelled_out(self, origin: &str) -> Self {
        if self.issuer.contains("://") {
            self
        } else {
            Self { issuer: issuer_url(origin, &self.issuer), ..self }
        }
    }
}

impl Entra {
    /// Answers below `/_federation/{name}`: metadata, keys, and for builds the request of their token.
    pub(crate) fn federation(&self, request: &Request, path: &[&str], now: Timestamp) -> Option<Response> {
        let [name, rest @ ..] = path else { return None };
        let issuer = issuer_url(&self.origin, name);
        let document = |body: &Value| Some(Response::json(StatusCode::OK, body));
        match rest {
            [".well-known", "openid-configuration"] => document(&json!({
                "issuer": issuer,
                "jwks_uri": format!("{issuer}/keys"),
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            })),
            ["keys"] => document(&json!({ "keys": [self.key.public_key(&issuer)] })),
            ["token-request"] if *name == BUILD_ISSUER => {
                if request.header("authorization").and_then(|value| value.split_once(' ')).is_none_or(
                    |(scheme, token)| {
                        !scheme.eq_ignore_ascii_case("bearer") || token.trim() != BUILD_REQUEST_TOKEN
                    },
                ) {
                    let body = json!({ "$id": "1", "message": "TF400813: The user is not authorized to access this resource." });
                    return Some(Response::json(StatusCode::UNAUTHORIZED, &body));
                }
                let audience = request.option("audience").unwrap_or("https://github.com/aurora-lab");
                let asked = SubjectToken { audience: Some(audience.to_owned()), ..SubjectToken::default() };
                let token = self.subject_token(name, &asked, now)?;
                document(&json!({ "count": token.len(), "value": token }))
            }
            _ => None,
        }
    }

    /// A token as a cluster gives it to a pod (`kubernetes`), as a build gets it (`github`), or with nothing but
    /// the usual claims (any other name). `None` when the system gives no random numbers to sign with.
    pub(crate) fn subject_token(&self, name: &str, asked: &SubjectToken, now: Timestamp) -> Option<String> {
        let seeded = applications::WORKLOAD.federations.iter().find(|known| known.issuer == name);
        let subject =
            asked.subject.as_deref().or(seeded.map(|known| known.subject)).unwrap_or("somebody").to_owned();
        let audience = asked.audience.clone().unwrap_or_else(token_exchange);
        let life = asked.lifetime_seconds.unwrap_or(3600);
        let begin =
            if life < 0 { now.as_second().saturating_add(life.saturating_mul(2)) } else { now.as_second() };
        let mut claims = json!({
            "iss": issuer_url(&self.origin, name),
            "sub": subject,
            "aud": audience,
            "iat": begin,
            "nbf": begin,
            "exp": now.as_second().saturating_add(life),
            "jti": format!("{name}-{begin}"),
        });
        match name {
            "kubernetes" => {
                let mut parts = subject.rsplit(':');
                let (account, namespace) =
                    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                claims["aud"] = json!([audience]);
                claims["kubernetes.io"] = json!({
                    "namespace": namespace,
                    "serviceaccount": { "name": account, "uid": "0a6f2e31-58c4-4d7b-9e02-b1c3d5f7a940" },
                    "pod": { "name": format!("{account}-0"), "uid": "7be1c9d4-2f60-4a83-8b5d-e0f1a2c3d496" },
                });
            }
            BUILD_ISSUER => {
                let mut parts = subject.splitn(4, ':');
                let repository = parts.nth(1).unwrap_or_default();
                claims["repository"] = json!(repository);
                claims["repository_owner"] = json!(repository.split('/').next().unwrap_or_default());
                claims["ref"] = json!(subject.rsplit(':').next().unwrap_or_default());
                claims["actor"] = json!("dana");
                claims["event_name"] = json!("push");
                claims["workflow"] = json!("triage");
                claims["runner_environment"] = json!("github-hosted");
            }
            _ => {}
        }
        self.key.sign(&claims).ok()
    }
}
