//! A result as text. The library's own printer writes more than JSON: not-a-number, bytes, members without a name.

use std::fmt::Write as _;

use jaq_json::{Num, Val};

/// An expression can build what no stack can follow.
const DEEPEST: usize = 1000;

/// Texts bare, everything else as JSON on one line.
pub(super) fn of_result(value: &Val) -> Result<String, String> {
    match value {
        Val::TStr(bytes) | Val::BStr(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
        other => {
            let mut text = String::new();
            json(&mut text, other, DEEPEST)?;
            Ok(text)
        }
    }
}

fn json(text: &mut String, value: &Val, levels: usize) -> Result<(), String> {
    let deeper = levels
        .checked_sub(1)
        .ok_or_else(|| format!("its result is nested more than {DEEPEST} levels deep"))?;
    match value {
        Val::Null => text.push_str("null"),
        Val::Bool(bool) => text.push_str(if *bool { "true" } else { "false" }),
        Val::Num(number) => text.push_str(&of_number(number)),
        Val::TStr(bytes) | Val::BStr(bytes) => quoted(text, &String::from_utf8_lossy(bytes)),
        Val::Arr(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                json(text, item, deeper)?;
            }
            text.push(']');
        }
        Val::Obj(members) => {
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                quoted(text, &of_result(name)?);
                text.push(':');
                json(text, member, deeper)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

/// What came stays as it came, whatever its length; what was computed is written as jq writes it.
fn of_number(number: &Num) -> String {
    match number {
        Num::Float(float) if float.is_nan() => "null".to_owned(),
        Num::Float(float) if float.is_infinite() => {
            serde_json::Value::from(f64::MAX.copysign(*float)).to_string()
        }
        Num::Float(float) if float.fract() == 0.0 && float.abs() < 1e17 => {
            let mut text = String::new();
            // Writing to a String cannot fail.
            let _ = write!(text, "{float:.0}");
            text
        }
        other => other.to_string(),
    }
}

fn quoted(text: &mut String, value: &str) {
    // A text always serialises.
    text.push_str(&serde_json::to_string(value).unwrap_or_default());
}
