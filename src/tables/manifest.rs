//! `datapackage.json`: what a results directory holds, as a Frictionless data
//! package (specification 1): each file with its size and hash, each column of
//! each table with its type, unit and meaning; what gossim needs to replay it
//! under `gossim`; and, apart, under `environment`, what may differ from run to
//! run.
//!
//! The tables have the profile `tabular-data-resource`; the package as a whole
//! can't be a `tabular-data-package`, since pictures are no tables.

use super::error::FileError;
use super::fields::{self, AxisColumn, Field};
use crate::column::Better;
use crate::metrics::columns::{Asked, Type};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// The manifest's file name.
pub const MANIFEST: &str = "datapackage.json";

/// Manifests have a few kilobytes; what is larger than this is none.
const BYTES_MAX: u64 = 16 << 20;

pub(crate) const MAKE: &str = "make some with gossim run or gossim sweep";

/// Which command made the results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultsOf {
    /// `gossim run`: one run.
    Run,
    /// `gossim sweep`: all of them.
    Sweep,
}

impl fmt::Display for ResultsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResultsOf::Run => "run",
            ResultsOf::Sweep => "sweep",
        })
    }
}

/// Whose results: new ones replace those of the same identity only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The scenario's name.
    pub scenario: String,
    /// The hash of its complete text, 64 hexadecimal digits.
    pub scenario_sha256: String,
    /// Which command.
    pub kind: ResultsOf,
}

/// What the caller knows about the results and the files don't say.
#[derive(Clone, PartialEq, Debug)]
pub struct About {
    /// One line for people; `None` leaves it out.
    pub title: Option<String>,
    /// The master seed.
    pub seed: u64,
    /// Which cell a single run was; `None` for sweeps and for the base settings.
    pub cell: Option<u64>,
    /// Which replicate a single run was.
    pub replicate: Option<u64>,
    /// The scenario's axes.
    pub axes: Vec<AxisColumn>,
    /// The type of the column `fanout`: text where a cell has `all`.
    pub fanout: Type,
    /// What the columns of `runs.csv` depend on.
    pub asked: Asked,
    /// What may differ from run to run: threads, wall time. The operating
    /// system and the processor's architecture are added.
    pub environment: Map<String, Value>,
}

/// A manifest. What others add to it is kept when `plot` writes it again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `data-package`.
    pub profile: String,
    /// The scenario's name.
    pub name: String,
    /// One line for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The files.
    pub resources: Vec<Resource>,
    /// What only gossim reads.
    pub gossim: Gossim,
    /// What may differ from run to run.
    #[serde(default)]
    pub environment: Value,
    /// What others added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// One file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Resource {
    /// A name without its extension for tables and the scenario, with it for pictures.
    pub name: String,
    /// The file, in the directory of the manifest.
    pub path: String,
    /// `tabular-data-resource` for tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The extension.
    pub format: String,
    /// What browsers call the format.
    pub mediatype: String,
    /// `utf-8`, for texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The size.
    pub bytes: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub hash: String,
    /// A table's columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// What others added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What gossim needs to know its own results again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Gossim {
    /// The version that ran.
    pub version: String,
    /// Which command.
    pub kind: ResultsOf,
    /// The scenario's name.
    pub scenario: String,
    /// Its hash.
    pub scenario_sha256: String,
    /// The master seed.
    pub seed: u64,
    /// Which cell a single run was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<u64>,
    /// Which replicate a single run was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicate: Option<u64>,
    /// What others, or later versions, added.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// How a file differs from what the manifest says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is gone.
    Missing,
    /// Its bytes are others.
    Different,
}

/// A file's size and hash.
pub(crate) struct Fingerprint {
    pub(crate) bytes: u64,
    pub(crate) hash: String,
}

impl Fingerprint {
    pub(crate) fn new(bytes: u64, hash: Sha256) -> Fingerprint {
        Fingerprint {
            bytes,
            hash: format!("sha256:{}", hexadecimal(&hash.finalize())),
        }
    }

    pub(crate) fn of(content: &[u8]) -> Fingerprint {
        Fingerprint::new(content.len() as u64, Sha256::new_with_prefix(content))
    }

    fn of_file(path: &Path) -> io::Result<Fingerprint> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut block = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            match file.read(&mut block)? {
                0 => return Ok(Fingerprint::new(bytes, hash)),
                read => {
                    hash.update(&block[..read]);
                    bytes += read as u64;
                }
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of some bytes, in 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Copies of the files that a scenario names are in this directory of results.
pub(crate) const INPUTS: &str = "inputs";

/// May gossim write a file of this name? Nothing that leaves the directory (or its
/// [`INPUTS`]), is hidden, or is the manifest itself.
pub(crate) fn is_file_name(name: &str) -> bool {
    let within = name.strip_prefix(INPUTS);
    let name = within
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(name);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty()
        && name.len() <= 200
        && name.bytes().all(plain)
        && !name.starts_with('.')
        && !name.eq_ignore_ascii_case(MANIFEST)
}

impl Resource {
    /// A file that no caller needs to describe: a picture, the scenario.
    pub(crate) fn plain(path: &str, fingerprint: Fingerprint) -> Resource {
        let (stem, format) = path.rsplit_once('.').unwrap_or((path, ""));
        let (name, mediatype, is_text) = match format {
            "csv" => (stem, "text/csv", true),
            "toml" => (stem, "application/toml", true),
            "svg" => (path, "image/svg+xml", true),
            "png" => (path, "image/png", false),
            _ => (path, "application/octet-stream", false),
        };
        Resource {
            name: name.to_ascii_lowercase().replace('/', "-"),
            path: path.to_string(),
            profile: None,
            format: format.to_string(),
            mediatype: mediatype.to_string(),
            encoding: is_text.then(|| "utf-8".to_string()),
            bytes: fingerprint.bytes,
            hash: fingerprint.hash,
            schema: None,
            more: Map::new(),
        }
    }

    fn new(path: &str, fingerprint: Fingerprint, about: &About) -> Resource {
        let mut resource = Resource::plain(path, fingerprint);
        let fields = match path {
            "runs.csv" => fields::runs(&about.axes, about.fanout, &about.asked),
            "series.csv" => fields::series(),
            "summary.csv" => fields::summary(&about.axes, about.fanout),
            "theory.csv" => fields::theory(&about.axes, about.fanout),
            "failed.csv" => fields::failed(),
            _ => return resource,
        };
        resource.profile = Some("tabular-data-resource".to_string());
        resource.schema = Some(schema(&fields));
        resource
    }

    /// Which way the numbers in a column of this table are better.
    pub(crate) fn better(&self, column: &str) -> Better {
        let fields = self
            .schema
            .as_ref()
            .and_then(|s| s.get("fields")?.as_array());
        let mut fields = fields.into_iter().flatten();
        let field = fields.find(|field| field.get("name").and_then(Value::as_str) == Some(column));
        Better::of_text(field.and_then(|field| field.get("better")?.as_str()))
    }

    /// Is this a picture, which `plot` may replace?
    pub fn is_picture(&self) -> bool {
        self.mediatype.starts_with("image/")
    }

    /// How the file differs; `None` if it doesn't.
    pub(crate) fn change(&self, dir: &Path) -> Result<Option<Change>, FileError> {
        let path = dir.join(&self.path);
        let failed = |cause: &io::Error| {
            let what = format!("cannot be read: {cause}");
            FileError::results(&path, what, "see that it can be read")
        };
        let metadata = match fs::metadata(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(Change::Missing));
            }
            other => other.map_err(|cause| failed(&cause))?,
        };
        // What is no plain file (a pipe, say) might block for ever: not read.
        if !metadata.is_file() || metadata.len() != self.bytes {
            return Ok(Some(Change::Different));
        }
        let fingerprint = Fingerprint::of_file(&path).map_err(|cause| failed(&cause))?;
        Ok((fingerprint.hash != self.hash).then_some(Change::Different))
    }

    fn objection(&self) -> Option<String> {
        let digits = self.hash.strip_prefix("sha256:").unwrap_or_default();
        if !is_file_name(&self.path) {
            Some(format!("\"{}\" is no file name of gossim's", self.path))
        } else if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Some(format!("the hash of \"{}\" is no sha256", self.path))
        } else {
            None
        }
    }
}

fn schema(fields: &[Field]) -> Value {
    let fields: Vec<Value> = fields.iter().map(described).collect();
    json!({ "fields": fields, "missingValues": [""] })
}

fn described(field: &Field) -> Value {
    let mut entry = Map::new();
    let r#type = match field.r#type {
        Type::Whole => "integer",
        Type::Real => "number",
        Type::Text => "string",
    };
    entry.insert("name".to_string(), json!(field.name));
    entry.insert("type".to_string(), json!(r#type));
    if !field.unit.is_empty() {
        entry.insert("unit".to_string(), json!(field.unit));
    }
    if let Some(better) = field.better.text() {
        entry.insert("better".to_string(), json!(better));
    }
    entry.insert("description".to_string(), json!(field.about));
    Value::Object(entry)
}

/// The files of results that are no pictures.
pub(crate) const FILES: [&str; 6] = [
    "runs.csv",
    "series.csv",
    "summary.csv",
    "theory.csv",
    "failed.csv",
    "scenario.toml",
];

/// The order in the manifest: tables, the scenario, then pictures by name.
fn rank(path: &str) -> (usize, &str) {
    let place = FILES.iter().position(|file| *file == path);
    (place.unwrap_or(FILES.len()), path)
}

impl Manifest {
    pub(crate) fn new(
        identity: &Identity,
        about: &About,
        files: Vec<(String, Fingerprint)>,
    ) -> Manifest {
        let mut environment = Map::new();
        environment.insert("os".to_string(), json!(std::env::consts::OS));
        environment.insert("arch".to_string(), json!(std::env::consts::ARCH));
        environment.extend(about.environment.clone());
        let mut manifest = Manifest {
            profile: "data-package".to_string(),
            name: identity.scenario.clone(),
            title: about.title.clone(),
            resources: Vec::new(),
            gossim: Gossim {
                version: env!("CARGO_PKG_VERSION").to_string(),
                kind: identity.kind,
                scenario: identity.scenario.clone(),
                scenario_sha256: identity.scenario_sha256.clone(),
                seed: about.seed,
                cell: about.cell,
                replicate: about.replicate,
                more: Map::new(),
            },
            environment: Value::Object(environment),
            more: Map::new(),
        };
        for (path, fingerprint) in files {
            manifest.put(Resource::new(&path, fingerprint, about));
        }
        manifest
    }

    /// Adds a file, in its place, instead of one with the same path.
    pub(crate) fn put(&mut self, resource: Resource) {
        self.resources.retain(|old| old.path != resource.path);
        self.resources.push(resource);
        self.resources
            .sort_by(|a, b| rank(&a.path).cmp(&rank(&b.path)));
    }

    /// Whose results they are.
    pub fn identity(&self) -> Identity {
        Identity {
            scenario: self.gossim.scenario.clone(),
            scenario_sha256: self.gossim.scenario_sha256.clone(),
            kind: self.gossim.kind,
        }
    }

    /// The entry of a file.
    pub fn resource(&self, path: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.path == path)
    }

    /// The manifest of a directory that nobody is replacing.
    pub(crate) fn of(dir: &Path) -> Result<Manifest, FileError> {
        let none = || {
            let what = format!("holds no results of gossim: there is no {MANIFEST}");
            FileError::results(dir, what, MAKE)
        };
        Manifest::load(&dir.join(MANIFEST))?.ok_or_else(none)
    }

    /// The manifest in this file; `None` if there is no file.
    pub(crate) fn load(path: &Path) -> Result<Option<Manifest>, FileError> {
        let failed = |cause: &io::Error| {
            let what = format!("cannot be read: {cause}");
            FileError::results(path, what, "see that it can be read")
        };
        let metadata = match fs::metadata(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|cause| failed(&cause))?,
        };
        if !metadata.is_file() {
            return Err(not_ours(path, "it is no plain file"));
        }
        let mut text = Vec::new();
        let file = File::open(path).map_err(|cause| failed(&cause))?;
        file.take(BYTES_MAX + 1)
            .read_to_end(&mut text)
            .map_err(|cause| failed(&cause))?;
        if text.len() as u64 > BYTES_MAX {
            return Err(not_ours(path, "it is too large"));
        }
        Manifest::parse(&text)
            .map(Some)
            .map_err(|why| not_ours(path, &why))
    }

    fn parse(text: &[u8]) -> Result<Manifest, String> {
        let value: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if value.get("gossim").is_none() {
            return Err("it has no \"gossim\"".to_string());
        }
        let manifest: Manifest =
            serde_json::from_value(value).map_err(|error| error.to_string())?;
        let mut paths: Vec<&str> = Vec::new();
        for resource in &manifest.resources {
            if let Some(objection) = resource.objection() {
                return Err(objection);
            }
            if paths.contains(&resource.path.as_str()) {
                return Err(format!("\"{}\" is listed twice", resource.path));
            }
            paths.push(&resource.path);
        }
        Ok(manifest)
    }

    /// The bytes of `datapackage.json`.
    pub(crate) fn text(&self) -> Vec<u8> {
        // A tree of maps with text keys: this can't fail.
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Writes it, and waits until the disk has it.
    pub(crate) fn save(&self, path: &Path) -> io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(&self.text())?;
        file.sync_all()
    }

    /// The files that differ from what this manifest says, in its order.
    pub fn changed_files(&self, dir: &Path) -> Result<Vec<(String, Change)>, FileError> {
        let mut changed = Vec::new();
        for resource in &self.resources {
            if let Some(change) = resource.change(dir)? {
                changed.push((resource.path.clone(), change));
            }
        }
        Ok(changed)
    }
}

fn not_ours(path: &Path, why: &str) -> FileError {
    let what = format!("is no manifest that gossim can use: {why}");
    FileError::results(path, what, "make the results again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            title: None,
            seed: 42,
            cell: None,
            replicate: None,
            axes: vec![AxisColumn {
                key: "network.loss".to_string(),
                r#type: Type::Real,
                unit: "",
            }],
            fanout: Type::Whole,
            asked: Asked::thresholds(&[50, 100]),
            environment: Map::from_iter([("threads".to_string(), json!(2))]),
        }
    }

    fn manifest() -> Manifest {
        let names = ["rounds.svg", "scenario.toml", "convergence.png", "runs.csv"];
        let files = names.map(|name| (name.to_string(), Fingerprint::of(name.as_bytes())));
        let identity = Identity {
            scenario: "quick".to_string(),
            scenario_sha256: sha256(b"scenario"),
            kind: ResultsOf::Sweep,
        };
        Manifest::new(&identity, &about(), files.into())
    }

    #[test]
    fn the_package_describes_files_and_columns() {
        let value: Value = serde_json::from_slice(&manifest().text()).unwrap();
        assert_eq!(value["profile"], "data-package");
        assert_eq!(value["name"], "quick");
        assert_eq!(value["gossim"]["kind"], "sweep");
        assert_eq!(value["gossim"]["seed"], 42);
        assert!(value["gossim"].get("cell").is_none());
        assert_eq!(value["environment"]["threads"], 2);
        assert_eq!(value["environment"]["os"], std::env::consts::OS);
        let paths: Vec<&str> = value["resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|resource| resource["path"].as_str().unwrap())
            .collect();
        let ordered = ["runs.csv", "scenario.toml", "convergence.png", "rounds.svg"];
        assert_eq!(paths, ordered);
        let runs = &value["resources"][0];
        assert_eq!(runs["name"], "runs");
        assert_eq!(runs["profile"], "tabular-data-resource");
        assert_eq!(runs["mediatype"], "text/csv");
        assert_eq!(runs["encoding"], "utf-8");
        assert_eq!(runs["bytes"], 8);
        assert_eq!(runs["hash"], format!("sha256:{}", sha256(b"runs.csv")));
        assert_eq!(runs["schema"]["missingValues"], json!([""]));
        let fields = runs["schema"]["fields"].as_array().unwrap();
        let loss = json!({
            "name": "network.loss", "type": "number",
            "description": "the scenario's axis network.loss"
        });
        assert!(fields.contains(&loss));
        let all = json!({
            "name": "time_to_all_s", "type": "number", "unit": "s", "better": "lower",
            "description": "from the write until all nodes are informed"
        });
        assert!(fields.contains(&all));
        assert_eq!(value["resources"][3]["mediatype"], "image/svg+xml");
        assert!(value["resources"][2].get("encoding").is_none());
    }

    #[test]
    fn the_schema_of_each_table_has_the_header_of_its_file() {
        let keys = ["network.loss".to_string()];
        let (runs, series, summary, theory) = (
            crate::tables::RunsTable::new(Vec::new(), &keys, &Asked::thresholds(&[50, 100])),
            crate::tables::SeriesTable::new(Vec::new()),
            crate::tables::SummaryTable::new(Vec::new(), &keys),
            crate::tables::TheoryTable::new(Vec::new(), &keys),
        );
        let headers = [
            ("runs.csv", runs.unwrap().finish().unwrap()),
            ("series.csv", series.unwrap().finish().unwrap()),
            ("summary.csv", summary.unwrap().finish().unwrap()),
            ("theory.csv", theory.unwrap().finish().unwrap()),
        ];
        for (path, header) in headers {
            let resource = Resource::new(path, Fingerprint::of(b""), &about());
            let schema = resource.schema.unwrap();
            let fields = schema["fields"].as_array().unwrap();
            let names: Vec<&str> = fields
                .iter()
                .map(|field| field["name"].as_str().unwrap())
                .collect();
            assert_eq!(format!("{}\n", names.join(",")).into_bytes(), header);
        }
    }

    #[test]
    fn a_manifest_reads_back_with_what_others_added() {
        let mut value: Value = serde_json::from_slice(&manifest().text()).unwrap();
        assert_eq!(Manifest::parse(&manifest().text()), Ok(manifest()));
        value["licenses"] = json!([{ "name": "CC0-1.0" }]);
        value["resources"][0]["title"] = json!("all runs");
        let read = Manifest::parse(value.to_string().as_bytes()).unwrap();
        let again: Value = serde_json::from_slice(&read.text()).unwrap();
        assert_eq!(again, value);
    }

    #[test]
    fn what_is_no_manifest_of_ours_is_refused() {
        let good: Value = serde_json::from_slice(&manifest().text()).unwrap();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut value = good.clone();
            change(&mut value);
            value.to_string()
        };
        let path = |path: &'static str| with(&move |v| v["resources"][0]["path"] = json!(path));
        let table = [
            (String::new(), "EOF"),
            ("{".to_string(), "EOF"),
            ("[".repeat(100_000), "recursion limit"),
            ("{\"name\": \"x\"}".to_string(), "no \"gossim\""),
            ("{\"gossim\": 3}".to_string(), "expected struct"),
            (with(&|v| v["gossim"]["kind"] = json!("walk")), "walk"),
            (with(&|v| v["gossim"]["seed"] = json!(-1)), "-1"),
            (
                with(&|v| v["resources"][0]["hash"] = json!("md5:0")),
                "no sha256",
            ),
            (
                with(&|v| v["resources"][1]["path"] = json!("runs.csv")),
                "twice",
            ),
            (path("../runs.csv"), "no file name"),
            (path("/etc/passwd"), "no file name"),
            (path("a/b"), "no file name"),
            (path(".hidden"), "no file name"),
            (path("datapackage.json"), "no file name"),
            (path(""), "no file name"),
        ];
        for (text, expected) in table {
            let error = Manifest::parse(text.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}
