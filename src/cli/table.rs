//! Tables for the terminal, no wider than it is.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::io::{IsTerminal, stdout};

/// The width where standard output is no terminal.
const WIDTH: usize = 80;

/// Nothing is told apart in less.
const WIDTH_MIN: usize = 40;

/// Columns of characters to write in: the terminal's, or 80.
pub fn width() -> usize {
    if !stdout().is_terminal() {
        return WIDTH;
    }
    let of_terminal = terminal_size::terminal_size();
    of_terminal.map_or(WIDTH, |(width, _)| usize::from(width.0).max(WIDTH_MIN))
}

/// A plain table; numbers are right-aligned.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    plain(header, rows).trim_fmt()
}

/// The same, at most so wide: texts that are too long are broken into lines.
pub fn table_within(width: usize, header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = plain(header, rows);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.trim_fmt()
}

fn plain(header: &[&str], rows: &[Vec<String>]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header.iter().copied());
    rows.iter().for_each(|row| {
        table.add_row(row);
    });
    for (place, column) in table.column_iter_mut().enumerate() {
        let is_number = |row: &Vec<String>| {
            let text = row.get(place).map_or("", String::as_str);
            text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        };
        if rows.iter().all(is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// How wide a column is: of its header's lines and its fields the longest.
pub fn column_width<'t>(header: &'t str, fields: impl Iterator<Item = &'t str>) -> usize {
    let lines = header.lines().chain(fields);
    lines.map(|line| line.chars().count()).max().unwrap_or(0)
}
