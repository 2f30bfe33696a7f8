//! What is made of texts that others wrote, for fuzzing: nothing may panic.
//!
//! Compiled only with `--cfg fuzzing`.

/// A query of incidents, one filter a line: it becomes a filter of OData for both APIs, and nothing but one.
pub fn filter(query: &str) {
    crate::incidents::fuzz_filter(query);
}
