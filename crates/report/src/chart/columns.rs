//! Columns side by side, each made of parts.

use svg::Document;
use svg::node::element::{Description, Group, Line, Rectangle, Text, Title};

use super::{length, scale};
use crate::text::count;

const LEFT: f64 = 44.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 30.0;
/// A letter of a label is about this wide, and labels keep this far apart.
const LETTER: f64 = 6.4;
const GAP: f64 = 6.0;
/// Numbers above columns need this much room.
const NUMBER: f64 = 30.0;

/// The parts of one kind, one for each column.
#[derive(Debug)]
pub(crate) struct Series {
    /// The class by which the style sheet colours it.
    pub(crate) class: &'static str,
    pub(crate) values: Vec<u32>,
}

/// Columns to be drawn.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    /// Unique on the page.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// What one sees, in words.
    pub(crate) description: String,
    pub(crate) labels: Vec<String>,
    pub(crate) series: Vec<Series>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Columns<'_> {
    /// The drawing.
    pub(crate) fn draw(&self) -> String {
        let (title, description) = (format!("{}-title", self.id), format!("{}-description", self.id));
        let (step, end) = scale::axis(self.totals().max().unwrap_or(0));
        let mut drawing = Document::new()
            .set("class", "chart")
            .set("viewBox", format!("0 0 {} {}", length(self.width), length(self.height)))
            .set("role", "img")
            .set("aria-labelledby", format!("{title} {description}"))
            .add(Title::new(self.title).set("id", title))
            .add(Description::new().set("id", description).add(svg::node::Text::new(&self.description)));
        let mut tick = 0_u32;
        while tick <= end {
            drawing = drawing.add(self.gridline(tick, end));
            let Some(next) = tick.checked_add(step) else { break };
            tick = next;
        }
        for place in 0..self.labels.len() {
            drawing = drawing.add(self.column(place, end));
        }
        drawing.to_string()
    }

    fn totals(&self) -> impl Iterator<Item = u32> {
        (0..self.labels.len()).map(|place| self.total(place))
    }

    fn total(&self, place: usize) -> u32 {
        let parts = self.series.iter().filter_map(|series| series.values.get(place));
        parts.fold(0, |sum: u32, part| sum.saturating_add(*part))
    }

    fn y(&self, value: u32, end: u32) -> f64 {
        let room = self.height - TOP - BOTTOM;
        self.height - BOTTOM - room * f64::from(value) / f64::from(end.max(1))
    }

    fn gridline(&self, value: u32, end: u32) -> Group {
        let y = self.y(value, end);
        let line = Line::new()
            .set("class", if value == 0 { "axis" } else { "grid" })
            .set("x1", length(LEFT))
            .set("x2", length(self.width - RIGHT))
            .set("y1", length(y))
            .set("y2", length(y));
        let number = Text::new(count(value))
            .set("class", "tick end")
            .set("x", length(LEFT - 8.0))
            .set("y", length(y + 4.0));
        Group::new().add(line).add(number)
    }

    fn column(&self, place: usize, end: u32) -> Group {
        let many = u32::try_from(self.labels.len().max(1)).unwrap_or(u32::MAX);
        let at = u32::try_from(place).unwrap_or(u32::MAX);
        let pitch = (self.width - LEFT - RIGHT) / f64::from(many);
        let broad = (pitch * 0.72).min(64.0);
        let middle = LEFT + pitch * (f64::from(at) + 0.5);
        let mut group = Group::new();
        let mut below: u32 = 0;
        for series in &self.series {
            let value = series.values.get(place).copied().unwrap_or(0);
            if value == 0 {
                continue;
            }
            let (bottom, top) = (self.y(below, end), self.y(below.saturating_add(value), end));
            group = group.add(
                Rectangle::new()
                    .set("class", series.class)
                    .set("x", length(middle - broad / 2.0))
                    .set("y", length(top))
                    .set("width", length(broad))
                    .set("height", length(bottom - top)),
            );
            below = below.saturating_add(value);
        }
        if pitch >= NUMBER && below > 0 {
            group = group.add(
                Text::new(count(below))
                    .set("class", "number middle")
                    .set("x", length(middle))
                    .set("y", length(self.y(below, end) - 6.0)),
            );
        }
        if self.is_labelled(place, pitch) {
            group = group.add(
                Text::new(self.labels[place].as_str())
                    .set("class", "tick middle")
                    .set("x", length(middle))
                    .set("y", length(self.height - 10.0)),
            );
        }
        group
    }

    /// Every column, or every second, third and so on, as room allows.
    fn is_labelled(&self, place: usize, pitch: f64) -> bool {
        let longest = self.labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let needed = f64::from(u32::try_from(longest).unwrap_or(u32::MAX)) * LETTER + GAP;
        let mut every = 1_u32;
        while pitch * f64::from(every) < needed && every < 10_000 {
            every += 1;
        }
        usize::try_from(every).is_ok_and(|every| place.is_multiple_of(every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(labels: usize) -> String {
        let values: Vec<u32> = (1..).take(labels).collect();
        Columns {
            id: "c",
            title: "A < B",
            description: "1 & 2".to_owned(),
            labels: values.iter().map(ToString::to_string).collect(),
            series: vec![Series { class: "high", values: values.clone() }, Series { class: "low", values }],
            width: 500.0,
            height: 240.0,
        }
        .draw()
    }

    #[test]
    fn a_drawing_says_what_it_shows_and_every_text_is_escaped() {
        let text = drawn(3);
        assert!(
            text.contains(r#"role="img""#) && text.contains(r#"aria-labelledby="c-title c-description""#)
        );
        assert!(text.contains("A &lt; B") && text.contains("1 &amp; 2"), "{text}");
        assert_eq!(text.matches(r#"<rect class="high""#).count(), 3);
    }

    #[test]
    fn labels_do_not_run_into_each_other() {
        assert_eq!(drawn(3).matches("tick middle").count(), 3);
        let drawing = drawn(60);
        let places: Vec<f64> = drawing
            .split("class=\"tick middle\" x=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse().ok())
            .collect();
        // Labels of two letters.
        assert!(places.len() >= 10, "{places:?}");
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 2.0 * LETTER), "{places:?}");
    }
}
