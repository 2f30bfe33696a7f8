//! What a person has to do to sign in, as text, as JSON and as a browser that opens by itself.

use std::io::IsTerminal as _;

use defender_xdr_core::Environment;
use defender_xdr_core::auth::Instruction;
use serde_json::{Value, json};

use super::qr;
use super::status::minutes;
use crate::failure::Failure;
use crate::output::printable;

/// For people. On a terminal of that many columns, with a picture of the page for a telephone.
pub(super) fn for_people(instruction: &Instruction, columns: Option<u16>) -> String {
    match instruction {
        Instruction::DeviceCode {
            verification_uri,
            verification_uri_complete,
            user_code,
            expires_at,
            ..
        } => {
            let (page, code) = (printable(verification_uri), printable(user_code));
            let direct = verification_uri_complete.as_deref().unwrap_or(verification_uri);
            let picture = columns.and_then(|columns| qr::draw(direct, columns));
            // Address and code stand alone, so that they can be copied as they are.
            format!(
                "To sign in, open this page in a browser on any device:\n\n{page}\n\nand enter this code:\n\n{code}\n\n{}\
                 It is good until {}. Enter it only if you started this yourself.",
                picture.map(|picture| format!("{picture}\n\n")).unwrap_or_default(),
                minutes(*expires_at)
            )
        }
        Instruction::Authorize { authorize_url, redirect_uri, .. } => format!(
            "To sign in, open this address in a browser:\n\n  {}\n\nThe browser then goes to {}.\n\
             If that page does not open here, copy its whole address from the browser and paste it here, or give it to \
             `auth complete`.\nIf the browser shows an AADSTS code instead, the sign-in was refused.",
            printable(authorize_url),
            printable(redirect_uri),
        ),
        _ => "finish the sign-in in your browser".to_owned(),
    }
}

/// For machines.
pub(super) fn for_machines(instruction: &Instruction) -> Result<Value, Failure> {
    match instruction {
        Instruction::DeviceCode {
            verification_uri,
            verification_uri_complete,
            user_code,
            expires_at,
            message,
        } => {
            let mut value = json!({
                "verification_uri": verification_uri,
                "user_code": user_code,
                "expires_at": expires_at,
                "message": message,
            });
            if let Some(direct) = verification_uri_complete {
                value["verification_uri_complete"] = json!(direct);
            }
            Ok(value)
        }
        Instruction::Authorize { authorize_url, expires_at, .. } => {
            Ok(json!({ "authorize_url": authorize_url, "expires_at": expires_at }))
        }
        _ => Err(Failure::bug("this flow's instruction has no JSON form")),
    }
}

/// The page that a browser on this machine should show by itself. A device code is as good on any other device, so
/// its page is opened only where a person sits before a screen.
pub(super) fn page_to_open<'a>(instruction: &'a Instruction, environment: &Environment) -> Option<&'a str> {
    match instruction {
        Instruction::Authorize { authorize_url, browser_url, .. } => {
            Some(browser_url.as_ref().unwrap_or(authorize_url))
        }
        Instruction::DeviceCode { verification_uri, verification_uri_complete, .. } => {
            let page = verification_uri_complete.as_deref().unwrap_or(verification_uri);
            (std::io::stderr().is_terminal() && has_a_screen(environment) && is_a_page(page)).then_some(page)
        }
        _ => None,
    }
}

/// Whether a browser could show itself: else some would start inside the terminal, or complain.
fn has_a_screen(environment: &Environment) -> bool {
    cfg!(any(target_os = "macos", windows))
        || ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .iter()
            .any(|name| environment.get(name).is_some_and(|value| !value.is_empty()))
}

/// The service names the page, and an opener would open files and start programs just as well.
fn is_a_page(address: &str) -> bool {
    ["https://", "http://127.0.0.1:", "http://localhost:"].iter().any(|start| address.starts_with(start))
        && !address.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device_code(direct: Option<&str>) -> Instruction {
        Instruction::DeviceCode {
            verification_uri: "https://login.microsoft.com/device".into(),
            verification_uri_complete: direct.map(str::to_owned),
            user_code: "HGMGNV9K9".into(),
            expires_at: "2026-11-22T10:00:00Z".parse().expect("a time"),
            message: Some("open https://elsewhere.example and enter NOTTHIS".into()),
        }
    }

    #[test]
    fn page_and_code_stand_on_lines_of_their_own_and_the_message_is_not_read() {
        let text = for_people(&device_code(None), None);
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines.contains(&"HGMGNV9K9") && lines.contains(&"https://login.microsoft.com/device"),
            "{text}"
        );
        assert!(!text.contains("NOTTHIS") && !text.contains('█'), "{text}");
    }

    #[test]
    fn a_terminal_gets_a_picture_if_it_fits() {
        assert!(for_people(&device_code(None), Some(80)).contains('█'));
        assert!(!for_people(&device_code(None), Some(20)).contains('█'));
    }

    #[test]
    fn machines_get_the_direct_page_only_if_there_is_one() {
        let value = |direct| for_machines(&device_code(direct)).expect("a device code");
        assert!(value(None).get("verification_uri_complete").is_none());
        assert_eq!(
            value(Some("https://a.example/?c=1"))["verification_uri_complete"],
            "https://a.example/?c=1"
        );
    }

    #[test]
    fn only_pages_are_opened_and_only_before_a_screen() {
        assert!(is_a_page("https://login.microsoft.com/device"));
        for address in ["file:///etc/passwd", "/usr/bin/true", "-x", "http://login.example/", "https://a b"] {
            assert!(!is_a_page(address), "{address}");
        }
        let environment = |name: &str| Environment::from_iter([(name.to_owned(), ":0".to_owned())]);
        assert!(has_a_screen(&environment("DISPLAY")) && has_a_screen(&environment("BROWSER")));
        assert_eq!(has_a_screen(&environment("TERM")), cfg!(any(target_os = "macos", windows)));
    }
}
