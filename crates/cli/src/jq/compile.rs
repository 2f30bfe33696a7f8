//! From the text of an expression to a filter, and from a mistake to words that name its place.

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, Error, File, Loader, lex, parse};
use jaq_core::{Compiler, Filter};
use jaq_json::Val;

/// What reaches out of the data: an expression copied from somewhere must not read secrets of the environment.
const LEFT_OUT: &str = "env";

/// Words of jq that the library leaves to others.
const MORE: &str = include_str!("more.jq");

/// The filter, or what is wrong with the text.
pub(super) fn filter(code: &str) -> Result<Filter<JustLut<Val>>, String> {
    let more = parse(MORE, |parser| parser.defs()).unwrap_or_default();
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(more);
    let functions = jaq_core::funs()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs())
        .filter(|(name, ..)| *name != LEFT_OUT);
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code, path: () }).map_err(|errors| {
        unreadable(code, &errors.into_iter().map(|(_, error)| error).collect::<Vec<_>>())
    })?;
    Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
        let undefined = errors.into_iter().flat_map(|(_, undefined)| undefined).next();
        undefined.map_or_else(
            || "the expression cannot be compiled".to_owned(),
            |(name, kind)| {
                format!("the expression names an unknown {} `{name}`{}", kind.as_str(), place(code, name))
            },
        )
    })
}

fn unreadable(code: &str, errors: &[Error<&str>]) -> String {
    if let Some(Error::Lex(all)) = errors.first()
        && let Some((lex::Expect::Delim(open), _)) = all.first()
    {
        return format!("the expression is wrong: `{open}`{} is never closed", place(code, open));
    }
    let first = errors.first().and_then(|error| match error {
        Error::Lex(all) => all.first().map(|(wanted, found)| (wanted.as_str(), *found)),
        Error::Parse(all) => all.first().map(|(wanted, found)| (wanted.as_str(), *found)),
        Error::Io(_) => None,
    });
    match first {
        None => "the expression imports a module, and there are none here".to_owned(),
        Some((wanted, found)) => format!(
            "the expression is wrong{}: {} where {wanted} should be",
            place(code, found),
            found.chars().next().map_or("it ends".to_owned(), |first| format!("`{first}`"))
        ),
    }
}

/// Where a part of the text stands, counted in characters from one.
fn place(code: &str, part: &str) -> String {
    let offset = part.as_ptr().addr().checked_sub(code.as_ptr().addr());
    match offset.and_then(|offset| code.get(..offset)) {
        None => String::new(),
        Some(before) => format!(" at character {}", before.chars().count() + 1),
    }
}
