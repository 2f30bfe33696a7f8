//! Bits, one after the other, the highest of a byte first.

/// Bits being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// Bits used of the last byte; a full one counts as none.
    used: u32,
}

impl Writer {
    fn bit(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if bit && let Some(last) = self.bytes.last_mut() {
            *last |= 0x80 >> self.used;
        }
        self.used = (self.used + 1) % 8;
    }

    /// So many ones.
    pub(super) fn ones(&mut self, count: u64) {
        (0..count).for_each(|_| self.bit(true));
    }

    /// The lowest bits of a number.
    pub(super) fn number(&mut self, number: u64, bits: u8) {
        (0..bits).rev().for_each(|place| self.bit(number >> place & 1 == 1));
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bits being read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, place: 0 }
    }

    fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.place / 8)?;
        let bit = byte >> (7 - self.place % 8) & 1 == 1;
        self.place += 1;
        Some(bit)
    }

    /// Ones up to the first zero, which is read as well, or to the limit, after which nothing is.
    pub(super) fn ones(&mut self, limit: u64) -> Option<u64> {
        let mut count = 0;
        while count < limit && self.bit()? {
            count += 1;
        }
        Some(count)
    }

    /// A number of so many bits.
    pub(super) fn number(&mut self, bits: u8) -> Option<u64> {
        (0..bits).try_fold(0, |number, _| Some(number << 1 | u64::from(self.bit()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_as_they_went() {
        let mut writer = Writer::default();
        writer.ones(3);
        writer.number(0, 1);
        writer.number(0b1011, 4);
        writer.number(u64::MAX, 64);
        writer.ones(5);
        let bytes = writer.into_bytes();
        assert_eq!(bytes.len(), 10);
        let mut reader = Reader::new(&bytes);
        assert_eq!(
            (reader.ones(32), reader.number(4), reader.number(64)),
            (Some(3), Some(11), Some(u64::MAX))
        );
        assert_eq!(reader.ones(5), Some(5), "the limit ends them");
        assert_eq!((reader.number(3), reader.number(1)), (Some(0), None));
    }
}
