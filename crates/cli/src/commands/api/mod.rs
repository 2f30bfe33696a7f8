//! `api`: any call of either API, signed in. For what no other command does.

mod fields;
mod input;

use std::path::PathBuf;

use clap::Args;
use defender_xdr_api::{Client, DirectAnswer, DirectCall};
use defender_xdr_core::http::Method;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::opening::open;
use crate::output::{List, Output, Record, without_steering};
use crate::report::Report;
use crate::session::Session;
use crate::world::World;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// GET, POST, PATCH, PUT or DELETE (GET when only a path is given), and the path below the root of the API:
    /// `incidents`, `security/alerts_v2`, `/v1.0/users` or a full address of that root.
    #[arg(required = true, num_args = 1..=2, value_names = ["METHOD", "PATH"])]
    call: Vec<String>,
    /// A field: part of the query of a GET, else a text of the JSON body.
    #[arg(short = 'f', long = "field", value_name = "KEY=VALUE")]
    field: Vec<String>,
    /// The same, but true, false, null, numbers and JSON keep their type, and @FILE stands for a file's text.
    #[arg(short = 'F', long = "typed-field", value_name = "KEY=VALUE")]
    typed_field: Vec<String>,
    /// JSON to send, from a file or - for standard input; fields then go into the query.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// A header.
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// Follow the next links of a list, and print its records.
    #[arg(long, conflicts_with = "include")]
    paginate: bool,
    /// Print status and headers of the answer first.
    #[arg(short, long)]
    include: bool,
}

pub(crate) async fn run(world: &World, arguments: Arguments) -> Result<Exit, Failure> {
    let (method, path) = method_and_path(&arguments.call)?;
    let has_body = method != Method::GET && method != Method::HEAD;
    if arguments.input.is_some() && !has_body {
        return Err(mistake("flag --input", format!("a {method} carries no body"))
            .with_hint("name the method: `defender-xdr api POST PATH --input FILE`")
            .into());
    }
    if arguments.paginate && method != Method::GET {
        return Err(mistake("flag --paginate", "only a GET has pages").into());
    }
    let fields = fields::read(&arguments.field, &arguments.typed_field).await?;
    let input = match &arguments.input {
        Some(file) => Some(input::json(file).await?),
        None => None,
    };

    let session = open(world).await?;
    let client = session.client()?;
    let mut call = session.told(DirectCall::new(&client, method, path), "argument PATH")?;
    for line in &arguments.header {
        let (name, value) =
            line.split_once(':').ok_or_else(|| mistake("flag --header", "write `NAME: VALUE`"))?;
        call = session.told(call.with_header(name.trim(), value.trim()), "flag --header")?;
    }
    if has_body && input.is_none() {
        if !fields.is_empty() {
            call = call.with_json(fields::body(fields));
        }
    } else {
        for (name, value) in fields {
            call = call.with_option(&name, &fields::in_query(&value));
        }
    }
    if let Some(json) = input {
        call = call.with_json(json);
    }
    if arguments.paginate {
        return pages(world, &session, &client.clone().in_background(), call).await;
    }
    let answer = client.call(call).await;
    session.tokens.flush().await;
    print(world.output(), &session.told(answer, "argument PATH")?, arguments.include)
}

fn mistake(source: &str, message: impl Into<String>) -> Report {
    Failure::usage(message).with_source(source)
}

fn method_and_path(words: &[String]) -> Result<(Method, &str), Failure> {
    let (method, path) = match words {
        [method, path] => (method.to_ascii_uppercase(), path.as_str()),
        [path] => ("GET".to_owned(), path.as_str()),
        _ => return Err(mistake("command line", "give a path").into()),
    };
    let known = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::HEAD];
    let method = known.into_iter().find(|known| known.as_str() == method).ok_or_else(|| {
        mistake("argument METHOD", format!("`{}` is no method", without_steering(&method)))
            .with_hint("use GET, POST, PATCH, PUT or DELETE")
    })?;
    Ok((method, path))
}

/// Prints an answer as it came.
fn print(mut output: Output, answer: &DirectAnswer, include: bool) -> Result<Exit, Failure> {
    if include {
        output.line(&format!("HTTP/1.1 {}", answer.status))?;
        for (name, value) in &answer.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            output.line(&format!("{name}: {}", without_steering(&value)))?;
        }
        output.line("")?;
    }
    match std::str::from_utf8(&answer.body) {
        Ok(text) if text.trim().is_empty() => {}
        Ok(text) => output.raw(text.trim_start_matches('\u{feff}').trim_end())?,
        Err(_) => {
            return Err(
                Report::new("service", Exit::Service, "the answer is no text and is not printed").into()
            );
        }
    }
    output.finish()?;
    Ok(Exit::Ok)
}

/// Prints the records of all pages as they come.
async fn pages(world: &World, session: &Session, client: &Client, call: DirectCall) -> Result<Exit, Failure> {
    let mut pages = session.told(client.pages(call), "argument PATH")?;
    let mut list = List::new(world.output(), &[]);
    let fault = loop {
        match pages.next().await {
            Ok(Some(page)) => {
                for record in page.records() {
                    list.push::<()>(&Record::Raw(record), Vec::new)?;
                }
                // Whoever reads the pipe gets a page as soon as it is there.
                list.flush()?;
            }
            Ok(None) => break None,
            Err(error) => break session.told::<(), _>(Err(error), "argument PATH").err(),
        }
    };
    session.tokens.flush().await;
    let printed = list.count() > 0;
    // A list that failed at once prints nothing: an empty array would say that there is nothing.
    if printed || fault.is_none() {
        list.finish()?;
    }
    fault.map_or(Ok(Exit::Ok), |fault| Err(fault.after_output(printed)))
}
