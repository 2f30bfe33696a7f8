//! `cargo xtask bench [NAME] [RUNS]`: measurements whose rows can be pasted into the documentation.

mod board;
mod cached_token;
mod cold;
mod cold_server;
mod fast_server;
mod hunting;
mod list_speed;
pub(crate) mod measure;
mod memory_flows;
mod memory_list;
mod memory_page;
mod release;
mod report;
mod rounds;
mod scan;
mod seal;
mod start;
mod summary;
mod tap;
mod xsoar_fetch;
mod xsoar_run;

use anyhow::{Context as _, Result, bail};

struct Benchmark {
    name: &'static str,
    about: &'static str,
    runs: usize,
    run: fn(usize) -> Result<()>,
}

const BENCHMARKS: [Benchmark; 14] = [
    Benchmark {
        name: "board",
        about: "the board with 10,000 incidents: memory, and answers to keys",
        runs: 200,
        run: board::run,
    },
    Benchmark { name: "report", about: "a report about 10,000 incidents", runs: 11, run: report::run },
    Benchmark {
        name: "start",
        about: "`--version` beside a Rust program that only prints a line",
        runs: 101,
        run: start::run,
    },
    Benchmark {
        name: "memory-flows",
        about: "peak memory of `auth flows`",
        runs: 21,
        run: memory_flows::run,
    },
    Benchmark {
        name: "memory-list",
        about: "peak memory of `incidents list --all` over 5,000 and 50,000 incidents",
        runs: 3,
        run: memory_list::run,
    },
    Benchmark {
        name: "memory-page",
        about: "peak memory of one page of 29 MB: 50 incidents with 100 alerts each",
        runs: 5,
        run: memory_page::run,
    },
    Benchmark {
        name: "cold",
        about: "sign-in and one page of incidents from nothing, beside curl, bare Rust and MSAL",
        runs: 31,
        run: cold::run,
    },
    Benchmark {
        name: "list-speed",
        about: "`incidents list --all` over 540 MB beside Python, owned structs, and skipping",
        runs: 3,
        run: list_speed::run,
    },
    Benchmark {
        name: "hunting",
        about: "`hunt` over 99,999 rows, beside Python",
        runs: 5,
        run: hunting::run,
    },
    Benchmark {
        name: "scan",
        about: "`migrate scan` over 100 MB in 2,000 files, beside `grep -rE`",
        runs: 7,
        run: scan::run,
    },
    Benchmark { name: "seal", about: "sealing and opening a session record", runs: 1001, run: seal::run },
    Benchmark {
        name: "cached-token",
        about: "from a cached token to the first byte of a request, beside `--version`",
        runs: 51,
        run: cached_token::run,
    },
    Benchmark {
        name: "xsoar-run",
        about: "`xsoar run` lists incidents with a cached token, beside Python",
        runs: 31,
        run: xsoar_run::run,
    },
    Benchmark {
        name: "xsoar-fetch",
        about: "a backlog of 50,000 incidents through `xsoar run`, beside Python",
        runs: 3,
        run: xsoar_fetch::run,
    },
];

/// Runs the named benchmark, with its own number of rounds unless one is given; lists them without a name.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let (name, runs) = match words {
        [] => {
            for Benchmark { name, about, runs, .. } in &BENCHMARKS {
                println!("{name:<14} {about} ({runs} rounds)");
            }
            return Ok(());
        }
        [name] => (*name, None),
        [name, runs] => {
            (*name, Some(runs.parse().with_context(|| format!("`{runs}` is not a number of rounds"))?))
        }
        _ => bail!("bench takes a name and a number of rounds"),
    };
    let benchmark = BENCHMARKS.iter().find(|benchmark| benchmark.name == name).with_context(|| {
        let names: Vec<_> = BENCHMARKS.iter().map(|benchmark| benchmark.name).collect();
        format!("no benchmark `{name}`; there are {}", names.join(", "))
    })?;
    let runs = runs.unwrap_or(benchmark.runs);
    if runs == 0 {
        bail!("no rounds, no measurement");
    }
    (benchmark.run)(runs)
}
