//! The little of OData's filter grammar that our own filters are made of (OData 4.01 ABNF, `boolCommonExpr`), to check them
//! with. Only tests and fuzzing read filters; the program never does.

/// A filter that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// The texts in it, unquoted, in order.
    pub(crate) texts: Vec<String>,
    /// It holds nothing but `eq` and `ge` of literals other than null, joined by `and`.
    pub(crate) plain: bool,
}

/// Reads a whole filter; `None` when it is none.
pub(crate) fn read(filter: &str) -> Option<Read> {
    let mut reader = Reader { rest: filter, read: Read { plain: true, ..Read::default() } };
    reader.all()?;
    reader.rest.is_empty().then_some(reader.read)
}

struct Reader<'f> {
    rest: &'f str,
    read: Read,
}

impl Reader<'_> {
    /// Terms joined by `and`.
    fn all(&mut self) -> Option<()> {
        self.term()?;
        while self.take(" and ") {
            self.term()?;
        }
        Some(())
    }

    fn term(&mut self) -> Option<()> {
        if !self.take("(") {
            return self.comparison();
        }
        self.read.plain = false;
        self.comparison()?;
        while self.take(" or ") {
            self.comparison()?;
        }
        self.take(")").then_some(())
    }

    fn comparison(&mut self) -> Option<()> {
        let name = self.rest.find(|c: char| !c.is_ascii_alphabetic())?;
        self.rest = self.rest.get(name..).filter(|_| name > 0)?;
        let operator = [" eq ", " ge ", " lt "].into_iter().find(|operator| self.take(operator))?;
        self.read.plain &= operator != " lt ";
        if self.take("null") {
            self.read.plain = false;
            return Some(());
        }
        if self.take("'") { self.text() } else { self.time() }
    }

    /// A text whose opening quote is gone; a doubled quote stands for one.
    fn text(&mut self) -> Option<()> {
        let mut text = String::new();
        loop {
            let (before, after) = self.rest.split_once('\'')?;
            text.push_str(before);
            self.rest = after;
            if !self.take("'") {
                self.read.texts.push(text);
                return Some(());
            }
            text.push('\'');
        }
    }

    /// `2026-09-01T00:00:00Z`, perhaps with a fraction.
    fn time(&mut self) -> Option<()> {
        let (time, rest) = self.rest.split_at(self.rest.find('Z')? + 1);
        let whole = time.len() == "2026-09-01T00:00:00Z".len();
        let exact = time.len() == "2026-09-01T00:00:00.1234567Z".len();
        time.parse::<defender_xdr_core::Timestamp>().ok().filter(|_| whole || exact)?;
        self.rest = rest;
        Some(())
    }

    fn take(&mut self, wanted: &str) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_and_anything_else_is_not() {
        let text = "(status eq 'a' or status eq 'it''s') and createdDateTime lt 2026-09-01T00:00:00Z";
        assert_eq!(read(text).expect("a filter").texts, ["a", "it's"]);
        assert!(read("status eq 'Active' and createdTime ge 2026-09-01T00:00:00Z").expect("a filter").plain);
        for plain_no_more in ["(a eq '')", "a lt 2026-09-01T00:00:00Z", "a eq null"] {
            assert!(!read(plain_no_more).expect("a filter").plain, "{plain_no_more}");
        }
        for no_filter in [
            "",
            "a",
            "a eq ",
            "a eq 'b",
            "a eq 'b'c'",
            "a eq b",
            "(a eq 'b'",
            "a eq 'b' and",
            "a ne 'b'",
            "a ge 2026Z",
        ] {
            assert_eq!(read(no_filter), None, "{no_filter}");
        }
    }
}
