//! Round numbers for an axis.

/// The step between ticks, and the end of an axis that shows up to `most`: at most five steps of 1, 2 or 5 times a power
/// of ten.
pub(super) fn axis(most: u32) -> (u32, u32) {
    let most = most.max(1);
    let mut power: u32 = 1;
    loop {
        for factor in [1, 2, 5] {
            let Some(step) = power.checked_mul(factor) else { return (most, most) };
            let ticks = most.div_ceil(step);
            if ticks <= 5 {
                return (step, step.saturating_mul(ticks));
            }
        }
        let Some(next) = power.checked_mul(10) else { return (most, most) };
        power = next;
    }
}

#[cfg(test)]
mod tests {
    use super::axis;

    #[test]
    fn an_axis_ends_on_a_round_number_that_holds_everything() {
        for (most, expected) in
            [(0, (1, 1)), (3, (1, 3)), (7, (2, 8)), (11, (5, 15)), (26, (10, 30)), (1_234, (500, 1_500))]
        {
            assert_eq!(axis(most), expected, "{most}");
        }
        assert!(axis(u32::MAX).1 >= 4_000_000_000);
    }
}
