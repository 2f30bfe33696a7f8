//! The walk through two objects, member by member. Lists that have a sense of their own are compared by it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::place::Place;
use super::rules::{self, ORDER, Rule};
use super::sameness::is_nothing;
use super::{Class, Difference};

pub(super) type Members = Map<String, Value>;

/// Two readings of one incident, and what was found to differ.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    id: &'a str,
    with_alerts: bool,
    pub(super) found: Vec<Difference>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(id: &'a str, with_alerts: bool) -> Self {
        Self { id, with_alerts, found: Vec::new() }
    }

    /// Two objects.
    pub(super) fn members(&mut self, place: &Place, legacy: &Members, graph: &Members) {
        let names: BTreeSet<&String> = legacy.keys().chain(graph.keys()).collect();
        for name in names {
            if name == "alerts" && place.pattern.is_empty() && !self.with_alerts {
                continue;
            }
            let (legacy, graph) = (legacy.get(name), graph.get(name));
            if legacy != graph {
                self.values(&place.member(name), legacy, graph);
            }
        }
    }

    /// Two values that are not equal.
    pub(super) fn values(&mut self, place: &Place, legacy: Option<&Value>, graph: Option<&Value>) {
        match (legacy, graph) {
            (Some(Value::Object(legacy)), Some(Value::Object(graph))) => self.members(place, legacy, graph),
            (Some(Value::Array(one)), Some(Value::Array(other))) if !one.is_empty() && !other.is_empty() => {
                self.lists(place, one, other);
            }
            _ if explained(place, legacy, graph).is_some() => self.look_up(place, legacy, graph),
            // Nothing on one side is a list without items: what is missing is then named.
            (None | Some(Value::Null | Value::Array(_)), Some(Value::Array(other))) if is_nothing(legacy) => {
                self.lists(place, &[], other);
            }
            (Some(Value::Array(one)), None | Some(Value::Null | Value::Array(_))) => {
                self.lists(place, one, &[]);
            }
            _ => self.look_up(place, legacy, graph),
        }
    }

    fn lists(&mut self, place: &Place, legacy: &[Value], graph: &[Value]) {
        match place.pattern.as_str() {
            "alerts" => self.alerts(place, legacy, graph),
            "alerts[].evidence" => self.evidence(place, legacy, graph),
            "comments" | "alerts[].comments" => self.comments(place, legacy, graph),
            _ => self.sets(place, legacy, graph),
        }
    }

    /// Lists whose order means nothing.
    fn sets(&mut self, place: &Place, legacy: &[Value], graph: &[Value]) {
        let mut left: Vec<&Value> = graph.iter().collect();
        let mut lost = Vec::new();
        for item in legacy {
            match left.iter().position(|other| *other == item) {
                Some(index) => drop(left.remove(index)),
                None => lost.push(item),
            }
        }
        if lost.is_empty() && left.is_empty() {
            return self.add(place, None, None, Class::Expected(&ORDER));
        }
        let whole = |items: &[Value]| Some(Value::Array(items.to_vec()));
        self.add(place, whole(legacy), whole(graph), Class::Unexplained);
    }

    /// A difference that the rules decide about.
    pub(super) fn look_up(&mut self, place: &Place, legacy: Option<&Value>, graph: Option<&Value>) {
        match explained(place, legacy, graph) {
            // What is known needs no values: there is much of it.
            Some(rule) => self.add(place, None, None, Class::Expected(rule)),
            None => self.add(place, legacy.cloned(), graph.cloned(), Class::Unexplained),
        }
    }

    pub(super) fn add(&mut self, place: &Place, legacy: Option<Value>, graph: Option<Value>, class: Class) {
        self.found.push(Difference {
            id: self.id.to_owned(),
            path: place.shown.clone(),
            legacy,
            graph,
            class,
        });
    }

    /// The differences of two values, apart from those found so far.
    pub(super) fn apart(&self, place: &Place, legacy: &Members, graph: &Members) -> Vec<Difference> {
        let mut trial = Pair::new(self.id, self.with_alerts);
        trial.members(place, legacy, graph);
        trial.found
    }
}

/// How many differences no rule explains.
pub(super) fn unexplained(found: &[Difference]) -> usize {
    found.iter().filter(|difference| difference.class == Class::Unexplained).count()
}

fn explained(place: &Place, legacy: Option<&Value>, graph: Option<&Value>) -> Option<&'static Rule> {
    rules::explaining(&place.pattern, legacy, graph)
}
