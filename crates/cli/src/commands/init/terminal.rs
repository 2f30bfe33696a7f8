//! Questions on the terminal. Each waits on a thread of its own, so that Ctrl-C always works, and whatever happens, the
//! terminal is left as it was.

use std::io::{self, IsTerminal, Write as _};

use defender_xdr_core::Secret;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Password, Select};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::question::problem;
use crate::detached::detached;
use crate::failure::Failure;

/// A terminal with a person at it.
pub(crate) struct Terminal {
    before: Option<Termios>,
}

impl Terminal {
    /// The terminal, if standard input and error are one.
    pub(crate) fn open() -> Option<Self> {
        let is_one = io::stdin().is_terminal() && io::stderr().is_terminal();
        is_one.then(|| Self { before: tcgetattr(io::stdin()).ok() })
    }

    /// The number of one of several; the default is where the cursor stands.
    pub(super) async fn choose(
        &self,
        prompt: &str,
        choices: Vec<String>,
        default: usize,
    ) -> Result<usize, Failure> {
        let prompt = format!("{prompt} (arrow keys, then Enter)");
        asked(move || {
            let theme = ColorfulTheme::default();
            Select::with_theme(&theme).with_prompt(prompt).items(&choices).default(default).interact()
        })
        .await
    }

    /// A text, checked as it comes. What `default` holds is kept by the return key; an optional one may be empty.
    pub(super) async fn text(
        &self,
        key: &'static str,
        prompt: &str,
        default: Option<String>,
        is_optional: bool,
    ) -> Result<String, Failure> {
        let prompt = prompt.to_owned();
        asked(move || {
            let theme = ColorfulTheme::default();
            let mut input = Input::<String>::with_theme(&theme).with_prompt(prompt).allow_empty(is_optional);
            if let Some(default) = default {
                input = input.default(default);
            }
            let input = input.validate_with(move |text: &String| match problem(key, text) {
                Some(_) if is_optional && text.trim().is_empty() => Ok(()),
                Some(problem) => Err(problem),
                None => Ok(()),
            });
            input.interact_text().map(|text| text.trim().to_owned())
        })
        .await
    }

    /// A secret, which is not shown; none for an empty line.
    pub(super) async fn secret(&self, prompt: &str) -> Result<Option<Secret>, Failure> {
        let prompt = prompt.to_owned();
        let text = asked(move || {
            let theme = ColorfulTheme::default();
            let password = Password::with_theme(&theme).with_prompt(prompt).allow_empty_password(true);
            password.interact().map(|text| Secret::new(text.trim()))
        })
        .await?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// Yes or no; yes by the return key.
    pub(crate) async fn agree(&self, prompt: &str) -> Result<bool, Failure> {
        let prompt = prompt.to_owned();
        asked(move || {
            let theme = ColorfulTheme::default();
            Confirm::with_theme(&theme).with_prompt(prompt).default(true).interact()
        })
        .await
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A question may have been left in the middle: without echo, and with the cursor hidden.
        if let Some(before) = &self.before {
            tcsetattr(io::stdin(), OptionalActions::Now, before).ok();
            io::stderr().write_all(b"\x1b[?25h").ok();
        }
    }
}

async fn asked<T: Send + 'static>(
    question: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    match detached(question).await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(dialoguer::Error::IO(error))) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::Interrupted)
        }
        Some(Err(dialoguer::Error::IO(error))) => {
            Err(Failure::usage(format!("the terminal gives no answer: {error}"))
                .with_hint("give everything by flags: `defender-xdr init --help`")
                .into())
        }
        None => Err(Failure::bug("a question was lost")),
    }
}
