//! Whether a program needs anything of the machine it runs on, from its ELF program headers (System V ABI, chapter 5).

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

const X86_64: u16 = 62;
/// The program header that names a dynamic linker.
const INTERPRETER: u32 = 3;

/// An error unless the program is for this kind of machine and brings all it needs.
pub(super) fn require_static(program: &Path) -> Result<()> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    check(&bytes).with_context(|| format!("{} cannot be given to others", program.display()))
}

fn check(bytes: &[u8]) -> Result<()> {
    ensure!(bytes.starts_with(b"\x7fELF\x02\x01"), "it is no 64-bit ELF");
    ensure!(u16::from_le_bytes(at(bytes, 18)?) == X86_64, "it is not for x86-64");
    let table = usize::try_from(u64::from_le_bytes(at(bytes, 32)?))?;
    let size = usize::from(u16::from_le_bytes(at(bytes, 54)?));
    let count = usize::from(u16::from_le_bytes(at(bytes, 56)?));
    ensure!(count > 0, "it has no program headers");
    for index in 0..count {
        let kind = table.checked_add(index * size).context("its program headers are nowhere")?;
        if u32::from_le_bytes(at(bytes, kind)?) == INTERPRETER {
            bail!("it is linked dynamically");
        }
    }
    Ok(())
}

fn at<const LENGTH: usize>(bytes: &[u8], place: usize) -> Result<[u8; LENGTH]> {
    let found = bytes.get(place..).and_then(|rest| rest.first_chunk::<LENGTH>());
    found.copied().context("it is cut off")
}

#[cfg(test)]
mod tests {
    use super::check;

    /// A header with program headers of these kinds.
    fn elf(machine: u16, kinds: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[18..20].copy_from_slice(&machine.to_le_bytes());
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = u8::try_from(kinds.len()).unwrap();
        for kind in kinds {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 52]);
        }
        bytes
    }

    #[test]
    fn a_program_that_names_an_interpreter_is_not_static() {
        check(&elf(62, &[6, 1, 2])).unwrap();
        for (bytes, why) in [
            (elf(62, &[6, 3, 1]), "linked dynamically"),
            (elf(183, &[1]), "not for x86-64"),
            (elf(62, &[]), "no program headers"),
            (b"#!/bin/sh\n".to_vec(), "no 64-bit ELF"),
            (elf(62, &[1])[..60].to_vec(), "cut off"),
        ] {
            assert!(check(&bytes).unwrap_err().to_string().contains(why), "{why}");
        }
    }

    #[test]
    fn the_program_that_runs_this_test_is_not_static() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(cfg!(not(target_os = "linux")) || cfg!(target_env = "musl") || check(&own).is_err());
    }
}
