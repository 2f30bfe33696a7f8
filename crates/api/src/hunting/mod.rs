//! Advanced hunting: a KQL query in, a table out.

mod result;
mod run;

pub use result::{Column, HuntResult};
