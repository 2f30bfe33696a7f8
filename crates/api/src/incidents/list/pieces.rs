//! A page of a list that the service cannot give as a whole is read in pieces, down to the one record that is at fault.

use super::{IncidentList, Next};
use crate::envelope::RawPage;
use crate::error::{ApiError, ApiErrorKind};
use crate::fetch::{Hole, MissingPart, passes};
use crate::incidents::Incident;

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// How many come before it.
    pub(super) skip: usize,
    /// How many it has.
    pub(super) count: usize,
}

/// The parts of a page that are still to be read, the next one last.
#[derive(Debug, Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    /// The next one.
    pub(super) fn pop(&mut self) -> Option<Piece> {
        self.0.pop()
    }

    /// One that cannot be read as a whole: its halves. False when it is a single record.
    pub(super) fn halve(&mut self, piece: Piece) -> bool {
        let half = piece.count / 2;
        if half == 0 {
            return false;
        }
        self.0.push(Piece { skip: piece.skip + half, count: piece.count - half });
        self.0.push(Piece { skip: piece.skip, count: half });
        true
    }

    /// What is missing of one that came short, though it goes on.
    pub(super) fn rest(&mut self, piece: Piece, came: usize) {
        if came < piece.count {
            self.0.push(Piece { skip: piece.skip + came, count: piece.count - came });
        }
    }

    /// The list has ended.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl IncidentList<'_> {
    /// Begins to read a page in pieces, unless the service is down.
    pub(super) async fn take_apart(&mut self, page: Piece, error: ApiError) -> Result<(), ApiError> {
        let first = self.client.page(self.url(page.skip, 1, false), true).await;
        // The first may be the one that is at fault; the second is not as well.
        if first.is_err() && self.client.page(self.url(page.skip + 1, 1, false), true).await.is_err() {
            return Err(error);
        }
        self.pieces.rest(page, 0);
        self.reached = page.skip + page.count;
        self.next = Next::Skip(self.reached);
        Ok(())
    }

    /// One piece, or nothing: it was halved, or is the record that cannot be read.
    pub(super) async fn fetch_piece(&mut self, piece: Piece) -> Result<Option<RawPage>, ApiError> {
        let url = self.url(piece.skip, piece.count, self.expands());
        let page = match self.client.page(url, true).await {
            Ok(page) => page,
            Err(error) if error.kind() != ApiErrorKind::Unavailable => return Err(error),
            Err(_) if self.pieces.halve(piece) => return Ok(None),
            Err(error) => return self.alone(piece, &error).await,
        };
        if page.len() >= piece.count {
            return Ok(Some(page));
        }
        if page.next_link.is_some() && page.len() > 0 {
            self.pieces.rest(piece, page.len());
        } else {
            self.pieces.clear();
            self.next = Next::Done;
        }
        Ok(Some(page))
    }

    /// One record that fails by itself: without its alerts, with them from other requests, or not at all.
    async fn alone(&mut self, piece: Piece, error: &ApiError) -> Result<Option<RawPage>, ApiError> {
        let bare = if self.expands() {
            self.client.page(self.url(piece.skip, 1, false), true).await.ok()
        } else {
            None
        };
        let Some(page) = bare else {
            self.holes.push(Hole {
                missing: MissingPart::Incident,
                id: None,
                created_from: None,
                reason: format!("{error} (place {} of the list)", piece.skip + 1),
            });
            return Ok(None);
        };
        if page.len() == 0 {
            return Ok(None);
        }
        let text = page.record(0);
        let Ok(incident) = Incident::read(self.client.backend(), text) else { return Ok(Some(page)) };
        match self.client.incident_with_alerts(incident.id(), text).await {
            Ok(whole) => Ok(Some(RawPage::of_texts(&[whole], None))),
            Err(error) if passes(error.kind()) => Err(error),
            Err(error) => {
                self.holes.push(Hole {
                    missing: MissingPart::Alerts,
                    id: Some(incident.id().to_owned()),
                    created_from: incident.created(),
                    reason: error.to_string(),
                });
                Ok(Some(page))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Pieces};

    #[test]
    fn halves_make_the_whole_down_to_single_records() {
        let mut pieces = Pieces::default();
        let whole = Piece { skip: 7, count: 5 };
        assert!(pieces.halve(whole));
        let mut singles = Vec::new();
        while let Some(piece) = pieces.pop() {
            if !pieces.halve(piece) {
                singles.push(piece);
            }
        }
        assert_eq!(singles, (7..12).map(|skip| Piece { skip, count: 1 }).collect::<Vec<_>>());
    }

    #[test]
    fn a_short_piece_leaves_its_rest() {
        let mut pieces = Pieces::default();
        pieces.rest(Piece { skip: 10, count: 4 }, 4);
        assert_eq!(pieces.pop(), None);
        pieces.rest(Piece { skip: 10, count: 4 }, 1);
        assert_eq!(pieces.pop(), Some(Piece { skip: 11, count: 3 }));
    }
}
