//! From runs to Markdown: medians per subject, and the first subject's ratio to each other, round by round.
//!
//! A ratio of medians compares different moments; the median of paired ratios compares the same ones.

use std::fmt::Write as _;

use super::measure::Measurement;
use super::rounds::Series;

/// One quantity of a measurement.
type Quantity = fn(&Measurement) -> u64;

const QUANTITIES: [(&str, Quantity); 3] =
    [("wall", |run| run.wall_us), ("CPU", |run| run.cpu_us), ("peak memory", |run| run.peak_kib)];

/// The middle value; of an even number the mean of the two in the middle. `None` without values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds and KiB of one process are far below 2^53")]
fn value(of: Quantity, run: &Measurement) -> f64 {
    of(run) as f64
}

/// Medians of every subject as a Markdown table.
pub(crate) fn medians(all: &[Series]) -> String {
    let mut text =
        String::from("| Program | Wall ms | CPU ms | Peak MiB | Runs |\n|---|---:|---:|---:|---:|\n");
    for Series { name, runs } in all {
        let middle = |of: Quantity| median(runs.iter().map(|run| value(of, run))).unwrap_or(f64::NAN);
        let floor = median(runs.iter().map(|run| value(|run| run.floor_kib, run))).unwrap_or(0.0);
        let peak = middle(|run| run.peak_kib);
        let at_most = if peak <= floor { "≤ " } else { "" };
        let _infallible = writeln!(
            text,
            "| {name} | {:.2} | {:.2} | {at_most}{:.2} | {} |",
            middle(|run| run.wall_us) / 1000.0,
            middle(|run| run.cpu_us) / 1000.0,
            peak / 1024.0,
            runs.len(),
        );
    }
    text
}

/// The first subject against each of the others: the median of the rounds' ratios and their middle half.
pub(crate) fn ratios(all: &[Series]) -> String {
    let Some((first, others)) = all.split_first() else { return String::new() };
    let mut text = String::from("| Ratio | Wall | CPU | Peak memory |\n|---|---:|---:|---:|\n");
    for other in others {
        let _infallible = write!(text, "| {} / {} |", first.name, other.name);
        for (_, of) in QUANTITIES {
            let mut paired: Vec<f64> = first
                .runs
                .iter()
                .zip(&other.runs)
                .map(|(ours, theirs)| value(of, ours) / value(of, theirs).max(1.0))
                .collect();
            paired.sort_by(f64::total_cmp);
            let (low, high) = (paired.get(paired.len() / 4), paired.get(paired.len() * 3 / 4));
            let _infallible = write!(
                text,
                " {:.2} ({:.2}–{:.2}) |",
                median(paired.iter().copied()).unwrap_or(f64::NAN),
                low.copied().unwrap_or(f64::NAN),
                high.copied().unwrap_or(f64::NAN),
            );
        }
        text.push('\n');
    }
    text
}

/// Both tables on stdout.
pub(crate) fn print(title: &str, all: &[Series]) {
    println!("**{title}**\n\n{}\n{}", medians(all), ratios(all));
}

#[cfg(test)]
mod tests {
    use super::super::measure::Measurement;
    use super::super::rounds::Series;
    use super::{median, medians, ratios};

    fn series(name: &'static str, walls: &[u64]) -> Series {
        let run =
            |wall_us: &u64| Measurement { wall_us: *wall_us, cpu_us: 500, peak_kib: 2048, floor_kib: 1024 };
        Series { name, runs: walls.iter().map(run).collect() }
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_two_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([]), None);
    }

    #[test]
    fn ratios_are_paired_by_round_so_that_a_slow_moment_cancels_out() {
        let all = [series("A", &[1000, 10_000, 1000]), series("B", &[2000, 20_000, 2000])];
        assert!(ratios(&all).contains("| A / B | 0.50 (0.50–0.50) | 1.00 (1.00–1.00) |"), "{}", ratios(&all));
    }

    #[test]
    fn a_row_has_milliseconds_and_mebibytes() {
        assert!(medians(&[series("A", &[1500, 2500])]).contains("| A | 2.00 | 0.50 | 2.00 | 2 |"));
    }

    #[test]
    fn a_peak_at_the_floor_is_an_upper_bound() {
        let run = Measurement { wall_us: 1, cpu_us: 1, peak_kib: 2048, floor_kib: 2048 };
        let table = medians(&[Series { name: "A", runs: vec![run] }]);
        assert!(table.contains("≤ 2.00"), "{table}");
    }
}
