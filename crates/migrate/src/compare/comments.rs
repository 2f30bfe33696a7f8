//! Comments: the same text, written at the same time. They have no id, and neither API promises an order.

use serde_json::Value;

use super::Class;
use super::pair::Pair;
use super::place::Place;
use super::rules::ORDER;
use super::sameness::same_millisecond;

impl Pair<'_> {
    pub(super) fn comments(&mut self, place: &Place, legacy: &[Value], graph: &[Value]) {
        let mut left: Vec<(usize, &Value)> = graph.iter().enumerate().collect();
        let mut lost = Vec::new();
        let mut order = Vec::new();
        for comment in legacy {
            // The same moment first: somebody may have written the same text twice.
            let same = |exactly: bool| {
                left.iter().position(|(_, other)| {
                    text(other) == text(comment) && (!exactly || same_time(comment, other))
                })
            };
            match same(true).or_else(|| same(false)) {
                Some(index) => {
                    let (at, other) = left.remove(index);
                    order.push(at);
                    self.comment(place, at, comment, other);
                }
                None => lost.push(comment),
            }
        }
        for comment in lost {
            self.add(&place.item(""), Some(comment.clone()), None, Class::Unexplained);
        }
        for (_, comment) in left {
            self.add(&place.item(""), None, Some(comment.clone()), Class::Unexplained);
        }
        if !order.is_sorted() {
            self.add(place, None, None, Class::Expected(&ORDER));
        }
    }

    fn comment(&mut self, place: &Place, at: usize, legacy: &Value, graph: &Value) {
        if let (Value::Object(legacy), Value::Object(graph)) = (legacy, graph) {
            self.members(&place.item(&at.to_string()), legacy, graph);
        }
    }
}

fn text(comment: &Value) -> Option<&str> {
    comment.get("comment")?.as_str().map(str::trim)
}

fn same_time(one: &Value, other: &Value) -> bool {
    let time = |comment: &Value| comment.get("createdDateTime")?.as_str().map(str::to_owned);
    match (time(one), time(other)) {
        (Some(one), Some(other)) => same_millisecond(&one, &other),
        _ => false,
    }
}
