//! `cargo xtask screenshots`: the pictures in `docs/images`, made of the program itself.

mod sign_in;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::interop::install::{self, Installed};
use crate::interop::product::Product;
use crate::interop::report;
use crate::played::Played;
use crate::{step, workspace};

const LIMIT: Duration = Duration::from_mins(1);
/// A picture that is larger makes a page slow.
const LARGEST: u64 = 150_000;
const COLUMNS: u16 = 110;
const ROWS: u16 = 24;

/// Eight of the sixteen colours, as many terminals have them.
const COLOURS: [&str; 8] =
    ["#1b1f24", "#f47067", "#57ab5a", "#e0b13a", "#539bf5", "#b083f0", "#39c5cf", "#d0d7de"];

pub(crate) fn run() -> Result<()> {
    let installed = install::ensure()?;
    step::run("cargo build", &mut workspace::cargo(&["build", "--locked", "--package", "defender-xdr"]))?;
    let product = Product::debug()?;
    let images = workspace::root().join("docs/images");
    fs::create_dir_all(&images).context("cannot make docs/images")?;
    let home = tempfile::tempdir().context("no temporary home")?;
    let page = home.path().join("incidents.html");
    report::write(&product, home.path(), &page)?;
    for (name, more) in [("report.png", None), ("report-dark.png", Some("--dark"))] {
        let mut arguments = vec!["--width", "1180", "--height", "1000", "--scale", "0.8"];
        arguments.extend(more);
        photograph(&installed, &page, &images.join(name), &arguments)?;
    }
    boards(&product, &installed, home.path(), &images)?;
    sign_in::take(&product, &installed, home.path(), &images)
}

/// The list, an incident, a question and a query, one after the other as a person comes to them.
fn boards(product: &Product, installed: &Installed, home: &Path, images: &Path) -> Result<()> {
    let mut command = product.command(home);
    command.args(["--demo", "incidents", "board", "--owner", "dana@aurora-lab.example"]);
    let board = Played::start(&mut command, COLUMNS, ROWS)?;
    let scenes = [
        ("", "260 of 260  scope", "board.png"),
        ("jjjj\r", "Comments", "board-incident.png"),
        ("a\r", "Write this?", "board-question.png"),
        ("n2h\r", "run again", "board-hunting.png"),
    ];
    for (keys, words, name) in scenes {
        board.press(keys)?;
        board.wait_for(words, LIMIT)?;
        let page = home.join("screen.html");
        fs::write(&page, board.screen(html)).context("cannot write the screen")?;
        let more = ["--width", "1000", "--height", "600", "--element", "pre"];
        photograph(installed, &page, &images.join(name), &more)?;
    }
    Ok(())
}

fn photograph(installed: &Installed, page: &Path, picture: &Path, more: &[&str]) -> Result<()> {
    let mut arguments = vec!["--screenshot", picture.to_str().context("a path that is no text")?];
    arguments.extend(more);
    report::look_at(installed, page, &arguments)?;
    is_small(picture)
}

fn is_small(picture: &Path) -> Result<()> {
    let size = fs::metadata(picture).context("there is no picture")?.len();
    eprintln!("{} ({} KB)", picture.display(), size / 1000);
    if size > LARGEST {
        bail!("{} has {size} bytes, more than {LARGEST}", picture.display());
    }
    Ok(())
}

/// A screen as a page: cells of the same manner side by side.
fn html(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let mut page = String::from(
        "<!DOCTYPE html><meta charset=utf-8><title>screen</title><style>body{margin:0}pre{display:inline-block;margin:0;\
         padding:12px;background:#22272e;color:#d0d7de;font:13px/17px 'DejaVu Sans Mono',monospace}</style><pre>",
    );
    for row in 0..rows {
        for column in 0..columns {
            let Some(cell) = screen.cell(row, column) else { continue };
            if cell.is_wide_continuation() {
                continue;
            }
            let mut fore = colour(cell.fgcolor(), "#d0d7de");
            let mut back = colour(cell.bgcolor(), "#22272e");
            if cell.inverse() {
                (fore, back) = (back, fore);
            }
            let weight = if cell.bold() { "bold" } else { "normal" };
            let letter = match cell.contents() {
                "" => " ".to_owned(),
                text => text.replace('&', "&amp;").replace('<', "&lt;"),
            };
            let opacity = if cell.dim() { "0.65" } else { "1" };
            // Writing to a text does not fail.
            write!(
                page,
                "<span style=\"color:{fore};background:{back};font-weight:{weight};opacity:{opacity}\">{letter}</span>"
            )
            .ok();
        }
        page.push('\n');
    }
    page + "</pre>"
}

fn colour(colour: vt100::Color, default: &str) -> String {
    match colour {
        vt100::Color::Idx(index @ 0..=15) => COLOURS[usize::from(index % 8)].to_owned(),
        vt100::Color::Rgb(red, green, blue) => format!("rgb({red},{green},{blue})"),
        _ => default.to_owned(),
    }
}
