//! What must be known of a KQL query without understanding it: where its strings, comments and stages are.
//!
//! Source: Kusto query language, "String literals", "Query statements", "limit operator".

mod pieces;
mod stages;

pub use pieces::{Piece, pieces};

use self::stages::{Stage, last_statement};

/// The query with its number of rows limited to `rows`; a negative number leaves it as it is.
///
/// Every `limit` and `take` stage of the last statement gets the number; without one, a stage is appended, before a
/// final `render`. Strings, comments, other statements and everything in brackets stay as they are. A final `;` and an
/// empty final stage are dropped. A query with a string or bracket that is never closed stays as it is.
pub fn with_limit(query: &str, rows: i64) -> String {
    let Some(statement) = (rows >= 0).then(|| last_statement(query)).flatten() else {
        return query.to_owned();
    };
    let stage_text = format!(" limit {rows} ");
    let mut stages: Vec<&Stage> = statement.stages.iter().collect();
    let mut afterwards = Vec::new();
    while stages.len() > 1
        && let Some(empty) = stages.pop_if(|stage| stage.is_empty)
    {
        // What an empty stage has are blanks and comments.
        afterwards.insert(0, if empty.comments.is_empty() { "" } else { &query[empty.range.clone()] });
    }
    let is_limit = |index: usize, stage: &Stage| index > 0 && stage.begins_with(query, &["limit", "take"]);
    let limited = stages.iter().enumerate().any(|(index, stage)| is_limit(index, stage));
    let mut text = query[..statement.begin].to_owned();
    for (index, stage) in stages.iter().enumerate() {
        let last = index > 0 && index + 1 == stages.len();
        if !limited && last && stage.begins_with(query, &["render"]) {
            text.push('|');
            text.push_str(&stage_text);
        }
        if index > 0 {
            text.push('|');
        }
        if is_limit(index, stage) {
            text.push_str(&stage_text);
            for comment in &stage.comments {
                text.push_str(&query[comment.clone()]);
                text.push('\n');
            }
        } else {
            text.push_str(&query[stage.range.clone()]);
        }
    }
    for rest in afterwards.into_iter().filter(|rest| !rest.is_empty()) {
        text.push(' ');
        text.push_str(rest);
    }
    let rendered =
        stages.len() > 1 && stages.last().is_some_and(|stage| stage.begins_with(query, &["render"]));
    if !limited && !rendered {
        if ends_in_comment(&text) {
            text.push('\n');
        } else if text.ends_with('|') {
            // `||` is no pipe, nor is one of three.
            text.push(' ');
        }
        text.push('|');
        text.push_str(&stage_text);
    }
    // Behind the last statement stand blanks, comments and semicolons.
    let rest = &query[statement.end..];
    for (piece, range) in pieces(rest) {
        match piece {
            Piece::Code => {}
            Piece::Comment if !text.ends_with(char::is_whitespace) => {
                text.push(' ');
                text.push_str(&rest[range]);
            }
            _ => text.push_str(&rest[range]),
        }
    }
    text
}

fn ends_in_comment(text: &str) -> bool {
    pieces(text).last().is_some_and(|(piece, _)| piece == Piece::Comment)
}

#[cfg(test)]
mod tests;
