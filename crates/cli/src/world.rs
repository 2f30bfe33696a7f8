//! What a command runs in: its flags, the environment, the places of files.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::rc::Rc;

use defender_xdr_core::Environment;

use crate::global::Global;
use crate::interrupts::Interrupts;
use crate::jq::Expression;
use crate::output::{Format, Output, Shape};
use crate::paths::Paths;

/// What a command runs in.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) global: Global,
    pub(crate) environment: Environment,
    pub(crate) paths: Paths,
    pub(crate) interrupts: Interrupts,
    expression: Option<Rc<Expression>>,
    shape: Rc<Shape>,
}

impl World {
    pub(crate) fn new(global: Global, environment: Environment) -> Self {
        let paths = Paths::new(&environment);
        let shape = Rc::new(Shape {
            columns: global.columns.clone(),
            sort: global.sort.clone(),
            spreadsheet: global.spreadsheet,
        });
        Self { global, environment, paths, interrupts: Interrupts::default(), expression: None, shape }
    }

    /// Results go through the expression of `--jq`.
    pub(crate) fn seen_through(self, expression: Option<Expression>) -> Self {
        Self { expression: expression.map(Rc::new), ..self }
    }

    /// Whether an expression decides what is printed.
    pub(crate) fn is_seen_through(&self) -> bool {
        self.expression.is_some()
    }

    /// The format chosen, else a table for people and JSON for pipes. An expression is over JSON.
    pub(crate) fn output_format(&self) -> Format {
        if self.expression.is_some() {
            return self.global.output.filter(|format| *format == Format::Ndjson).unwrap_or(Format::Json);
        }
        self.global
            .output
            .unwrap_or_else(|| if std::io::stdout().is_terminal() { Format::Table } else { Format::Json })
    }

    /// Whether results are tables of the command's own columns.
    pub(crate) fn takes_tables(&self) -> bool {
        self.output_format().is_for_people() && self.shape.columns.is_empty()
    }

    /// Where results go.
    pub(crate) fn output(&self) -> Output {
        Output::new(self.output_format(), self.global.color, &self.environment)
            .seen_through(self.expression.clone())
            .shaped(Rc::clone(&self.shape))
    }

    /// Where records go one a line, whatever the format of others.
    pub(crate) fn lines(&self) -> Output {
        Output::new(Format::Ndjson, self.global.color, &self.environment)
            .seen_through(self.expression.clone())
    }

    /// Where checkpoints are kept; `None` without a home.
    pub(crate) fn checkpoints(&self) -> Option<PathBuf> {
        #[cfg(feature = "emulator")]
        if self.is_demo() {
            return self.paths.demo().map(|path| path.join("checkpoints"));
        }
        self.paths.checkpoints()
    }

    /// The width of a terminal that can draw; `None` for a file, a pipe or a terminal that shows bare text only.
    pub(crate) fn columns_of(&self, stream: &impl std::os::fd::AsFd) -> Option<u16> {
        let bare = self.environment.get("TERM").is_none_or(|kind| kind == "dumb");
        let size = (!bare).then(|| rustix::termios::tcgetwinsize(stream).ok())??;
        Some(size.ws_col).filter(|columns| *columns > 0)
    }

    /// The profile that is chosen; the demonstration has none but that of the flag.
    pub(crate) fn profile(&self) -> Option<&str> {
        let by_flag = self.global.profile.as_deref();
        by_flag.or_else(|| self.environment.get("DEFENDER_XDR_PROFILE").filter(|_| !self.is_demo()))
    }

    /// Whether the demonstration tenant is asked for.
    pub(crate) fn is_demo(&self) -> bool {
        self.global.demo || self.global.demo_fresh
    }

    /// A line of talk on stderr, unless the person wants quiet.
    pub(crate) fn say(&self, text: &str) {
        use std::io::Write;
        if !self.global.quiet {
            // Talk is lost on a closed stderr; that is no reason to fail.
            writeln!(std::io::stderr().lock(), "{text}").ok();
        }
    }
}
