//! All pages of a list: next links are followed on the own root, and each once.

use std::collections::HashSet;

use defender_xdr_core::http::Url;

use super::call::DirectCall;
use crate::client::Client;
use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};

/// The pages of a list, fetched one at a time.
#[derive(Debug)]
pub struct DirectPages<'a> {
    client: &'a Client,
    call: DirectCall,
    /// Where the next page is, or why it is not fetched: the page that says so is still good. `None` at the end.
    next: Option<Result<Url, ApiError>>,
    seen: HashSet<Url>,
}

/// One page.
#[derive(Debug)]
pub struct DirectPage(RawPage);

impl DirectPage {
    /// The JSON text of each record, as it came.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        (0..self.0.len()).map(|index| self.0.record(index))
    }
}

impl Client {
    /// The pages that a call leads to. Nothing is sent before the first [`DirectPages::next`].
    ///
    /// # Errors
    /// [`ApiErrorKind::Refused`] for a call that does not read.
    pub fn pages(&self, call: DirectCall) -> Result<DirectPages<'_>, ApiError> {
        if call.method != defender_xdr_core::http::Method::GET {
            return Err(ApiError::refused("only a GET has pages"));
        }
        let next = Some(Ok(call.url.clone()));
        Ok(DirectPages { client: self, call, next, seen: HashSet::new() })
    }
}

impl DirectPages<'_> {
    /// The next page; `None` at the end. An empty page may come before others.
    ///
    /// # Errors
    /// [`ApiError`] when a page cannot be fetched, is no list, or leads in a circle or to another host. What came before
    /// remains valid.
    pub async fn next(&mut self) -> Result<Option<DirectPage>, ApiError> {
        let Some(url) = self.next.take().transpose()? else { return Ok(None) };
        if !self.seen.insert(url.clone()) {
            return Err(ApiError::new(
                ApiErrorKind::Circle,
                "the pages go round in a circle: the same link came twice",
            )
            .with_hint("what came before is good; try again later"));
        }
        self.call.url = url;
        let page = RawPage::read(self.client.answer(&self.call).await?)?;
        self.next = page.next_link.as_deref().map(|link| self.checked(link));
        Ok(Some(DirectPage(page)))
    }

    /// A next link must lead back to where we are signed in.
    fn checked(&self, link: &str) -> Result<Url, ApiError> {
        let bad =
            |why: String| ApiError::new(ApiErrorKind::BadLink, why).with_hint("check `endpoint` and `proxy`");
        let url = Url::parse(link).map_err(|_| bad("the next link is no address".to_owned()))?;
        if self.client.endpoint().owns(&url) {
            return Ok(url);
        }
        let host = url.host_str().unwrap_or_default();
        Err(bad(format!(
            "the next link leads to another host ({}://{host}), which gets no token",
            url.scheme()
        )))
    }
}
