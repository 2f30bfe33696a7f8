//! A listener that notes when the first byte of a connection arrives, and gives no answer.

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// No program here takes longer to say its first word.
const LIMIT: Duration = Duration::from_secs(10);

/// Listens as long as the program runs.
pub(crate) struct Tap {
    /// Host and port.
    pub(crate) address: String,
    arrivals: Receiver<Instant>,
}

impl Tap {
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen")?;
        let address = listener.local_addr().context("no address")?.to_string();
        let (arrived, arrivals) = mpsc::channel();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let mut connection = connection;
                // Whoever connects and says nothing has not arrived.
                if connection.read(&mut [0]).is_ok_and(|count| count == 1)
                    && arrived.send(Instant::now()).is_err()
                {
                    return;
                }
            }
        });
        Ok(Self { address, arrivals })
    }

    /// When the next connection's first byte arrived.
    pub(crate) fn next(&self) -> Result<Instant> {
        self.arrivals.recv_timeout(LIMIT).context("nothing arrived")
    }

    /// Forgets what arrived until now.
    pub(crate) fn clear(&self) {
        while self.arrivals.try_recv().is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpStream;
    use std::time::Instant;

    use super::Tap;

    #[test]
    fn an_arrival_is_noted_after_it_was_sent() {
        let tap = Tap::start().unwrap();
        let before = Instant::now();
        TcpStream::connect(&tap.address).unwrap().write_all(b"x").unwrap();
        assert!(tap.next().unwrap() > before);
    }
}
