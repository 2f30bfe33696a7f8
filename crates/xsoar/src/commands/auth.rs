//! Signing in by commands: start, complete, reset, test.

use std::time::Duration;

use defender_xdr_core::auth::{Completion, Instruction, Presence};
use jiff::SignedDuration;
use serde_json::Value;

use super::{Failure, Instance};
use crate::entry;

/// The service sets a pace for questions about a started sign-in. Whoever completes it at once waits this long at most.
const LONGEST_PACE: SignedDuration = SignedDuration::from_secs(10);

pub(super) async fn start(instance: &Instance<'_>) -> Result<Value, Failure> {
    let Some(started) = instance.tokens.begin(Presence::Elsewhere).await? else {
        return Ok(entry::message(&format!(
            "The {} flow has nothing to start: every command signs in by itself.",
            instance.flow.name
        )));
    };
    Ok(entry::message(&instructions(&started.instruction)))
}

fn instructions(instruction: &Instruction) -> String {
    let next = "2. Run the **!microsoft-365-defender-auth-complete** command in the War Room.";
    match instruction {
        Instruction::DeviceCode { verification_uri, user_code, message, .. } => {
            let page = message.as_deref().and_then(address_in).unwrap_or(verification_uri);
            format!(
                "### Authorization instructions\n1. To sign in, use a web browser to open the page [{page}]({page})\nand enter the code **{user_code}** to authenticate.\n{next}"
            )
        }
        Instruction::Authorize { authorize_url, .. } => format!(
            "### Authorization instructions\n1. To sign in, use a web browser to open the page [{authorize_url}]({authorize_url})\nand save the code of the page it leads to in the instance.\n{next}"
        ),
        _ => format!("### Authorization instructions\n1. Sign in.\n{next}"),
    }
}

/// The first address in the service's own text.
fn address_in(text: &str) -> Option<&str> {
    let starts = ["https://", "http://"].into_iter().filter_map(|scheme| text.find(scheme));
    let rest = &text[starts.min()?..];
    Some(rest.split(char::is_whitespace).next().unwrap_or(rest)).filter(|address| !address.ends_with("//"))
}

pub(super) async fn complete(instance: &Instance<'_>) -> Result<Value, Failure> {
    if instance.flow.capabilities.interactive {
        finish(instance).await?;
    } else {
        instance.tokens.proven_token().await?;
    }
    Ok(entry::message("✅ Authorization completed successfully."))
}

async fn finish(instance: &Instance<'_>) -> Result<(), Failure> {
    let mut completion = instance.tokens.complete(false).await?;
    if let Completion::StillPending { not_before, .. } = completion {
        let early = not_before.duration_since(instance.clock.now());
        if early.is_positive() && early <= LONGEST_PACE {
            instance.clock.sleep(early.unsigned_abs() + Duration::from_millis(10)).await;
        }
        completion = instance.tokens.complete(false).await?;
    }
    match completion {
        Completion::SignedIn => Ok(()),
        Completion::StillPending { until, .. } => Err(Failure::Argument(format!(
            "Error in Microsoft authorization. Status: 400, body: authorization_pending. \nThe code has not been entered yet. It is good until {until:.0}."
        ))),
        Completion::InputWanted => Err(Failure::Argument(
            "Error in Microsoft authorization: the code of the page is not in the settings of the instance"
                .to_owned(),
        )),
    }
}

pub(super) async fn reset(instance: &Instance<'_>) -> Result<Value, Failure> {
    instance.tokens.reset().await?;
    Ok(entry::message(
        "Authorization was reset successfully. Please regenerate the credentials, and then click **Test** to validate the credentials and connection.",
    ))
}

pub(super) async fn test(instance: &Instance<'_>) -> Result<Value, Failure> {
    prove(instance).await?;
    Ok(entry::message("✅ Success!"))
}

/// A token of the service itself, where one can be had without a person; else the one there is.
async fn prove(instance: &Instance<'_>) -> Result<(), Failure> {
    let by_itself = !instance.flow.capabilities.interactive
        || instance.brings_sign_in
        || instance.tokens.status().has_refresh_token;
    if by_itself {
        instance.tokens.proven_token().await?;
    } else {
        instance.tokens.token().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(message: Option<&str>) -> String {
        instructions(&Instruction::DeviceCode {
            verification_uri: "https://login.example/device".to_owned(),
            verification_uri_complete: None,
            user_code: "ABCD".to_owned(),
            expires_at: "2026-11-23T10:00:00Z".parse().expect("a time"),
            message: message.map(str::to_owned),
        })
    }

    #[test]
    fn instructions_are_four_lines_with_page_and_code() {
        assert_eq!(
            shown(Some("To sign in, open https://microsoft.com/devicelogin and enter ABCD")),
            "### Authorization instructions\n1. To sign in, use a web browser to open the page [https://microsoft.com/devicelogin](https://microsoft.com/devicelogin)\nand enter the code **ABCD** to authenticate.\n2. Run the **!microsoft-365-defender-auth-complete** command in the War Room."
        );
    }

    #[test]
    fn without_an_address_in_the_message_the_page_is_the_services() {
        for message in [None, Some("sign in"), Some("see http:// please")] {
            assert!(shown(message).contains("[https://login.example/device]"), "{message:?}");
        }
    }
}
