//! The processing time that hunting may use: a quota of the whole tenant, in cycles of fifteen minutes.
//!
//! Source: Microsoft Learn, "Advanced hunting service limits and parameters": at 100 % all queries are refused until the
//! next cycle. How much a tenant gets is not published; here it is a switch.

use jiff::Timestamp;
use serde_json::Value;

const CYCLE: i64 = 15 * 60_000;

/// What a query costs before it has found anything, in milliseconds.
const LEAST: i64 = 16;

/// The time used in the present cycle.
#[derive(Debug, Default)]
pub(crate) struct Cpu {
    cycle: i64,
    used: i64,
}

/// Nothing is left of this cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted {
    /// Whole seconds until the next cycle.
    pub(crate) wait: i64,
}

impl Exhausted {
    /// The service's words.
    pub(crate) fn message(self) -> String {
        let (minutes, seconds) = (self.wait / 60, self.wait % 60);
        format!(
            "You have exceeded processing resources allocated to this tenant. You can run queries again in \
             00:{minutes:02}:{seconds:02}."
        )
    }
}

impl Cpu {
    /// Whether a query may run, with so many milliseconds for each cycle.
    pub(crate) fn admit(&mut self, allotted: i64, now: Timestamp) -> Result<(), Exhausted> {
        let now = now.as_millisecond();
        let cycle = now.div_euclid(CYCLE);
        if cycle != self.cycle {
            *self = Self { cycle, used: 0 };
        }
        if self.used < allotted {
            return Ok(());
        }
        let left = (cycle + 1) * CYCLE - now;
        Err(Exhausted { wait: (left + 999) / 1000 })
    }

    /// Charges a query that ran, by its answer.
    pub(crate) fn charge(&mut self, answer: &Value) {
        let rows = answer.get("Results").or_else(|| answer.get("results")).and_then(Value::as_array);
        let rows = rows.map_or(0, |rows| i64::try_from(rows.len()).unwrap_or(i64::MAX / 2));
        self.used = self.used.saturating_add(LEAST + rows / 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use serde_json::json;

    #[test]
    fn a_used_up_cycle_refuses_every_query_until_the_next_one() {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let after = |seconds| start + SignedDuration::from_secs(seconds);
        let mut cpu = Cpu::default();
        for second in 0..3 {
            cpu.admit(3 * LEAST, after(second)).unwrap();
            cpu.charge(&json!({ "Results": [] }));
        }
        let refused = cpu.admit(3 * LEAST, after(468)).unwrap_err();
        assert_eq!(refused, Exhausted { wait: 432 });
        assert!(refused.message().ends_with("again in 00:07:12."), "{}", refused.message());
        assert_eq!(cpu.admit(3 * LEAST, after(900)), Ok(()));
    }

    #[test]
    fn more_rows_cost_more() {
        let (mut few, mut many) = (Cpu::default(), Cpu::default());
        few.charge(&json!({ "results": [1] }));
        many.charge(&json!({ "results": vec![0; 8000] }));
        assert!(many.used > 10 * few.used);
    }
}
