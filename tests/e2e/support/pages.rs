//! The pages of the documentation and the fenced blocks on them.

use std::fs;
use std::path::{Path, PathBuf};

/// One Markdown file.
#[derive(Debug)]
pub(crate) struct Page {
    /// From the root of the repository, such as `docs/fetch.md`.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What stands between two fences.
#[derive(Debug)]
pub(crate) struct Block {
    /// The page and the line of the opening fence.
    pub(crate) place: String,
    /// The words behind the opening fence: the language, then what else is said, between commas.
    pub(crate) words: Vec<String>,
    pub(crate) text: String,
    /// The paragraph just above the fence.
    pub(crate) above: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The README and every page below `docs`, by name.
pub(crate) fn pages() -> Vec<Page> {
    let root = root();
    let mut names = vec!["README.md".to_owned()];
    collect(&root, "docs", &mut names);
    names.sort();
    let read =
        |name: String| Page { text: fs::read_to_string(root.join(&name)).expect("a page of text"), name };
    names.into_iter().map(read).collect()
}

fn collect(root: &Path, directory: &str, names: &mut Vec<String>) {
    for entry in
        fs::read_dir(root.join(directory)).expect("a directory").map(|entry| entry.expect("an entry"))
    {
        let name = format!("{directory}/{}", entry.file_name().to_str().expect("a name in text"));
        if entry.path().is_dir() {
            collect(root, &name, names);
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            names.push(name);
        }
    }
}

impl Page {
    /// Every fenced block, in order.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut found = Vec::new();
        let mut open: Option<Block> = None;
        let mut above = String::new();
        for (index, line) in self.text.lines().enumerate() {
            let fence = fence(line);
            open = match (open, fence) {
                (None, Some(words)) => Some(Block {
                    place: format!("{}:{}", self.name, index + 1),
                    words: words.split(',').map(|word| word.trim().to_owned()).collect(),
                    text: String::new(),
                    above: std::mem::take(&mut above),
                }),
                (None, None) => {
                    if line.trim().is_empty() {
                        above.clear();
                    } else {
                        above.push_str(line);
                        above.push('\n');
                    }
                    None
                }
                (Some(block), Some("")) => {
                    found.push(block);
                    None
                }
                (Some(mut block), _) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                    Some(block)
                }
            };
        }
        assert!(open.is_none(), "{}: a fence is not closed", self.name);
        found
    }

    /// The lines that stand outside of fenced blocks.
    pub(crate) fn prose(&self) -> String {
        let mut inside = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            if fence(line).is_some() {
                inside = !inside;
            } else if !inside {
                prose.push_str(line);
                prose.push('\n');
            }
        }
        prose
    }
}

impl Block {
    pub(crate) fn language(&self) -> &str {
        &self.words[0]
    }

    pub(crate) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }
}

/// What stands behind the three backticks of a fence, which a list item may begin with.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim();
    let item = line.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix(". ");
    item.unwrap_or(line).trim_start().strip_prefix("```").filter(|rest| !rest.contains('`'))
}

#[test]
fn blocks_are_found_with_their_words_and_what_stands_above() {
    let text =
        "one\n\n<!-- why -->\n```console,ignore\n$ a\nb\n```\n3. ```toml\n   c = 1\n   ```\n".to_owned();
    let blocks = Page { name: "page.md".to_owned(), text }.blocks();
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].place.as_str(), blocks[0].text.as_str()), ("page.md:4", "$ a\nb\n"));
    assert_eq!((blocks[0].language(), blocks[0].says("ignore")), ("console", true));
    assert_eq!(blocks[0].above, "<!-- why -->\n");
    assert_eq!((blocks[1].language(), blocks[1].text.trim()), ("toml", "c = 1"));
}
