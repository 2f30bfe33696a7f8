//! Evidence: it has no ids. A legacy device or entity belongs to the piece of the same kind that contradicts it least.

use std::collections::HashMap;

use defender_xdr_api::incidents::Owner;
use serde_json::Value;

use super::pair::{Pair, unexplained};
use super::place::Place;
use super::rules::{EVIDENCE_KIND, EVIDENCE_MORE, ORDER};
use super::{Class, Difference};
use crate::correspondence::{Record, fields};

impl Pair<'_> {
    pub(super) fn evidence(&mut self, place: &Place, legacy: &[Value], graph: &[Value]) {
        let mut by_kind: HashMap<&str, Vec<(usize, &Value)>> = HashMap::new();
        for (at, piece) in graph.iter().enumerate() {
            by_kind.entry(kind(piece)).or_default().push((at, piece));
        }
        let mut order = Vec::new();
        let mut unpaired = Vec::new();
        for piece in legacy {
            let here = place.item(kind(piece));
            let candidates = by_kind.entry(kind(piece)).or_default();
            match self.nearest(&here, piece, candidates) {
                Some((index, mut differences)) => {
                    order.push(candidates.remove(index).0);
                    self.found.append(&mut differences);
                }
                None => unpaired.push(piece),
            }
        }
        let mut left: Vec<(usize, &Value)> = by_kind.into_values().flatten().collect();
        left.sort_unstable_by_key(|(at, _)| *at);
        for piece in unpaired {
            let here = place.item(kind(piece));
            // What has no name in our tables may have another name on Graph.
            let counterpart =
                left.iter().position(|(_, other)| !has_entity(kind(piece)) && !has_entity(kind(other)));
            if let Some(index) = counterpart {
                left.remove(index);
                self.add(&here, None, None, Class::Expected(&EVIDENCE_KIND));
            } else {
                self.add(&here, Some(piece.clone()), None, Class::Unexplained);
            }
        }
        for (_, piece) in left {
            let rule = if has_entity(kind(piece)) { &EVIDENCE_MORE } else { &EVIDENCE_KIND };
            self.add(&place.item(kind(piece)), None, None, Class::Expected(rule));
        }
        if !order.is_sorted() {
            self.add(place, None, None, Class::Expected(&ORDER));
        }
    }

    /// The candidate with the fewest unexplained differences, the first of several.
    fn nearest(
        &self,
        place: &Place,
        piece: &Value,
        candidates: &[(usize, &Value)],
    ) -> Option<(usize, Vec<Difference>)> {
        let piece = piece.as_object()?;
        let mut best: Option<(usize, usize, Vec<Difference>)> = None;
        for (index, (_, candidate)) in candidates.iter().enumerate() {
            let Some(candidate) = candidate.as_object() else { continue };
            let differences = self.apart(place, piece, candidate);
            let wrong = unexplained(&differences);
            if best.as_ref().is_none_or(|(_, least, _)| wrong < *least) {
                let done = wrong == 0;
                best = Some((index, wrong, differences));
                if done {
                    break;
                }
            }
        }
        best.map(|(index, _, differences)| (index, differences))
    }
}

/// `deviceEvidence` of `#microsoft.graph.security.deviceEvidence`.
fn kind(piece: &Value) -> &str {
    let name = piece.get("@odata.type").or_else(|| piece.get("entityType")).and_then(Value::as_str);
    name.and_then(|name| name.rsplit('.').next()).unwrap_or_default()
}

/// Whether the legacy API has devices or entities of a kind.
fn has_entity(kind: &str) -> bool {
    kind == "deviceEvidence"
        || fields()
            .iter()
            .any(|field| matches!(field.record, Record::Of(Owner::Entity(_, graph)) if graph == kind))
}
