//! The text of one record, as it stands in the page that brought it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::envelope::RawPage;

/// A record's own JSON text. It holds the page it came with: whoever keeps few of many should keep a copy instead.
#[derive(Clone)]
pub struct RecordText {
    page: Arc<RawPage>,
    index: usize,
}

impl RecordText {
    pub(super) fn new(page: &Arc<RawPage>, index: usize) -> Self {
        Self { page: Arc::clone(page), index }
    }
}

impl Deref for RecordText {
    type Target = str;

    fn deref(&self) -> &str {
        self.page.record(self.index)
    }
}

impl From<&str> for RecordText {
    fn from(text: &str) -> Self {
        Self { page: Arc::new(RawPage::of_texts(&[text.to_owned()], None)), index: 0 }
    }
}

impl fmt::Display for RecordText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

impl fmt::Debug for RecordText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_text_it_was_made_of() {
        let text = RecordText::from(r#"{"id":"7"}"#);
        assert_eq!((&*text, text.to_string()), (r#"{"id":"7"}"#, r#"{"id":"7"}"#.to_owned()));
        assert_eq!(format!("{text:?}"), r#""{\"id\":\"7\"}""#);
    }
}
