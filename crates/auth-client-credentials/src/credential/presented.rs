//! What was shown to Entra, so that a refusal can be explained in its terms.

use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::entra::{ErrorBody, look_up};

use super::certificate::CERTIFICATE;
use super::federated::{self, SubjectToken};
use super::thumbprint::Thumbprint;

/// What was shown. Holds nothing secret.
#[derive(Debug)]
pub(crate) enum Presented {
    /// A client secret.
    Secret,
    /// An assertion of our own.
    Certificate {
        /// The settings key it came from.
        key: &'static str,
        /// Of the certificate whose key signed.
        thumbprint: Option<Thumbprint>,
    },
    /// Somebody else's token.
    Federated(SubjectToken),
}

impl Presented {
    /// The refusal with the setting at fault and what to do about it.
    pub(crate) fn explain(&self, error: AuthError) -> AuthError {
        let Some(code) = error.body().map(|body| body.code().unwrap_or_default()) else { return error };
        let (key, hint) = match self {
            Self::Secret => return for_an_application(error),
            Self::Certificate { key, thumbprint } => (*key, certificate_hint(code, *thumbprint)),
            Self::Federated(token) => (federated::KEY, token.hint(code)),
        };
        let Some(hint) = hint else {
            let error = for_an_application(error);
            return if is_about_client(&error) { error.with_setting(key) } else { error };
        };
        error.with_setting(key).with_hint(hint)
    }
}

/// What is known of the words alone is meant for people, who can sign in again. An application has nothing to do so with.
fn for_an_application(error: AuthError) -> AuthError {
    let known = error.body().and_then(ErrorBody::code).and_then(look_up).is_some();
    let for_people = matches!(error.kind(), AuthErrorKind::SignInAgain | AuthErrorKind::InteractionRequired);
    if known || !for_people {
        return error;
    }
    error.with_hint(
        "the application was not accepted: check its credential, `application-id`, `tenant-id` and `scope`, and ask an \
         administrator whether a policy for applications is in the way",
    )
}

fn is_about_client(error: &AuthError) -> bool {
    error.body().is_some_and(|body| body.error == "invalid_client")
}

fn certificate_hint(code: u32, thumbprint: Option<Thumbprint>) -> Option<String> {
    let thumbprint = thumbprint.map(|thumbprint| format!(" (thumbprint {thumbprint})")).unwrap_or_default();
    Some(match code {
        700_027 => format!(
            "upload the certificate{thumbprint} under Certificates & secrets of this very application, and check \
             `application-id` and `tenant-id`"
        ),
        // Made by this program a moment ago: nobody has to renew it.
        700_024 => "the assertion is outside its validity: check this machine's clock".to_owned(),
        7_000_222 => format!("the certificate{thumbprint} has expired: make a new one and upload it"),
        700_025 => format!(
            "the application is public and takes no certificate: remove `{CERTIFICATE}`, or use a flow without one"
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(description: &str) -> AuthError {
        AuthError::from_entra(ErrorBody {
            error: "invalid_grant".into(),
            error_description: description.into(),
            ..ErrorBody::default()
        })
    }

    fn hint(error: &AuthError) -> &str {
        error.hint().expect("a hint")
    }

    #[test]
    fn an_application_is_never_told_to_sign_in_again() {
        let unknown = "AADSTS9999999: something new";
        assert!(hint(&refused(unknown)).contains("auth login"), "which is for people");
        let certificate = Presented::Certificate { key: CERTIFICATE, thumbprint: None };
        for presented in [&Presented::Secret, &certificate] {
            let told = presented.explain(refused(unknown));
            assert!(!hint(&told).contains("auth login") && hint(&told).contains("credential"), "{told:?}");
        }
    }

    #[test]
    fn an_assertion_of_our_own_is_outside_its_validity_when_the_clock_is_wrong() {
        let certificate = Presented::Certificate { key: CERTIFICATE, thumbprint: None };
        let told =
            certificate.explain(refused("AADSTS700024: Client assertion is not within its valid range"));
        assert!(hint(&told).contains("clock") && !hint(&told).contains("renewed"), "{told:?}");
    }
}
