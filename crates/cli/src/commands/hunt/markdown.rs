//! Queries in Markdown: fenced code blocks marked `kql` or `kusto` (`CommonMark`, section 4.5).

use super::Query;

/// An open fence.
struct Fence {
    mark: char,
    length: usize,
    indent: usize,
    /// Whether it holds a query, and in which line that begins.
    query: Option<usize>,
}

/// The queries of a text, each named by the file and the line it begins in.
pub(super) fn queries(text: &str, file: &str) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut open: Option<(Fence, Vec<&str>)> = None;
    for (index, line) in text.lines().enumerate() {
        match &mut open {
            None => open = fence(line, index + 2).map(|fence| (fence, Vec::new())),
            Some((fence, lines)) if closes(fence, line) => {
                push(&mut queries, fence, lines, file);
                open = None;
            }
            Some((fence, lines)) => lines.push(without_indent(line, fence.indent)),
        }
    }
    // A fence that is never closed goes on to the end.
    if let Some((fence, lines)) = open {
        push(&mut queries, &fence, &lines, file);
    }
    queries
}

fn push(queries: &mut Vec<Query>, fence: &Fence, lines: &[&str], file: &str) {
    let text = lines.join("\n");
    if let Some(line) = fence.query.filter(|_| !text.trim().is_empty()) {
        let name = format!("{file}:{line}");
        queries.push(Query { from: format!("file {name}"), name, text });
    }
}

fn fence(line: &str, next: usize) -> Option<Fence> {
    let rest = line.trim_start_matches(' ');
    let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = rest.trim_start_matches(mark);
    let length = rest.len() - info.len();
    // Backticks in the same line make it code within a text.
    if length < 3 || (mark == '`' && info.contains('`')) {
        return None;
    }
    let language = info.split_whitespace().next().unwrap_or_default();
    let is_query = ["kql", "kusto"].iter().any(|name| language.eq_ignore_ascii_case(name));
    Some(Fence { mark, length, indent: line.len() - rest.len(), query: is_query.then_some(next) })
}

fn closes(fence: &Fence, line: &str) -> bool {
    let rest = line.trim();
    rest.len() >= fence.length && rest.chars().all(|character| character == fence.mark)
}

/// The line without the blanks that its fence stands behind.
fn without_indent(line: &str, indent: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    &line[blanks.min(indent)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_marked_as_queries_are_found_and_others_are_not() {
        let text = "# Hunting\n```kql\nA\n\n| take 1\n```\n```powershell\n```kql\n```\n\n1. first\n   ~~~~ Kusto title\n   B\n     | where X == '~~~'\n   ~~~\n   ~~~~\n``kql`` text ```kql```\n```kql\n \n```\n````kusto\nC";
        let found = queries(text, "a.md");
        let expected =
            [("a.md:3", "A\n\n| take 1"), ("a.md:13", "B\n  | where X == '~~~'\n~~~"), ("a.md:22", "C")];
        let found: Vec<_> = found.iter().map(|query| (query.name.as_str(), query.text.as_str())).collect();
        assert_eq!(found, expected);
    }
}
