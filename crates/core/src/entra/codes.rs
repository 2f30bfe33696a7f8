//! What AADSTS numbers mean and what to do, as one table. Numbers are hints: the OAuth `error` decides first.
//!
//! Source: "Microsoft Entra authentication and authorization error codes".

use super::wire::ErrorBody;
use crate::auth::AuthErrorKind::{
    self, Configuration, ConsentRequired, Declined, Expired, InteractionRequired, InvalidClient, Paused,
    Pending, Policy, ResourceUnknown, SignInAgain, Tenant, Throttled, Unavailable, UnknownApplication,
};

/// What an Entra error means for the person who reads it.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The kind of failure.
    pub kind: AuthErrorKind,
    /// What to do, as one sentence.
    pub hint: &'static str,
}

const fn row(code: u32, kind: AuthErrorKind, hint: &'static str) -> (u32, Explanation) {
    (code, Explanation { kind, hint })
}

#[rustfmt::skip]
const TABLE: &[(u32, Explanation)] = &[
    row(50011,   Configuration,    "register exactly this redirect URI in the application, or use the registered one"),
    row(50013,   InvalidClient,    "the assertion's signature cannot be checked: is it the right key, and are the issuer's keys public?"),
    row(50020,   Tenant,           "the account belongs to another tenant: set `tenant-id` to it, or invite the account as a guest"),
    row(50034,   SignInAgain,      "the user is not in this directory: check the user name and `tenant-id`"),
    row(50053,   Policy,           "the account is locked or the address is flagged: wait, or ask an administrator to unlock it"),
    row(50055,   SignInAgain,      "the password has expired: change it, then sign in again"),
    row(50057,   Policy,           "the user is disabled: an administrator has to enable the account"),
    row(50059,   Tenant,           "set `tenant-id` to the tenant's GUID or domain instead of `common` or `organizations`"),
    row(50076,   InteractionRequired, "multi-factor authentication is required: sign in again and complete it"),
    row(50078,   InteractionRequired, "multi-factor authentication has expired: sign in again and complete it"),
    row(50079,   InteractionRequired, "the user must enrol for multi-factor authentication: sign in again in a browser"),
    row(50097,   Policy,           "a registered device is required: use a flow that signs in through a browser on such a device"),
    row(50105,   Policy,           "an administrator has to assign the user to this application (Enterprise applications, Users and groups)"),
    row(50126,   SignInAgain,      "the user name or password is wrong: sign in again"),
    row(50158,   InteractionRequired, "an external check is required: sign in again in a browser"),
    row(50173,   SignInAgain,      "the sign-in was revoked, for example by a password change: sign in again"),
    row(50194,   Tenant,           "the application is single-tenant: set `tenant-id` to its tenant"),
    row(50196,   Paused,           "Entra saw the same request too often: wait some minutes before trying again"),
    row(50199,   InteractionRequired, "Entra asks for a confirmation: sign in again in a browser"),
    row(53000,   Policy,           "Conditional Access demands a compliant device, which a device code cannot prove: use another flow"),
    row(53001,   Policy,           "Conditional Access demands a domain-joined device, which a device code cannot prove: use another flow"),
    row(53002,   Policy,           "Conditional Access demands an approved application: ask an administrator"),
    row(53003,   Policy,           "Conditional Access blocks this sign-in (often the device code flow or the location): use another flow or ask for an exception"),
    row(54005,   SignInAgain,      "the code has been used already: start again"),
    row(65001,   ConsentRequired,  "an administrator has to consent to the permissions of this application"),
    row(65004,   Declined,         "the consent was declined: start again and accept it"),
    row(70000,   SignInAgain,      "the code or refresh token is malformed or belongs to another application: sign in again"),
    row(70003,   Configuration,    "the tenant does not know this kind of request: check `authority-host`"),
    row(70008,   SignInAgain,      "the sign-in has expired: sign in again"),
    row(70011,   Configuration,    "the scope is not valid: check `scope`, one resource with /.default"),
    row(70016,   Pending,          "the sign-in is not completed yet"),
    row(70020,   Expired,          "the device code has expired: start again"),
    row(70021,   InvalidClient,    "no federated credential of the application fits the token's issuer, subject and audience; a new one takes some minutes to work"),
    row(70043,   SignInAgain,      "a sign-in frequency policy ended the session: sign in again"),
    row(90002,   Tenant,           "the tenant was not found: check `tenant-id`, and `cloud` if it lives in another cloud"),
    row(90033,   Unavailable,      "Entra has a passing fault: try again"),
    row(90038,   Tenant,           "the tenant lives in another cloud: set `cloud`"),
    row(90055,   Throttled,        "the tenant is throttled: try again later"),
    row(90094,   ConsentRequired,  "only an administrator may consent to these permissions"),
    row(90130,   Tenant,           "this application cannot be used with `common`: set `tenant-id` to your tenant"),
    row(500_011, ResourceUnknown,  "the tenant does not know this API: check `cloud`, `tenant-id` and `scope`"),
    row(530_003, Policy,           "Conditional Access demands a managed device, which a device code cannot prove: use another flow"),
    row(650_052, Policy,           "the service is not enabled in this tenant: an administrator has to subscribe to it and consent"),
    row(650_057, Configuration,    "the API is not among the application's permissions: add it in the app registration"),
    row(700_016, UnknownApplication, "the application is not known in this tenant: check `application-id`, `tenant-id` and `cloud`"),
    row(700_024, InvalidClient,    "the assertion is outside its validity: check this machine's clock"),
    row(700_025, Configuration,    "the application is public and takes no secret: remove `client-secret`, or use a flow with one"),
    row(700_027, InvalidClient,    "the certificate is not registered for this application: upload it there, and check `application-id`"),
    row(700_082, SignInAgain,      "the sign-in was not used for 90 days: sign in again"),
    row(700_084, SignInAgain,      "the sign-in of a single-page application ends after 24 hours: sign in again"),
    row(700_211, InvalidClient,    "no federated credential of the application names the token's issuer"),
    row(700_212, InvalidClient,    "no federated credential of the application names the token's audience"),
    row(700_213, InvalidClient,    "no federated credential of the application names the token's subject"),
    row(900_023, Tenant,           "`tenant-id` is neither a tenant GUID nor a domain"),
    row(900_144, Configuration,    "the request lacks a field: check `authority-host`"),
    row(1_002_012, Configuration,  "app-only sign-in takes exactly one scope that ends in /.default: check `scope`"),
    row(7_000_014, SignInAgain,    "the code is not known: start again"),
    row(7_000_112, UnknownApplication, "the application is disabled in this tenant: an administrator has to enable it"),
    row(7_000_215, InvalidClient,  "set `client-secret` to the secret's value; the portal shows its ID beside it, which is not the secret"),
    row(7_000_218, InvalidClient,  "the application is not a public client: set \"Allow public client flows\" to Yes in its registration, or use a flow with a secret"),
    row(7_000_222, InvalidClient,  "the secret has expired: make a new one in the app registration and set `client-secret` to its value"),
    row(7_000_229, UnknownApplication, "the application has no service principal in this tenant: an administrator has to consent to it"),
    row(7_002_138, InvalidClient,  "the token's subject fits a federated credential only when letter case is ignored"),
    row(9_001_023, Tenant,         "set `tenant-id` to the tenant's GUID or domain: this sign-in does not work with `common` or `organizations`"),
    row(9_002_313, SignInAgain,    "the code or token is malformed, perhaps cut off: enter it again"),
];

/// Explains an error body by its number, else by its OAuth code alone.
pub fn explain(body: &ErrorBody) -> Explanation {
    if body.suberror.as_deref() == Some("consent_required") {
        return lookup(65001).unwrap_or(UNKNOWN);
    }
    if let Some(found) = body.code().and_then(lookup) {
        return found;
    }
    let (kind, hint) = match body.error.as_str() {
        "authorization_pending" => (Pending, "the sign-in is not completed yet"),
        "authorization_declined" | "access_denied" => (Declined, "the sign-in was declined: start again"),
        "expired_token" => (Expired, "the device code has expired: start again"),
        "bad_verification_code" | "invalid_grant" => (SignInAgain, "sign in again"),
        "interaction_required" | "login_required" => (InteractionRequired, "sign in again"),
        "consent_required" => return lookup(65001).unwrap_or(UNKNOWN),
        "invalid_client" => (InvalidClient, "check the application's credential"),
        "unauthorized_client" => (UnknownApplication, "check `application-id`, `tenant-id` and `cloud`"),
        "invalid_resource" => return lookup(500_011).unwrap_or(UNKNOWN),
        "invalid_scope" => return lookup(70011).unwrap_or(UNKNOWN),
        "invalid_tenant" => return lookup(90002).unwrap_or(UNKNOWN),
        "temporarily_unavailable" | "server_error" => (Unavailable, "Entra has a passing fault: try again"),
        _ => (UNKNOWN.kind, UNKNOWN.hint),
    };
    Explanation { kind, hint }
}

const UNKNOWN: Explanation =
    Explanation { kind: Configuration, hint: "look the code up at https://login.microsoftonline.com/error" };

fn lookup(code: u32) -> Option<Explanation> {
    TABLE.iter().find(|(number, _)| *number == code).map(|(_, explanation)| *explanation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_no_hint_ends_a_sentence() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, explanation) in TABLE {
            assert!(!explanation.hint.ends_with('.') && !explanation.hint.is_empty(), "{code}");
        }
    }

    #[test]
    fn an_unknown_number_falls_back_to_the_oauth_code() {
        let body = ErrorBody { error: "invalid_grant".into(), error_codes: vec![1], ..ErrorBody::default() };
        assert_eq!(explain(&body).kind, SignInAgain);
        let consent = ErrorBody {
            error: "invalid_grant".into(),
            suberror: Some("consent_required".into()),
            ..ErrorBody::default()
        };
        assert_eq!(explain(&consent).kind, ConsentRequired);
    }
}
