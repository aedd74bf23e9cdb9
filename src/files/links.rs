//! A table of links: `from,to,latency,loss`, of which the first two must be there.

use super::ids::{EdgeList, Ids, id, room_for_more};
use super::table::{Row, Table, real};
use super::{Refused, duration};
use crate::time::Duration;
use std::io::Read;

/// Links, and what the file says of each, in the order of the file.
#[derive(Clone, PartialEq, Debug)]
pub struct Links {
    /// Whom they join; never empty, no link is there twice the same way round.
    pub list: EdgeList,
    /// How long a message travels, one each; empty where the file does not say.
    pub latencies: Vec<Duration>,
    /// The probability that a message is lost, one each; empty where the file does not
    /// say.
    pub losses: Vec<f64>,
}

const COLUMNS: [&str; 4] = ["from", "to", "latency", "loss"];

/// Reads a table of links.
///
/// # Errors
/// Columns that are unknown or missing, values without a unit or out of range, a link
/// from a node to itself.
pub fn links(source: impl Read, ids: Ids) -> Result<Links, Refused> {
    let mut table = Table::new(source, &COLUMNS, 2)?;
    let mut list = EdgeList::new();
    let (mut latencies, mut losses) = (Vec::new(), Vec::new());
    while let Some(row) = table.next()? {
        room_for_more(&list, row.line)?;
        let edge = [end(&row, 0, ids)?, end(&row, 1, ids)?];
        if edge[0] == edge[1] {
            let why = format!("a link from node {} to itself", edge[0]);
            return Err(Refused::at(row.line, 0, why));
        }
        list.push(edge);
        latencies.extend(row.value(2, duration)?);
        losses.extend(row.value(3, probability)?);
    }
    debug_assert!(latencies.is_empty() != table.has(2) || list.is_empty());
    if list.is_empty() {
        return Err(Refused::whole("no links: only a header"));
    }
    Ok(Links {
        list: list.settle(ids),
        latencies,
        losses,
    })
}

fn end(row: &Row, known: usize, ids: Ids) -> Result<u32, Refused> {
    match &row.fields[known] {
        Some(field) => id(field.text.trim_ascii(), ids, row.line, field.column),
        None => Err(Refused::at(row.line, 0, "an end is missing")),
    }
}

fn probability(text: &[u8]) -> Result<f64, &'static str> {
    let value = real(text).ok().filter(|value| *value <= 1.0);
    value.ok_or("a probability is from 0 to 1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_units() {
        let text = "from,to,loss,latency\n10,20,0.1,20ms\n20,10,0,1.5 ms\n";
        let links = links(text.as_bytes(), Ids::Renumber).unwrap();
        assert_eq!(links.list.edges().collect::<Vec<_>>(), [[0, 1], [1, 0]]);
        assert_eq!(links.latencies, [Duration::millis(20), Duration(1_500_000)]);
        assert_eq!(links.losses, [0.1, 0.0]);
        let bare = super::links(&b"to,from\n3,1\n"[..], Ids::Renumber).unwrap();
        assert_eq!(bare.list.edges().collect::<Vec<_>>(), [[0, 1]]);
        assert!(bare.latencies.is_empty() && bare.losses.is_empty());
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        for (text, why) in [
            ("from,latency\n", "line 1: the header lacks to"),
            ("from,to\n", "no links"),
            (
                "from,to,latency\n1,2,20\n",
                "line 2, column 5: a duration is",
            ),
            ("from,to,latency\n1,2,\n", "line 2, column 5: a duration is"),
            (
                "from,to,loss\n1,2,1.5\n",
                "line 2, column 5: a probability is from 0 to 1, not `1.5`",
            ),
            ("from,to\n5,5\n", "line 2: a link from node 5 to itself"),
            ("from,to\n5,9\n", "line 2, column 3: there are 9 nodes"),
        ] {
            let refused = links(text.as_bytes(), Ids::AsIs { nodes: 9 }).unwrap_err();
            assert!(refused.to_string().starts_with(why), "{refused}");
        }
    }
}
