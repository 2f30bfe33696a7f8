//! What a person chose to see of the records: `--columns`, `--sort`, `--spreadsheet`.

use std::str::FromStr;

/// What to show of records, and in which order.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Dotted paths; empty for the columns of the command.
    pub(crate) columns: Vec<String>,
    pub(crate) sort: Option<SortKey>,
    /// CSV is opened in a spreadsheet.
    pub(crate) spreadsheet: bool,
}

/// What records are put in order by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortKey {
    pub(crate) path: String,
    pub(crate) descending: bool,
}

impl FromStr for SortKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, order) = text.rsplit_once(':').unwrap_or((text, "asc"));
        let descending = match order {
            "asc" => false,
            "desc" => true,
            _ => return Err("write KEY, KEY:asc or KEY:desc".to_owned()),
        };
        Ok(Self { path: column(path)?, descending })
    }
}

/// A path of `--columns`.
pub(crate) fn column(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a column needs a name; separate several by single commas".to_owned()),
        path => Ok(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_key_has_a_direction() {
        let read = |text: &str| text.parse::<SortKey>().map(|key| (key.path, key.descending));
        assert_eq!(read("a.b"), Ok(("a.b".to_owned(), false)));
        assert_eq!(read("a:desc"), Ok(("a".to_owned(), true)));
        assert!(read("a:down").is_err() && read(":desc").is_err());
    }
}
