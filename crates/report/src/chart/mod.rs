//! Charts as SVG. Colours are left to the page's style sheet, so that dark and print need no second drawing.

mod bar;
mod columns;
mod scale;

pub(crate) use bar::bar;
pub(crate) use columns::{Columns, Series};

/// A length in an SVG, in hundredths that nobody sees.
fn length(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
