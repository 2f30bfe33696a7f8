//! `SplitMix64`: the small, fast, seedable generator everything invented in the tenant is drawn from.
//!
//! Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).

/// A stream of pseudo-random numbers; the same key always gives the same stream.
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    /// The stream that belongs to one thing (`key`) of one sort (`stream`) in one world (`seed`).
    pub(crate) fn keyed(seed: u64, stream: u64, key: u64) -> Self {
        let mut mixed = Self(seed);
        let world = mixed.draw();
        let mut sort = Self(world ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let within = sort.draw();
        Self(within ^ key.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// The next 64 bits.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound` (0 when the bound is 0). The slight bias of the remainder does not matter here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// A number below `bound`, signed, for arithmetic on times.
    pub(crate) fn below_signed(&mut self, bound: i64) -> i64 {
        let bound = u64::try_from(bound).unwrap_or(1);
        i64::try_from(self.below(bound)).unwrap_or(0)
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let length = u64::try_from(items.len()).unwrap_or(1);
        &items[usize::try_from(self.below(length)).unwrap_or(0)]
    }

    /// One of `words`, which must not be empty.
    pub(crate) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick::<&str>(words)
    }

    /// True in `percent` of a hundred draws.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(digits);
        let mut bits = 0;
        for position in 0..digits {
            if position % 16 == 0 {
                bits = self.draw();
            }
            text.push(char::from(DIGITS[usize::try_from(bits & 15).unwrap_or(0)]));
            bits >>= 4;
        }
        text
    }

    /// A version 4 GUID.
    pub(crate) fn guid(&mut self) -> String {
        let hex = self.hex(30);
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
    }
}

#[cfg(test)]
mod tests {
    use super::SplitMix64;

    #[test]
    fn it_gives_the_published_first_numbers_for_seed_zero() {
        let mut random = SplitMix64(0);
        assert_eq!(random.draw(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.draw(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn a_guid_has_the_usual_groups() {
        let guid = SplitMix64(7).guid();
        let groups: Vec<usize> = guid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }
}
