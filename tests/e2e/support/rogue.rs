//! A server that breaks the rules: it answers each request by a function and remembers what it was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as the rogue heard it.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// Path and query.
    pub(crate) target: String,
    /// Header lines as sent.
    pub(crate) headers: Vec<String>,
}

impl Heard {
    pub(crate) fn has_authorization(&self) -> bool {
        self.headers.iter().any(|line| line.to_ascii_lowercase().starts_with("authorization:"))
    }
}

/// What a rogue answers.
pub(crate) enum Told {
    /// 200 with this JSON text.
    Json(String),
    /// 302 to this address.
    Elsewhere(String),
}

/// A listening rogue. Its thread ends with the process.
pub(crate) struct Rogue {
    origin: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Rogue {
    /// Answers every request with what `answer` makes of the rogue's own origin.
    pub(crate) fn start(answer: impl Fn(&str) -> Told + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (own, log) = (origin.clone(), Arc::clone(&heard));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                // A client that goes away in the middle is the client's business.
                serve(stream, &log, || answer(&own)).ok();
            }
        });
        Self { origin, heard }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no test thread panicked here").clone()
    }
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Heard>>, answer: impl Fn() -> Told) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        headers.push(line);
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    log.lock().expect("no test thread panicked here").push(Heard { target, headers });
    let (head, body) = match answer() {
        Told::Json(body) => ("200 OK\r\nContent-Type: application/json".to_owned(), body),
        Told::Elsewhere(address) => (format!("302 Found\r\nLocation: {address}"), String::new()),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}
