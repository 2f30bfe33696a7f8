//! One small text that all processes of this machine share, such as a count of calls. It holds no secret.

use std::fmt::Debug;
use std::io;
use std::sync::{Mutex, PoisonError};

/// What makes the new text from the present one; `None` leaves it as it is.
pub type Change<'a> = dyn FnMut(Option<&[u8]>) -> Option<Vec<u8>> + 'a;

/// A small text that is read, changed and written as one step.
pub trait Ledger: Debug + Send + Sync {
    /// What it holds; `None` before anybody wrote.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self) -> io::Result<Option<Vec<u8>>>;

    /// Lets `change` make the new text from the present one, while nobody else does.
    ///
    /// # Errors
    /// When it cannot be read or written, or when somebody holds it for too long.
    fn change(&self, change: &mut Change<'_>) -> io::Result<()>;
}

/// A ledger of this process alone.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Option<Vec<u8>>>);

impl Ledger for MemoryLedger {
    fn read(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn change(&self, change: &mut Change<'_>) -> io::Result<()> {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(new) = change(text.as_deref()) {
            *text = Some(new);
        }
        Ok(())
    }
}
