//! The last page the person sees in the browser: how the sign-in ended.

use defender_xdr_core::auth::{AuthError, AuthErrorKind};

const TEMPLATE: &str = include_str!("page.html");
const NEXT: &str = "You can close this window and go back to the terminal.";

/// What the page says. Nothing in it comes from the request.
#[derive(Debug)]
pub(super) struct Page {
    heading: &'static str,
    paragraphs: Vec<String>,
}

impl Page {
    /// Well, or with this error.
    pub(super) fn of(failure: Option<&AuthError>) -> Self {
        let Some(error) = failure else {
            return Self { heading: "You are signed in", paragraphs: vec![NEXT.to_owned()] };
        };
        let heading = match error.kind() {
            AuthErrorKind::Declined => "The sign-in was declined",
            _ => "The sign-in failed",
        };
        let told = [Some(error.to_string()), error.hint().map(sentence), Some(NEXT.to_owned())];
        Self { heading, paragraphs: told.into_iter().flatten().collect() }
    }

    /// The program ended before the sign-in did.
    pub(super) fn interrupted() -> Self {
        let text = "The program that was waiting for it has ended. Go back to the terminal and start again.";
        Self { heading: "The sign-in was not completed", paragraphs: vec![text.to_owned()] }
    }

    pub(super) fn html(&self) -> String {
        let paragraphs: Vec<_> =
            self.paragraphs.iter().map(|text| format!("<p>{}</p>", escape(text))).collect();
        // The heading is ours; the text comes last, so that no placeholder in it is filled.
        TEMPLATE.replace("{heading}", self.heading).replace("{paragraphs}", &paragraphs.join("\n"))
    }
}

/// Hints are fragments.
fn sentence(hint: &str) -> String {
    let mut letters = hint.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use defender_xdr_core::entra::ErrorBody;

    use super::*;

    fn refused(error: &str, description: &str) -> String {
        let body =
            ErrorBody { error: error.into(), error_description: description.into(), ..ErrorBody::default() };
        Page::of(Some(&AuthError::from_entra(body))).html()
    }

    #[test]
    fn each_end_has_its_heading_and_says_what_to_do() {
        assert!(Page::of(None).html().contains("<h1>You are signed in</h1>"));
        let declined = refused("access_denied", "AADSTS65004: User declined to consent. Trace ID: 1");
        assert!(declined.contains("<h1>The sign-in was declined</h1>"), "{declined}");
        assert!(declined.contains("AADSTS65004: User declined to consent."));
        let failed = refused("invalid_grant", "AADSTS53003: Blocked.");
        assert!(failed.contains("<h1>The sign-in failed</h1>") && failed.contains("Conditional Access"));
        assert!(Page::interrupted().html().contains("not completed"));
    }

    #[test]
    fn words_of_the_service_are_text_and_no_markup() {
        let page = refused("server_error", "<script>alert('1')</script> {heading} & \"x\"");
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; {heading} &amp; &quot;x&quot;")
        );
    }

    #[test]
    fn the_page_is_readable_by_everybody_and_loads_nothing() {
        let page = Page::of(None).html();
        for part in ["<html lang=\"en\">", "<title>You are signed in", "<main>", "color-scheme"] {
            assert!(page.contains(part), "{part}");
        }
        for part in ["<script", "http:", "https:", "src=", "url(", "{"] {
            let css_free: String = page.lines().filter(|line| !line.ends_with('}')).collect();
            assert!(!css_free.contains(part), "{part}");
        }
    }
}
