//! Cuts a filter into words, literals and parentheses.

use super::FilterError;

/// One piece of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Open,
    Close,
    /// A property path, operator, `null`, number or unquoted date and time.
    Word(String),
    /// A quoted string without its quotes.
    Text(String),
}

/// All tokens with the position (in characters) where each starts.
pub(crate) fn tokens(filter: &str) -> Result<Vec<(usize, Token)>, FilterError> {
    let characters: Vec<char> = filter.chars().collect();
    let mut tokens = Vec::new();
    let mut position = 0;
    while let Some(character) = characters.get(position) {
        let start = position;
        position += 1;
        match character {
            ' ' | '\t' => {}
            '(' => tokens.push((start, Token::Open)),
            ')' => tokens.push((start, Token::Close)),
            '\'' => {
                let text = quoted(&characters, &mut position)
                    .ok_or_else(|| FilterError::Syntax { position: start, filter: filter.to_owned() })?;
                tokens.push((start, Token::Text(text)));
            }
            character if is_word(*character) => {
                while characters.get(position).is_some_and(|next| is_word(*next)) {
                    position += 1;
                }
                tokens.push((start, Token::Word(characters[start..position].iter().collect())));
            }
            _ => return Err(FilterError::Syntax { position: start, filter: filter.to_owned() }),
        }
    }
    Ok(tokens)
}

/// The rest of a quoted string; a doubled quote stands for one.
fn quoted(characters: &[char], position: &mut usize) -> Option<String> {
    let mut text = String::new();
    loop {
        let character = *characters.get(*position)?;
        *position += 1;
        if character != '\'' {
            text.push(character);
        } else if characters.get(*position) == Some(&'\'') {
            text.push('\'');
            *position += 1;
        } else {
            return Some(text);
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | ':' | '.' | '/' | '+' | '@')
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn a_doubled_quote_is_one_quote_of_the_string() {
        let found = tokens("assignedTo eq 'O''Brien'").unwrap();
        assert_eq!(found.last().unwrap(), &(14, Token::Text("O'Brien".to_owned())));
    }

    #[test]
    fn an_open_string_is_refused_where_it_starts() {
        let fault = tokens("status eq 'Active").unwrap_err().to_string();
        assert_eq!(fault, "Syntax error at position 10 in 'status eq 'Active'.");
    }
}
