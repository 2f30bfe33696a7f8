//! A bar in the row of a table: the number beside it says it all, so a screen reader passes it over.

use svg::Document;
use svg::node::element::Rectangle;

use super::length;

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 10.0;

/// A bar as long as `part` is of `most`; `marked` of it in another colour.
pub(crate) fn bar(part: u32, marked: u32, most: u32) -> String {
    let wide = |count: u32| WIDTH * f64::from(count) / f64::from(most.max(1));
    let rectangle = |x: f64, width: f64, class: &str| {
        Rectangle::new()
            .set("class", class)
            .set("x", length(x))
            .set("y", 0)
            .set("width", length(width))
            .set("height", length(HEIGHT))
    };
    let marked = marked.min(part);
    let mut drawing = Document::new()
        .set("class", "bar")
        .set("viewBox", (0, 0, 100, 10))
        .set("preserveAspectRatio", "none")
        .set("aria-hidden", "true")
        .add(rectangle(0.0, wide(part - marked), "plain"));
    if marked > 0 {
        drawing = drawing.add(rectangle(wide(part - marked), wide(marked), "marked"));
    }
    drawing.to_string()
}
