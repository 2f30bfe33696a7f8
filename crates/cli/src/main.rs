//! The `defender-xdr` program. Everything is in the library beside it.

fn main() -> std::process::ExitCode {
    defender_xdr::main()
}
