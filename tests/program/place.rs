//! The real program in a folder of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A temporary folder in which commands run.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    /// A folder that holds this scenario as `scenario.toml`.
    pub fn with(scenario: &str) -> Place {
        let place = Place::new();
        place.write("scenario.toml", scenario);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program, to be given arguments.
    pub fn command(&self) -> Command {
        self.program(Path::new(env!("CARGO_BIN_EXE_gossim")))
    }

    /// Any program, in this folder and in a plain environment.
    pub fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs `gossim` with these arguments.
    pub fn gossim(&self, arguments: &[&str]) -> Done {
        Done::of(self.command().args(arguments))
    }

    /// All files below a folder, by path relative to it.
    pub fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.path(name), "", &mut found);
        found
    }

    /// The names of all files and folders here, hidden ones too.
    pub fn names(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(name)).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }
}

fn collect(dir: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => collect(&entry.path(), &format!("{name}/"), found),
            false => drop(found.insert(name, fs::read(entry.path()).unwrap())),
        }
    }
}

/// What a command did.
pub struct Done {
    pub command: String,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Done {
            command,
            code,
            out,
            err,
        } = self;
        write!(f, "\n{command}\nexit code {code:?}\n{out}--- errors\n{err}")
    }
}

impl Done {
    pub fn of(command: &mut Command) -> Done {
        let output = command.output().unwrap();
        Done::from(format!("{command:?}"), output)
    }

    pub fn from(command: String, output: Output) -> Done {
        let done = Done {
            command,
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!done.err.contains("panicked"), "{done}");
        done
    }

    /// It succeeded without a complaint.
    #[track_caller]
    pub fn ok(self) -> Done {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self}");
        self
    }

    /// It ended with this code, said each of these words on standard error, and
    /// printed no result.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Done {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self}");
        assert!(self.err.starts_with("error"), "{self}");
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in {self}");
        }
        self
    }

    /// The last line of standard output.
    pub fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// A CSV file by column name.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(path: &Path) -> Table {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let texts = |record: &csv::StringRecord| record.iter().map(String::from).collect();
        let header = texts(reader.headers().unwrap());
        let rows = reader.records().map(|row| texts(&row.unwrap())).collect();
        Table { header, rows }
    }

    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<&str> {
        let place = self.header.iter().position(|column| column == name);
        let place = place.unwrap_or_else(|| panic!("no column {name} in {:?}", self.header));
        self.rows.iter().map(|row| row[place].as_str()).collect()
    }

    /// The value of `metric` in column `name` of a summary, cell by cell.
    pub fn metric(&self, metric: &str, name: &str) -> Vec<f64> {
        let pairs = self.column("metric").into_iter().zip(self.column(name));
        let wanted = pairs.filter(|(found, _)| *found == metric);
        wanted.map(|(_, value)| value.parse().unwrap()).collect()
    }
}

/// Waits until something is the case; panics after a minute.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a signal, as in `kill -INT`.
pub fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(status.success(), "{kill}");
}
