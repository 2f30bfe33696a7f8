//! How fast serde_json merely skips the incidents: prints `{"bytes": …, "nanoseconds": …}` of the skipping alone.

use std::time::Instant;

use bare::{COUNT, PAGE, Records};
use serde::de::IgnoredAny;

fn main() {
    let records = Records::make();
    let pages: Vec<Vec<u8>> = (0..COUNT).step_by(PAGE).map(|from| records.page(from, None).concat()).collect();
    drop(records);
    let started = Instant::now();
    for page in &pages {
        serde_json::from_slice::<IgnoredAny>(page).expect("JSON");
    }
    let nanoseconds = started.elapsed().as_nanos();
    let bytes: usize = pages.iter().map(Vec::len).sum();
    println!("{{\"bytes\":{bytes},\"nanoseconds\":{nanoseconds}}}");
}
