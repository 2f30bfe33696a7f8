//! Starting, stopping and sharing a connection.

use defender_xdr_emulator::{Emulator, EmulatorError, Options};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::tenant::*;

fn address(tenant: &Tenant) -> String {
    tenant.emulator.origin().trim_start_matches("http://").to_owned()
}

#[tokio::test]
async fn a_stopped_emulator_no_longer_listens() {
    let tenant = Tenant::start().await;
    let address = address(&tenant);
    assert_eq!(tenant.get("/_control/ready").await.status, 200);
    tenant.emulator.stop().await;
    TcpStream::connect(address).await.unwrap_err();
}

#[tokio::test]
async fn a_dropped_emulator_no_longer_listens() {
    let tenant = Tenant::start().await;
    let address = address(&tenant);
    drop(tenant);
    // The listener goes as soon as the runtime gets to it.
    for _ in 0..100 {
        if TcpStream::connect(&address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("still listening");
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let tenant = Tenant::start().await;
    let options = Options { listen: address(&tenant).parse().unwrap(), ..Options::default() };
    let error = Emulator::start(options).await.unwrap_err();
    assert!(matches!(error, EmulatorError::Bind { .. }));
    assert!(error.to_string().contains("taken by another program"), "{error}");
}

#[tokio::test]
async fn a_world_too_large_and_a_time_too_late_are_errors() {
    let options = Options { incidents: 99_999_999_999, ..Options::default() };
    assert!(Emulator::start(options).await.unwrap_err().to_string().contains("at most 100000"));
    let options = Options { now: Some(jiff::Timestamp::MAX), ..Options::default() };
    assert!(matches!(Emulator::start(options).await.unwrap_err(), EmulatorError::Time(_)));
    Tenant::with(Options { incidents: 0, ..Options::default() }).await;
    let first_year = Some("1971-01-01T00:00:00Z".parse().unwrap());
    Tenant::with(Options { now: first_year, ..Options::default() }).await;
}

#[tokio::test]
async fn one_connection_carries_many_exchanges() {
    let tenant = Tenant::start().await;
    let mut stream = TcpStream::connect(address(&tenant)).await.unwrap();
    for _ in 0..3 {
        stream.write_all(b"DELETE /_control/faults HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(&answer));
    }
}
