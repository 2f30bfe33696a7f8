//! A picture of an address (ISO/IEC 18004) that a telephone reads from the terminal.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The picture in half blocks; `None` when it does not fit into so many columns. Terminals are mostly dark, so the
/// light modules and the margin are the ones that are drawn.
pub(super) fn draw(address: &str, columns: u16) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    let picture = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    let width = picture.lines().map(|line| line.chars().count()).max()?;
    (width <= usize::from(columns)).then_some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_light_margin_and_its_three_corners() {
        let picture = draw("https://login.microsoft.com/device", 80).expect("it fits");
        let rows: Vec<Vec<char>> = picture.lines().map(|line| line.chars().collect()).collect();
        // 29 modules (version 3) and a margin of four on each side, two to a line.
        assert_eq!((rows[0].len(), rows.len()), (37, 19));
        assert!(rows[0].iter().chain(&rows[1]).all(|module| *module == '█'));
        // Seven dark modules begin each corner's frame: only the lower half of this line's upper module is dark.
        for start in [4, 4 + 29 - 7] {
            assert!(rows[2][start..start + 7].iter().all(|module| "▄ ".contains(*module)), "{picture}");
        }
        assert!(draw("https://login.microsoft.com/device", 36).is_none());
    }
}
