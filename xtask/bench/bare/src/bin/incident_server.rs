//! Serves the incidents over plain HTTP on loopback, rendered beforehand: faster than any client reads.
//!
//! `incident_server INCIDENTS ALERTS EVIDENCE` serves so many with so many in each, in chunks, as the real service does.
//!
//! Prints `{"origin": …, "bytes": …}` when it is ready.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use bare::{PAGE, Records, number_of};

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|word| word.parse().expect("a number")).collect();
    let records = match numbers[..] {
        [incidents, alerts, evidence] => Records::of(incidents, alerts, evidence),
        _ => Records::make(),
    };
    let (records, chunked) = (Arc::new(records), !numbers.is_empty());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let bytes: usize = (0..records.len()).step_by(PAGE).map(|from| records.page(from, None)[1].len()).sum();
    println!("{{\"origin\":\"{origin}\",\"bytes\":{bytes}}}");
    for stream in listener.incoming().flatten() {
        let (records, origin) = (Arc::clone(&records), origin.clone());
        thread::spawn(move || serve(stream, &records, &origin, chunked));
    }
}

fn serve(stream: TcpStream, records: &Records, origin: &str, chunked: bool) {
    stream.set_nodelay(true).ok();
    let mut writer = stream.try_clone().expect("the same connection");
    let mut reader = BufReader::new(stream);
    loop {
        let mut target = String::new();
        if reader.read_line(&mut target).unwrap_or(0) == 0 {
            return;
        }
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        reader.read_exact(&mut vec![0; length]).ok();
        let parts = if target.starts_with("POST") {
            let token = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"opaque"}"#;
            [token.as_bytes().to_vec(), Vec::new(), Vec::new()]
        } else {
            let decoded = target.replace("%24", "$").replace("%3A", ":").replace("%20", " ").replace('+', " ");
            let after = |mark: &str| decoded.split_once(mark).map(|(_, rest)| rest.to_owned());
            let from = after("createdDateTime ge ").map(|at| number_of(&at)).unwrap_or(0);
            let skip = after("$skip=").and_then(|rest| {
                rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok())
            });
            let from = (from + skip.unwrap_or(0)).min(records.len());
            let next = from + PAGE;
            let link = format!("{origin}/v1.0/security/incidents?$top={PAGE}&$skip={next}");
            records.page(from, (next < records.len()).then_some(link.as_str()))
        };
        if chunked {
            if send_in_chunks(&mut writer, &parts.concat()).is_err() {
                return;
            }
            continue;
        }
        let length: usize = parts.iter().map(Vec::len).sum();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        if writer.write_all(head.as_bytes()).is_err() || parts.iter().any(|part| writer.write_all(part).is_err()) {
            return;
        }
    }
}

fn send_in_chunks(writer: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")?;
    for chunk in body.chunks(16 * 1024) {
        writer.write_all(format!("{:x}\r\n", chunk.len()).as_bytes())?;
        writer.write_all(chunk)?;
        writer.write_all(b"\r\n")?;
    }
    writer.write_all(b"0\r\n\r\n")
}
