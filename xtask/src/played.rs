//! A program on a terminal of our own: what it shows, and keys for it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The program is killed when this is dropped.
pub(crate) struct Played {
    child: Child,
    keyboard: File,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    parser: vt100::Parser,
    /// When the last bytes came.
    at: Instant,
    bytes: u64,
}

impl Played {
    /// Starts a program on a terminal of this size.
    pub(crate) fn start(command: &mut Command, columns: u16, rows: u16) -> Result<Self> {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).context("no terminal")?;
        grantpt(&ours).and_then(|()| unlockpt(&ours)).context("the terminal does not open")?;
        tcsetwinsize(&ours, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })?;
        let name = ptsname(&ours, Vec::new())?.into_string().context("a terminal without a name")?;
        let end = || -> Result<Stdio> { Ok(File::options().read(true).write(true).open(&name)?.into()) };
        command.stdin(end()?).stdout(end()?).stderr(end()?).env("TERM", "xterm-256color");
        let child = command.spawn().context("the program does not start")?;
        let shown = Shown { parser: vt100::Parser::new(rows, columns, 0), at: Instant::now(), bytes: 0 };
        let shown = Arc::new(Mutex::new(shown));
        let (mut reader, log) = (File::from(ours), Arc::clone(&shown));
        let keyboard = reader.try_clone()?;
        thread::spawn(move || {
            let mut part = [0; 16 * 1024];
            // Reading fails once the program has gone.
            while let Ok(read @ 1..) = reader.read(&mut part) {
                let mut shown = log.lock().unwrap_or_else(PoisonError::into_inner);
                shown.at = Instant::now();
                shown.bytes += u64::try_from(read).unwrap_or(0);
                shown.parser.process(&part[..read]);
            }
        });
        Ok(Self { child, keyboard, shown })
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Presses keys.
    pub(crate) fn press(&self, keys: &str) -> Result<()> {
        (&self.keyboard).write_all(keys.as_bytes()).context("the terminal takes no keys")
    }

    /// Looks at the screen.
    pub(crate) fn screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shown.lock().unwrap_or_else(PoisonError::into_inner).parser.screen())
    }

    /// Waits until words are on the screen.
    pub(crate) fn wait_for(&self, words: &str, limit: Duration) -> Result<()> {
        let begun = Instant::now();
        while !self.screen(|screen| screen.contents().contains(words)) {
            if begun.elapsed() > limit {
                bail!("waited in vain for `{words}`; there is:\n{}", self.screen(vt100::Screen::contents));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Presses keys, and how long it took until something was shown.
    pub(crate) fn answer(&self, keys: &str, limit: Duration) -> Result<Duration> {
        let told = || {
            let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            (shown.bytes, shown.at)
        };
        let (before, _) = told();
        let pressed = Instant::now();
        self.press(keys)?;
        loop {
            let (bytes, at) = told();
            if bytes > before {
                return Ok(at.saturating_duration_since(pressed));
            }
            if pressed.elapsed() > limit {
                bail!("no answer to a key within {limit:?}");
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
