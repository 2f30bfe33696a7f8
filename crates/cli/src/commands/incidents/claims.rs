//! Incidents that a command changes already: two of the ids it names may lead to the same one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use defender_xdr_api::ApiError;
use tokio::sync::OnceCell;

/// How the one change of an incident ended.
type Ending = Arc<OnceCell<Result<(), ApiError>>>;

/// The incidents that were claimed, by the id that goes on.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<HashMap<String, Ending>>);

impl Claims {
    /// Does the work for the first who claims this incident. Others wait until it is done: for them there is nothing left
    /// to do (`None`), or the same error.
    pub(super) async fn once<T>(
        &self,
        target: &str,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Option<T>, ApiError> {
        let ending = {
            let mut claims = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(claims.entry(target.to_owned()).or_default())
        };
        let mut mine = None;
        let ended = ending
            .get_or_init(|| async {
                let result = work.await;
                let ended = result.as_ref().map(|_| ()).map_err(Clone::clone);
                mine = Some(result);
                ended
            })
            .await;
        match mine {
            Some(result) => result.map(Some),
            None => ended.clone().map(|()| None),
        }
    }
}
