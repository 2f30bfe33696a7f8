//! The keyboard: a thread that waits for it, so that nothing else has to.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc::UnboundedSender;

use crate::state::{Event, Key};

/// How long the thread may outlive the board.
const GLANCE: Duration = Duration::from_millis(100);
/// It waits and translates.
const STACK: usize = 128 * 1024;

/// A keyboard that is listened to until dropped.
pub(crate) struct Keyboard {
    over: Arc<AtomicBool>,
}

impl Keyboard {
    /// Begins to listen. When the terminal goes away, the sender is dropped.
    pub(crate) fn listen(events: UnboundedSender<Event>) -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&over);
        thread::Builder::new().name("keyboard".to_owned()).stack_size(STACK).spawn(move || {
            while !done.load(Ordering::Relaxed) {
                let input = match event::poll(GLANCE) {
                    Ok(false) => continue,
                    Ok(true) => event::read(),
                    Err(_) => return,
                };
                let Ok(input) = input else { return };
                if let Some(event) = translated(input)
                    && events.send(event).is_err()
                {
                    return;
                }
            }
        })?;
        Ok(Self { over })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn translated(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Event::Key),
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Resize(columns, rows) => Some(Event::Size(columns, rows)),
        _ => None,
    }
}

fn key(key: KeyEvent) -> Option<Key> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        // Letters with Alt mean nothing here, and are no letters.
        KeyCode::Char(_) if key.modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_with_alt_is_no_letter_and_ctrl_is_told() {
        let pressed = |code, modifiers| key(KeyEvent::new(code, modifiers));
        assert_eq!(pressed(KeyCode::Char('y'), KeyModifiers::ALT), None);
        assert_eq!(pressed(KeyCode::Char('C'), KeyModifiers::CONTROL), Some(Key::Ctrl('c')));
        assert_eq!(pressed(KeyCode::Char('Y'), KeyModifiers::SHIFT), Some(Key::Char('Y')));
    }
}
