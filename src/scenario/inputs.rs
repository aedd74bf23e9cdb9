//! The files that a scenario names: each is read once, whatever the cells and runs.
//!
//! A name is relative to the scenario. A results directory holds copies in `inputs/`,
//! which its scenario names; where an axis keeps a name as it was given, the copy is
//! found by it.

use crate::files::{self, place};
use crate::invalid::Invalid;
use crate::network::topology::{Held, TopologyFile};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Where copies lie in a results directory.
const INPUTS: &str = "inputs/";

/// What the files held, as far as they have been read.
pub struct Inputs {
    folder: PathBuf,
    allow_outside: bool,
    graphs: Mutex<Vec<(TopologyFile, u32, Held)>>,
}

impl Inputs {
    /// Of a scenario of that name.
    pub fn new(scenario: &str, allow_outside: bool) -> Inputs {
        let folder = Path::new(scenario).parent().unwrap_or(Path::new(""));
        Inputs {
            folder: folder.to_path_buf(),
            allow_outside,
            graphs: Mutex::new(Vec::new()),
        }
    }

    /// The graph of a topology's file.
    ///
    /// # Errors
    /// The key of what cannot be: the file, its hash or the number of nodes.
    pub fn graph(&self, topology: &TopologyFile, nodes: u32) -> Result<Held, Invalid> {
        let mut graphs = self.graphs.lock().unwrap_or_else(PoisonError::into_inner);
        let known = graphs
            .iter()
            .find(|(other, count, _)| other == topology && *count == nodes);
        if let Some((_, _, held)) = known {
            return Ok(held.clone());
        }
        let held = self.read_graph(topology, nodes)?;
        let copy = copy_of(&topology.file);
        let is_other = |(other, _, known): &(TopologyFile, u32, Held)| {
            copy_of(&other.file) == copy && known.sha256 != held.sha256
        };
        if graphs.iter().any(is_other) {
            let why = "cannot have the name of the copy of another file: give it another name";
            return Err(Invalid::new("file", why));
        }
        graphs.push((topology.clone(), nodes, held.clone()));
        Ok(held)
    }

    /// The files read so far, each once.
    pub fn files(&self) -> Vec<Input> {
        let graphs = self.graphs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files: Vec<Input> = Vec::new();
        for (topology, _, held) in graphs.iter() {
            let copy = copy_of(&topology.file);
            let is_known = files.iter().any(|file| file.copy == copy);
            // It was found when it was read.
            if let Ok(place) = self.place(&topology.file)
                && !is_known
            {
                let sha256 = held.sha256.clone();
                files.push(Input {
                    place,
                    copy,
                    sha256,
                });
            }
        }
        files
    }

    fn read_graph(&self, topology: &TopologyFile, nodes: u32) -> Result<Held, Invalid> {
        let refuse = |why: String| {
            let name = files::harmless(topology.file.as_bytes());
            Invalid::new("file", format!("cannot be {name}: {why}"))
        };
        let path = self.place(&topology.file).map_err(refuse)?;
        let mut source = place::open(&path).map_err(refuse)?;
        let list = files::edge_list(&mut source, topology.ids(nodes));
        let list = list.map_err(|refused| refuse(refused.to_string()))?;
        let sha256 = source.finish();
        if topology
            .sha256
            .as_ref()
            .is_some_and(|known| *known != sha256)
        {
            let why = format!("is not the hash of the file, which has changed: now it is {sha256}");
            return Err(Invalid::new("sha256", why));
        }
        topology.hold(&list, nodes, sha256)
    }

    /// Where the file lies, or its copy.
    fn place(&self, name: &str) -> Result<PathBuf, String> {
        let found = place::resolve(&self.folder, name, self.allow_outside);
        let elsewhere = |name: &str| place::resolve(&self.folder, name, false);
        found.or_else(|why| {
            let copy = elsewhere(&copy_of(name));
            // Of complete settings that stand beside the original.
            let original = || elsewhere(name.strip_prefix(INPUTS).unwrap_or(name));
            copy.or_else(|_| original()).map_err(|_| why)
        })
    }
}

/// A file that a scenario names, and where its copy belongs in a results directory.
pub struct Input {
    /// Where it lies.
    pub place: PathBuf,
    /// The path of its copy.
    pub copy: String,
    /// What it held when it was read, as a SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The name of a file's copy: its own where it is plain (that of a copy is itself),
/// else made plain, behind some digits of the whole name's hash, by which two of them
/// differ.
pub fn copy_of(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let name = name.strip_prefix(INPUTS).unwrap_or(name);
    let own = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if own == name && name.len() <= 100 && !name.starts_with('.') && name.chars().all(is_plain) {
        return format!("{INPUTS}{name}");
    }
    let plain = own.chars().take(100);
    let plain: String = plain.map(|c| if is_plain(c) { c } else { '_' }).collect();
    let hash = Sha256::digest(name.as_bytes());
    let digits: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{INPUTS}{digits}-{plain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::FileIds;

    #[test]
    fn copies_never_leave_their_folder() {
        assert_eq!(copy_of("edges.txt"), "inputs/edges.txt");
        for name in ["../a/b.txt", "/a/b.txt", "a/b.txt", "b .txt", ".b.txt"] {
            let copy = copy_of(name);
            assert!(copy.starts_with("inputs/") && copy.len() > "inputs/12345678-".len());
            assert!(!copy[7..].contains('/') && !copy.contains(' '), "{copy}");
        }
        assert_ne!(copy_of("a/b.txt"), copy_of("c/b.txt"));
        for name in ["b.txt", "a/b.txt"] {
            assert_eq!(copy_of(&copy_of(name)), copy_of(name));
        }
    }

    /// The copy is found where the original is not, and a changed one is told.
    #[test]
    fn a_file_is_known_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let scenario = folder.path().join("scenario.toml");
        std::fs::create_dir(folder.path().join("inputs")).unwrap();
        let copy = folder.path().join(copy_of("../e.txt"));
        std::fs::write(&copy, "0 1\n1 2\n").unwrap();
        let inputs = || Inputs::new(scenario.to_str().unwrap(), false);
        let topology = |sha256| TopologyFile {
            file: "../e.txt".into(),
            directed: false,
            ids: FileIds::Renumber,
            sha256,
        };
        let held = inputs().graph(&topology(None), 3).unwrap();
        assert_eq!((held.arcs.count(), held.sha256.len()), (4, 64));
        let known = topology(Some(held.sha256));
        assert!(inputs().graph(&known, 3).is_ok());
        assert_eq!(inputs().graph(&known, 4).unwrap_err().key, ".nodes.count");
        std::fs::write(&copy, "0 1\n0 2\n").unwrap();
        assert_eq!(inputs().graph(&known, 3).unwrap_err().key, "sha256");
        std::fs::write(&copy, "0 1\n0 x\n").unwrap();
        let refused = inputs().graph(&known, 3).unwrap_err();
        assert!(
            refused.why.contains("`../e.txt`: line 2, column 3: a node"),
            "{refused}"
        );
    }
}
