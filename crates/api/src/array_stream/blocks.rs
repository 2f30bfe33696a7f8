//! Passing over the inside of a JSON value, eight bytes at a time.
//!
//! A page is read twice: once for where its records are, once by whoever needs what is in them. The first is all that
//! `--raw` costs, so it should cost little. The bytes of a block are looked at together, each in its own lane of a word;
//! the highest bit of a lane says whether its byte is the one that is looked for.

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 8;

/// The highest bit of each lane.
const HIGH: u64 = lanes(0x80);

/// Where in a value one is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Inside {
    /// Brackets that are open.
    pub(super) depth: usize,
    /// Whether a string is open.
    pub(super) string: bool,
}

impl Inside {
    /// Passes over blocks without escapes in which the value cannot end, and says how many bytes they have.
    pub(super) fn pass_plain_blocks(&mut self, bytes: &[u8]) -> usize {
        // Outside of all brackets a value may end anywhere.
        if self.depth == 0 {
            return 0;
        }
        let mut passed = 0;
        // Kept as a word, so that a quote in one block tells all lanes of the next.
        let mut string = if self.string { HIGH } else { 0 };
        let (blocks, _) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            let word = u64::from_le_bytes(*block);
            if equal(word, b'\\') != 0 {
                break;
            }
            let strings = string ^ parity(equal(word, b'"'));
            // Brackets of either kind differ in one bit, and what opens and closes in two more: most blocks have none.
            if equal(word | lanes(0x26), 0x7F) & !strings != 0 {
                let folded = word | lanes(0x20);
                let closed = count(equal(folded, b'}') & !strings);
                if closed >= self.depth {
                    break;
                }
                self.depth = self.depth - closed + count(equal(folded, b'{') & !strings);
            }
            string = if strings >> 63 == 0 { 0 } else { HIGH };
            passed += BLOCK;
        }
        self.string = string != 0;
        passed
    }
}

/// Which bytes of a word are this one.
fn equal(word: u64, byte: u8) -> u64 {
    let differences = word ^ lanes(byte);
    // The sum has a lane's highest bit where any of the lower ones is set, and never carries into the next lane.
    !((differences & !HIGH).wrapping_add(!HIGH) | differences) & HIGH
}

/// The same byte in every lane.
const fn lanes(byte: u8) -> u64 {
    u64::from_le_bytes([byte; BLOCK])
}

/// How many lanes are marked. Processors count bits slowly unless they are told which they are.
fn count(marks: u64) -> usize {
    ((marks >> 7).wrapping_mul(lanes(1)) >> 56) as usize
}

/// For each byte, whether the number of marked bytes up to it is odd.
fn parity(mut marks: u64) -> u64 {
    marks ^= marks << 8;
    marks ^= marks << 16;
    marks ^ (marks << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_in_every_lane_beside_every_other() {
        for wanted in [b'"', b'\\', b'{', b'}'] {
            for other in 0..=u8::MAX {
                for lane in 0..BLOCK {
                    let mut block = [other; BLOCK];
                    block[lane] = wanted;
                    let found = equal(u64::from_le_bytes(block), wanted).to_le_bytes();
                    assert_eq!(found, block.map(|byte| if byte == wanted { 0x80 } else { 0 }));
                }
            }
        }
    }

    #[test]
    fn blocks_are_passed_until_an_escape_or_until_the_value_may_end() {
        for (text, depth, string, expected) in [
            (r#""a":{"b":"[[}}}","c":[1,2,3]},12"#, 2, false, (32, 2, false)),
            ("text that goes on }}} until here", 1, true, (32, 1, true)),
            (r#"until": 7, "and so on","x":"y"}z"#, 1, true, (24, 1, true)),
            (r#"12345678a\"b c d e f g"#, 1, true, (8, 1, true)),
            ("[[[[[[[[]]]]]]]]", 1, false, (16, 1, false)),
            ("[[[[[[[[]]]]]]]]]", 0, true, (0, 0, true)),
            ("[1,2,3,4,5,6]", 0, false, (0, 0, false)),
            ("short", 3, false, (0, 3, false)),
        ] {
            let mut inside = Inside { depth, string };
            let passed = inside.pass_plain_blocks(text.as_bytes());
            assert_eq!((passed, inside.depth, inside.string), expected, "{text}");
        }
    }
}
