//! The sixteen colours that every terminal has, or none.

use ratatui::style::{Color, Modifier, Style};

/// Whether colours are used. Without them, words and weight say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Sixteen.
    Sixteen,
    /// None (`NO_COLOR`).
    None,
}

impl Colours {
    fn style(self, color: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        if self == Self::Sixteen { style.fg(color) } else { style }
    }

    pub(super) fn problem(self) -> Style {
        self.style(Color::Red, Modifier::BOLD)
    }

    pub(super) fn severity(self, word: &str) -> Style {
        match word {
            "high" => self.style(Color::Red, Modifier::BOLD),
            "medium" => self.style(Color::Yellow, Modifier::empty()),
            "low" => self.style(Color::Cyan, Modifier::empty()),
            _ => Style::new(),
        }
    }

    pub(super) fn status(word: &str) -> Style {
        match word {
            "active" | "new" => Style::new().add_modifier(Modifier::BOLD),
            "resolved" | "redirected" => Style::new().add_modifier(Modifier::DIM),
            _ => Style::new(),
        }
    }

    pub(super) fn verdict(self, words: &str) -> Style {
        if words.contains("malicious") {
            self.style(Color::Red, Modifier::BOLD)
        } else if words.contains("suspicious") {
            self.style(Color::Yellow, Modifier::empty())
        } else {
            Style::new()
        }
    }

    pub(super) fn added(self) -> Style {
        self.style(Color::Green, Modifier::BOLD)
    }
}
