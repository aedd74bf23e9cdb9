//! A table of nodes: `id,region,uplink,downlink,weight`, of which `id` must be there.

use super::ids::{Ids, id};
use super::table::{Table, name, real};
use super::{Refused, rate};
use std::io::Read;

/// What a row says of a node; `None` where the file has no such column.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeRow {
    /// The node's number.
    pub id: u32,
    /// Its region's place in [`NodeTable::regions`].
    pub region: Option<u32>,
    /// Bits per second that it can send, above 0.
    pub uplink: Option<u64>,
    /// Bits per second that it can receive, above 0.
    pub downlink: Option<u64>,
    /// How often it is chosen, relative to others: finite, from 0.
    pub weight: Option<f64>,
}

/// A table of nodes.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeTable {
    /// Rows by ascending id, each id once.
    pub rows: Vec<NodeRow>,
    /// Names of regions, in the order in which the file first has them.
    pub regions: Vec<String>,
}

const COLUMNS: [&str; 5] = ["id", "region", "uplink", "downlink", "weight"];
/// Regions at most: more would be nodes.
const REGIONS_MAX: usize = 4096;

/// Reads a table of nodes.
///
/// # Errors
/// Columns that are unknown or missing, values that cannot be, a node that is there twice.
pub fn nodes(source: impl Read, ids: Ids) -> Result<NodeTable, Refused> {
    let mut table = Table::new(source, &COLUMNS, 1)?;
    let mut found = NodeTable {
        rows: Vec::new(),
        regions: Vec::new(),
    };
    while let Some(row) = table.next()? {
        let column = row.fields[0].as_ref().map_or(0, |field| field.column);
        let text = row.fields[0]
            .as_ref()
            .map_or(&[][..], |field| field.text.trim_ascii());
        let region = row.value(1, name)?;
        let region = region.map(|name| place(&mut found.regions, name));
        if found.regions.len() > REGIONS_MAX {
            let why = format!("more than {REGIONS_MAX} regions");
            return Err(Refused::at(row.line, 0, why));
        }
        found.rows.push(NodeRow {
            id: id(text, ids, row.line, column)?,
            region,
            uplink: row.value(2, rate)?,
            downlink: row.value(3, rate)?,
            weight: row.value(4, real)?,
        });
    }
    found.rows.sort_by_key(|row| row.id);
    if let Some(pair) = found.rows.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(Refused::whole(format!(
            "the node {} is there twice",
            pair[0].id
        )));
    }
    match found.rows.is_empty() {
        true => Err(Refused::whole("no nodes: only a header")),
        false => Ok(found),
    }
}

/// The place of a name in a list that grows with new ones.
fn place(names: &mut Vec<String>, name: String) -> u32 {
    let found = names.iter().position(|known| *known == name);
    let place = found.unwrap_or(names.len());
    if found.is_none() {
        names.push(name);
    }
    place as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_their_header() {
        let text =
            "weight, region ,id,uplink\n2.5,eu,7,10Mbit/s\n0,us east,3,1kbit/s\n\n1,eu,5,2bit/s\n";
        let table = nodes(text.as_bytes(), Ids::Renumber).unwrap();
        assert_eq!(table.regions, ["eu", "us east"]);
        let row = |id, region, uplink, weight| NodeRow {
            id,
            region: Some(region),
            uplink: Some(uplink),
            downlink: None,
            weight: Some(weight),
        };
        let rows = [
            row(3, 1, 1000, 0.0),
            row(5, 0, 2, 1.0),
            row(7, 0, 10_000_000, 2.5),
        ];
        assert_eq!(table.rows, rows);
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        for (text, why) in [
            ("", "empty: its header may name id,region"),
            ("id\n", "no nodes: only a header"),
            ("region\n", "line 1: the header lacks id"),
            ("id,colour\n", "line 1, column 4: no column `colour`"),
            ("id,id\n", "line 1, column 4: the column id is there twice"),
            ("id,weight\n1\n", "line 2: 1 fields, and the header has 2"),
            (
                "id,weight\n1,-2\n",
                "line 2, column 3: a number from 0, not `-2`",
            ),
            (
                "id,uplink\n1,10\n",
                "line 2, column 3: a rate is a number above 0 with its unit",
            ),
            (
                "id,region\n1,=cmd()\n",
                "line 2, column 3: a name is 1 to 64 letters",
            ),
            ("id\nx\n", "line 2, column 1: a node is a whole number"),
            ("id\n4\n4\n", "the node 4 is there twice"),
            ("id\n9\n", "line 2, column 1: there are 9 nodes"),
        ] {
            let refused = nodes(text.as_bytes(), Ids::AsIs { nodes: 9 }).unwrap_err();
            assert!(refused.to_string().starts_with(why), "{refused}");
        }
    }
}
