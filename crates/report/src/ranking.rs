//! What most incidents are about, by kind.

use std::collections::HashSet;

use defender_xdr_api::entities::EntityKind;

use crate::findings::{EntityRanking, Named};
use crate::heavy::Heavy;

/// The kinds that a person may want to look after. Processes have no name that says who.
const KINDS: [EntityKind; 6] = [
    EntityKind::User,
    EntityKind::Device,
    EntityKind::Mailbox,
    EntityKind::Ip,
    EntityKind::Url,
    EntityKind::File,
];
/// Things of a kind are counted exactly up to this many different ones.
const MOST_THINGS: usize = 8_192;
/// So many of each kind are shown.
const SHOWN: usize = 8;

/// Things being counted.
#[derive(Debug)]
pub(crate) struct Ranking(Vec<(EntityKind, Heavy<u32>)>);

impl Ranking {
    pub(crate) fn new() -> Self {
        Self(KINDS.into_iter().map(|kind| (kind, Heavy::new(MOST_THINGS))).collect())
    }

    /// Counts the things of one incident, each once.
    pub(crate) fn add(&mut self, things: &HashSet<(EntityKind, String)>) {
        for (kind, name) in things {
            if let Some((_, heavy)) = self.0.iter_mut().find(|(of, _)| of == kind) {
                let count = heavy.of(name);
                *count = count.saturating_add(1);
            }
        }
    }

    /// The most frequent of each kind.
    pub(crate) fn finish(self) -> Vec<EntityRanking> {
        let ranked = self.0.into_iter().map(|(kind, heavy)| {
            let (distinct, slack) = (heavy.len(), heavy.slack());
            let top = heavy.heaviest(SHOWN).into_iter().map(|(name, incidents)| Named { name, incidents });
            EntityRanking { kind, top: top.collect(), distinct, slack }
        });
        ranked.collect()
    }
}
