//! Edge lists in the form of SNAP: two numbers a line, between blanks, tabs or commas;
//! `#` or `%` begins a comment.

use super::Refused;
use super::ids::{EdgeList, Ids, id, room_for_more};
use super::lines::{Lines, is_comment, words};
use super::refused::harmless;
use std::io::Read;

/// Bytes of a line at most, comments too.
const LONGEST: usize = 1 << 16;

/// Reads an edge list.
///
/// # Errors
/// What is no edge, a node that does not exist, a file without edges.
pub fn edge_list(source: impl Read, ids: Ids) -> Result<EdgeList, Refused> {
    let mut lines = Lines::new(source, LONGEST);
    let mut list = EdgeList::new();
    while let Some((number, line)) = lines.next()? {
        if !is_comment(line) {
            room_for_more(&list, number)?;
            list.push(edge(line, ids, number)?);
        }
    }
    if list.is_empty() {
        return Err(Refused::whole(
            "no edges: a line of an edge list is two node numbers",
        ));
    }
    Ok(list.settle(ids))
}

fn edge(line: &[u8], ids: Ids, number: u64) -> Result<[u32; 2], Refused> {
    let mut words = words(line);
    let mut next = || match words.next() {
        Some((column, word)) => id(word, ids, number, column),
        None => {
            let why = "an edge is two node numbers, and here is only one";
            Err(Refused::at(number, line.len(), why))
        }
    };
    let edge = [next()?, next()?];
    match words.next() {
        None => Ok(edge),
        Some((column, word)) => {
            let why = format!(
                "an edge is two node numbers, and nothing else is read: {}",
                harmless(word)
            );
            Err(Refused::at(number, column, why))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(u32, Vec<[u32; 2]>), String> {
        edge_list(text.as_bytes(), Ids::Renumber)
            .map(|list| (list.nodes, list.edges().collect()))
            .map_err(|refused| refused.to_string())
    }

    #[test]
    fn snap_files_are_read() {
        let text =
            "# Nodes: 4 Edges: 3\n# FromNodeId\tToNodeId\r\n10\t20\r\n20 , 30\n\n%x\n 30 7 \n10 10";
        assert_eq!(
            read(text).unwrap(),
            (4, vec![[1, 2], [2, 3], [3, 0], [1, 1]])
        );
    }

    #[test]
    fn strange_lines_are_refused_at_their_place() {
        for (text, why) in [
            ("", "no edges: a line of an edge list is two node numbers"),
            (
                "# only\n",
                "no edges: a line of an edge list is two node numbers",
            ),
            (
                "1 2\n3\n",
                "line 2, column 1: an edge is two node numbers, and here is only one",
            ),
            (
                ",\n",
                "line 1, column 1: an edge is two node numbers, and here is only one",
            ),
            (
                "1 2 0.5\n",
                "line 1, column 5: an edge is two node numbers, and nothing else is read: `0.5`",
            ),
            (
                "1 \u{1b}[2J\n",
                "line 1, column 3: a node is a whole number from 0, not `\\u{1b}[2J`",
            ),
            (
                "1 2\n1099511627776 2\n",
                "line 2, column 1: a node's number is at most 4294967294, not `1099511627776`",
            ),
        ] {
            assert_eq!(read(text), Err(why.to_string()));
        }
        let long = format!("1 2\n# {}\n", "x".repeat(10_000_000));
        assert!(
            read(&long)
                .unwrap_err()
                .contains("line 2: longer than 65536 bytes")
        );
        assert!(edge_list(std::io::repeat(0), Ids::Renumber).is_err());
        assert!(edge_list(std::io::repeat(b'1'), Ids::Renumber).is_err());
    }
}
