//! Secrets on their way into the sealed store: from standard input, or as references that stay references.

use defender_xdr_core::Secret;

use super::draft::Draft;
use super::question::{is_reference, is_secret};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::paste;
use crate::report::Report;
use crate::vault;
use crate::world::World;

/// Takes what `--secret` says. The secret itself is refused there, where other users can read it.
pub(super) async fn take(draft: &mut Draft, given: &[String]) -> Result<(), Failure> {
    let wrong = |message: String| Failure::usage(message).with_source("flag --secret");
    let mut read = false;
    for pair in given {
        // The text may be a secret given by mistake: it is not repeated.
        let Some((key, text)) = pair.split_once('=') else {
            return Err(wrong("`--secret` takes KEY=REFERENCE".to_owned()).into());
        };
        let (key, text) = (key.trim(), text.trim());
        if !is_secret(key) {
            let error = wrong("`--secret` takes the key of a secret".to_owned());
            return Err(error
                .with_hint("`defender-xdr auth flows` lists them; `--set` takes the others")
                .into());
        }
        let secret = match text {
            "-" if read => return Err(wrong("standard input holds one secret".to_owned()).into()),
            "-" => {
                read = true;
                let Some(secret) = paste::line().await else {
                    return Err(wrong(format!("there is no `{key}` on standard input")).into());
                };
                secret
            }
            text if is_reference(text) => Secret::new(text),
            _ => {
                let error = wrong(format!(
                    "`{key}` is not taken from the command line, where other users can read it"
                ));
                return Err(error
                    .with_hint(format!("use --secret {key}=- and standard input, or env:, file:"))
                    .into());
            }
        };
        draft.answer(key, secret);
    }
    Ok(())
}

/// Seals what is to be sealed.
pub(super) async fn seal(world: &World, draft: &Draft) -> Result<(), Failure> {
    if draft.secrets.is_empty() {
        return Ok(());
    }
    let vault = vault::open(world, &draft.values).await?;
    if !vault.lasts() {
        return Err(Report::new("state", Exit::Settings, "there is no place to keep a secret")
            .with_hint("give a reference such as env:NAME or file:PATH in its place, or set HOME")
            .into());
    }
    for (name, secret) in &draft.secrets {
        vault.save(&format!("secret-{name}"), secret.expose().as_bytes()).map_err(|error| {
            let report = Report::new("state", Exit::Settings, error.to_string());
            match error.hint() {
                Some(hint) => report.with_hint(hint),
                None => report,
            }
        })?;
    }
    Ok(())
}
