//! What says in each table which cell a row belongs to.

use crate::scenario::Cell;
use crate::tables::RowKey;

/// The key of a cell's rows.
pub fn row_key(cell: &Cell) -> RowKey {
    let fanout = cell.protocol.calling().fanout;
    RowKey {
        cell: cell.number,
        case: cell.case.clone(),
        protocol: cell.protocol_name.clone(),
        nodes: cell.setup.nodes,
        fanout: fanout.map_or(String::new(), |fanout| fanout.to_string()),
        axes: cell.coordinates.clone(),
    }
}
