//! A backlog within one look-back, as large as is promised.

use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;

use crate::changing_world::ChangingWorld;
use crate::cycles::Platform;

#[tokio::test]
async fn a_burst_within_one_look_back_is_fetched_in_a_straight_line() {
    let mut platform = Platform::new(ChangingWorld::start(Backend::Legacy, 1, 0).await, 200);
    platform.world.facts().burst(6_000, SignedDuration::from_millis(100));
    let mut requests = 0;
    let mut fetches = 0;
    while platform.delivered.len() < 6_000 {
        platform.fetch(false).await.expect("a fetch");
        requests += platform.world.facts().requests;
        fetches += 1;
        assert!(fetches < 100, "{}", platform.delivered.len());
    }
    // Not again and again from the beginning of the look-back.
    assert!(requests < 6_000 / 100 * 4, "{requests} requests");
    platform.drain().await;
    platform.check();
    assert!(platform.log.take().iter().all(|line| !line.message.contains("too many")));
}
