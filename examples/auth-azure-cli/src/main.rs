//! `defender-xdr` with one more flow. To add yours: write a provider, register it, name its module here.

mod answer;
mod azure_cli;
mod provider;

fn main() -> std::process::ExitCode {
    defender_xdr::main()
}
