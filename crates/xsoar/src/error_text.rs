//! Errors in the words of the original: playbooks look for them.

use std::fmt::Write;

use defender_xdr_api::{ApiError, ApiErrorKind};
use defender_xdr_core::auth::{AuthError, AuthErrorKind};
use defender_xdr_core::http::HttpErrorKind;
use serde_json::Value;

use crate::python::{self, Ascii};

/// Codes of the sign-in service after which only a new sign-in helps.
const RESET_HELPS: [u64; 5] = [50_173, 700_082, 70_008, 54_005, 7_000_222];
const RESET_HINT: &str =
    "\nYou can run the ***microsoft-365-defender-auth-reset*** command to reset the authentication process.";

/// A failure inside a command.
pub(crate) fn of_command(command: &str, message: &str) -> String {
    format!("Failed to execute {command} command.\nError:\n{message}")
}

/// A failed call of the API.
pub(crate) fn of_api(error: &ApiError, flow: &str) -> String {
    if let Some(auth) = error.auth() {
        return of_sign_in(auth, flow);
    }
    if let Some(answered) = error.answered() {
        if (200..300).contains(&answered.status) {
            return format!("Failed to parse json object from response: {}", python::bytes(&answered.body));
        }
        let status = http::StatusCode::from_u16(answered.status).ok();
        let reason = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
        let body = match serde_json::from_str::<Value>(&answered.body) {
            Ok(json) => python::json(&json, Ascii::Only),
            Err(_) => answered.body.clone(),
        };
        return format!("Error in API call [{}] - {reason}\n{body}", answered.status);
    }
    match error.transport() {
        Some(kind) => of_transport(kind, &error.to_string()),
        None if error.kind() == ApiErrorKind::Throttled => match error.until() {
            Some(until) => format!("Error in API call [429] - Too Many Requests\n{error} (until {until:.0})"),
            None => format!("Error in API call [429] - Too Many Requests\n{error}"),
        },
        None => error.to_string(),
    }
}

fn of_transport(kind: HttpErrorKind, message: &str) -> String {
    match kind {
        HttpErrorKind::Timeout => "Connection Timeout Error - potential reasons might be that the Server URL parameter is incorrect or that the Server is not accessible from your host.".to_owned(),
        HttpErrorKind::UntrustedCertificate => "SSL Certificate Verification Failed - try selecting 'Trust any certificate' checkbox in the integration configuration.".to_owned(),
        HttpErrorKind::Proxy => "Proxy Error - if the 'Use system proxy' checkbox in the integration configuration is selected, try clearing the checkbox.".to_owned(),
        HttpErrorKind::Connect | HttpErrorKind::Interrupted => format!(
            "Verify that the server URL parameter is correct and that you have access to the server from your host.\nError Type: <ConnectionError>\nMessage: {message}\n"
        ),
        _ => message.to_owned(),
    }
}

/// A failed sign-in with a flow, by its id.
pub(crate) fn of_sign_in(error: &AuthError, flow: &str) -> String {
    if let Some((status, body)) = error.answered() {
        let said = of_body(body);
        if flow == "managed-identity" {
            return format!("Error in Microsoft authorization with Azure Managed Identities: {said}");
        }
        return format!("Error in Microsoft authorization. Status: {status}, body: {said}");
    }
    match error.kind() {
        _ if flow == "managed-identity" => {
            format!("Error in Microsoft authorization with Azure Managed Identities: {error}")
        }
        AuthErrorKind::Setup
        | AuthErrorKind::Configuration
        | AuthErrorKind::NotSignedIn
        | AuthErrorKind::Store => error.to_string(),
        _ => format!("Error in Microsoft authorization: {error}"),
    }
}

/// What the body of a refusal says; a body that is none of the service's is told as it is.
fn of_body(body: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(body) else { return body.to_owned() };
    let mut said = match members.get("error") {
        Some(Value::Object(error)) => {
            let part = |name: &str| error.get(name).map(python::text).unwrap_or_default();
            format!("{}: {}", part("code"), part("message"))
        }
        Some(Value::String(word)) => {
            let description = members.get("error_description").and_then(Value::as_str).unwrap_or_default();
            let after = description.split_once(": ").map_or(description, |(_, rest)| rest);
            let ends = [" Trace ID:", " Correlation ID:", " Timestamp:"].into_iter();
            let end = ends.filter_map(|mark| after.find(mark)).min().unwrap_or(after.len());
            format!("{word}. \n{}", &after[..end])
        }
        _ => body.to_owned(),
    };
    let codes = members.get("error_codes").and_then(Value::as_array);
    let all_in = codes.is_some_and(|codes| {
        !codes.is_empty()
            && codes.iter().all(|code| code.as_u64().is_some_and(|code| RESET_HELPS.contains(&code)))
    });
    if all_in {
        // Writing to a String cannot fail.
        let _ = write!(said, "{RESET_HINT}");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_sign_in_service_is_told_in_the_originals_form() {
        let body = r#"{"error":"invalid_grant","error_description":"AADSTS70008: The refresh token has expired. Trace ID: 1 Correlation ID: 2 Timestamp: 3","error_codes":[70008]}"#;
        assert_eq!(of_body(body), format!("invalid_grant. \nThe refresh token has expired.{RESET_HINT}"));
        let other = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid secret.","error_codes":[7000215]}"#;
        assert_eq!(of_body(other), "invalid_client. \nInvalid secret.");
        let mixed = r#"{"error":"x","error_description":"","error_codes":[70008,1]}"#;
        assert_eq!(of_body(mixed), "x. \n");
        assert_eq!(of_body(r#"{"error":{"code":"BadRequest","message":"no"}}"#), "BadRequest: no");
        assert_eq!(of_body("<html>"), "<html>");
    }

    #[test]
    fn transport_errors_have_the_platforms_texts() {
        assert!(
            of_transport(HttpErrorKind::Timeout, "")
                .starts_with("Connection Timeout Error - potential reasons")
        );
        assert!(
            of_transport(HttpErrorKind::UntrustedCertificate, "")
                .starts_with("SSL Certificate Verification Failed - try")
        );
        assert!(
            of_transport(HttpErrorKind::Proxy, "").starts_with("Proxy Error - if the 'Use system proxy'")
        );
        assert!(
            of_transport(HttpErrorKind::Connect, "m")
                .contains("from your host.\nError Type: <ConnectionError>")
        );
    }

    #[test]
    fn a_sign_in_that_brought_no_answer_is_told() {
        let error = AuthError::new(AuthErrorKind::Unreachable, "no route");
        assert_eq!(of_sign_in(&error, "client-credentials"), "Error in Microsoft authorization: no route");
        assert_eq!(
            of_sign_in(&error, "managed-identity"),
            "Error in Microsoft authorization with Azure Managed Identities: no route"
        );
    }

    #[test]
    fn a_failure_names_its_command() {
        assert_eq!(of_command("c", "m"), "Failed to execute c command.\nError:\nm");
    }
}
