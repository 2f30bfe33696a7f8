//! Alert ids in all the shapes the products use, made so that an id leads back to its alert without an index.
//!
//! Shapes (observed in published payloads): `da` + 18 digits of .NET ticks + `_` + signed number for Endpoint,
//! two letters + a GUID for most others (upper case for Cloud Apps), and `da` + GUID + `_1`.

use super::random::SplitMix64;
use super::story::Source;
use super::ticks::Ticks;

/// Odd, so that multiplying by it can be undone; the inverse follows.
const SCRAMBLE: u32 = 0x9E37_79B1;
const UNSCRAMBLE: u32 = inverse(SCRAMBLE);

/// The inverse of an odd number modulo 2^32, by Newton's iteration.
const fn inverse(odd: u32) -> u32 {
    let mut guess = odd;
    let mut round = 0;
    while round < 5 {
        guess = guess.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(guess)));
        round += 1;
    }
    guess
}

/// The alert id and the id in the source product.
pub(crate) fn ids(
    random: &mut SplitMix64,
    source: Source,
    created: Ticks,
    origin: u64,
    index: u32,
) -> (String, String) {
    let packed = pack(origin, index);
    match source {
        Source::Endpoint if index % 5 == 4 => {
            let guid = guid_with(random, packed);
            (format!("da{guid}_1"), format!("{guid}_1"))
        }
        Source::Endpoint => {
            let own = format!("{}_{}", created.dotnet(), packed.cast_signed());
            (format!("da{own}"), own)
        }
        _ => {
            let guid = guid_with(random, packed);
            match source {
                Source::CloudApps | Source::AppGovernance => {
                    let guid = guid.to_uppercase();
                    (format!("ca{guid}"), guid)
                }
                Source::Office365 => (format!("fa{guid}"), guid),
                Source::DefenderForCloud => (format!("dc{guid}"), random.guid()),
                Source::Identity => (format!("aa{guid}"), guid),
                Source::EntraIdProtection => (format!("ad{guid}"), random.hex(64)),
                Source::Sentinel => (format!("sn{guid}"), random.guid()),
                Source::DataLossPrevention => (format!("dl{guid}"), guid),
                Source::DefenderXdr | Source::Endpoint => (format!("ra{guid}"), guid),
            }
        }
    }
}

/// Incident number and index an id points at; whether such an alert has exactly this id is the caller's check.
pub(crate) fn place(id: &str) -> Option<(u64, u32)> {
    let own = id.get(2..)?;
    let packed = match own.split_once('_') {
        Some((ticks, number)) if ticks.bytes().all(|byte| byte.is_ascii_digit()) => {
            number.parse::<i32>().ok()?.cast_unsigned()
        }
        _ => u32::from_str_radix(own.get(..8)?, 16).ok()?,
    };
    let plain = packed.wrapping_mul(UNSCRAMBLE);
    Some((u64::from(plain >> 8), plain & 0xFF))
}

fn pack(origin: u64, index: u32) -> u32 {
    let origin = u32::try_from(origin).unwrap_or(0);
    ((origin << 8) | (index & 0xFF)).wrapping_mul(SCRAMBLE)
}

fn guid_with(random: &mut SplitMix64, packed: u32) -> String {
    format!("{packed:08x}{}", &random.guid()[8..])
}

#[cfg(test)]
mod tests {
    use super::{ids, place};
    use crate::defender::world::random::SplitMix64;
    use crate::defender::world::story::Source;
    use crate::defender::world::ticks::Ticks;

    #[test]
    fn every_shape_of_id_leads_back_to_its_alert() {
        let mut random = SplitMix64::keyed(1, 2, 3);
        for source in [Source::Endpoint, Source::CloudApps, Source::Office365, Source::DefenderForCloud] {
            for (origin, index) in [(20_001, 0), (70_000, 4), (20_417, 159), (20_250, 7)] {
                let (id, _) = ids(&mut random, source, Ticks(17_000_000_000_000_000), origin, index);
                assert_eq!(place(&id), Some((origin, index)), "{id}");
            }
        }
    }

    #[test]
    fn some_endpoint_ids_carry_negative_numbers() {
        let mut random = SplitMix64::keyed(1, 2, 3);
        let ids: Vec<String> = (0..20)
            .map(|index| ids(&mut random, Source::Endpoint, Ticks(17_000_000_000_000_000), 20_001, index).0)
            .collect();
        assert!(ids.iter().any(|id| id.contains("_-")), "{ids:?}");
    }

    #[test]
    fn a_text_that_is_no_alert_id_leads_nowhere() {
        for text in ["", "d", "da", "nonsense", "da_x", "dazzzzzzzz-1"] {
            assert_eq!(place(text), None, "{text}");
        }
    }
}
