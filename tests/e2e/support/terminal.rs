//! A terminal that a run may take for a person's.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};

const ROWS: u16 = 50;
const COLUMNS: u16 = 80;

/// A terminal and what was shown on it. Its thread ends when it is dropped and nobody writes to it any more.
pub(crate) struct Terminal {
    rows: u16,
    columns: u16,
    screen: String,
    shown: Arc<Mutex<Vec<u8>>>,
    keyboard: File,
    /// As long as one end is open, reading the other one does not fail between two programs.
    _held: File,
}

impl Terminal {
    /// A terminal of eighty columns.
    pub(crate) fn open() -> Self {
        Self::of(ROWS, COLUMNS)
    }

    /// A terminal of another size.
    pub(crate) fn of(rows: u16, columns: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("ours");
        unlockpt(&ours).expect("open");
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).expect("a size");
        let screen = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("a name in text");
        let held = File::options().read(true).write(true).open(&screen).expect("the terminal opens");
        let shown = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&shown);
        let mut reader = File::from(ours);
        let keyboard = reader.try_clone().expect("a keyboard");
        thread::spawn(move || {
            let mut part = [0; 4096];
            // Reading fails once the last writer has gone.
            while let Ok(read @ 1..) = reader.read(&mut part) {
                log.lock().expect("no test thread panicked here").extend_from_slice(&part[..read]);
            }
        });
        Self { rows, columns, screen, shown, keyboard, _held: held }
    }

    /// The end that a process writes to.
    pub(crate) fn end(&self) -> Stdio {
        File::options().read(true).write(true).open(&self.screen).expect("the terminal opens").into()
    }

    /// What a person sees of it now.
    pub(crate) fn seen(&self) -> String {
        let mut parser = vt100::Parser::new(self.rows, self.columns, 0);
        parser.process(&self.shown.lock().expect("no test thread panicked here"));
        parser.screen().contents()
    }

    /// The same once a word was seen so often: what a process wrote last may still be on its way.
    pub(crate) fn seen_at_last(&self, word: &str, times: usize) -> String {
        super::until("everything was shown", || {
            Some(self.seen()).filter(|seen| seen.matches(word).count() >= times)
        })
    }

    /// Presses keys.
    pub(crate) fn press(&self, keys: &str) {
        (&self.keyboard).write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// How it treats keys and lines: what a program has to leave as it was.
    pub(crate) fn manners(&self) -> String {
        let end = File::options().read(true).write(true).open(&self.screen).expect("the terminal opens");
        format!("{:?}", tcgetattr(&end).expect("it has manners"))
    }

    /// What was written so far.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().expect("no test thread panicked here")).into_owned()
    }
}
