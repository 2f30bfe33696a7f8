//! The terminal, which is put back whatever happens.

use std::io::{self, Stdout, stdout};

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use crate::draw::{Colours, draw};
use crate::state::State;

/// The terminal in our hands. Dropping it gives it back: at the end, on an error, while a panic unwinds.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal.
    pub(crate) fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        // From here on, an error gives back what was taken.
        let given = Given;
        // Pasted text comes marked: no letter of it is taken for a key.
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        std::mem::forget(given);
        Ok(Self { terminal })
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Shows a state: only the cells that differ are sent.
    pub(crate) fn show(&mut self, state: &State, colours: Colours) -> io::Result<()> {
        self.terminal.draw(|frame| draw(state, colours, frame)).map(drop)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(Given);
    }
}

/// Gives the terminal back when dropped.
struct Given;

impl Drop for Given {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, also twice: for a program whose panics are told before they unwind.
pub fn give_back() {
    // Nobody is left to tell.
    execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show).ok();
    disable_raw_mode().ok();
}
