//! The CSV tables, written row by row.
//!
//! A number is written by `{}`, which never uses an exponent and always reads
//! back to the same bits; what is absent or not finite is an empty field.
//!
//! Axes: hand in all axes of the scenario in their order, and each row's value
//! on all of them. An axis on `protocol.kind`, `protocol.fanout` or
//! `nodes.count` has its fixed column already and gets no second one; neither
//! does `seed` in `runs.csv`.

use super::SummaryRow;
use super::fields::{self, AxisColumn, Field};
use crate::laws::Curve;
use crate::metrics::Run;
use crate::metrics::columns::{Asked, Column, Type, Value, columns};
use crate::time::{Duration, Time};
use std::fmt::Display;
use std::io::{self, Write};

/// What says which cell a row belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowKey {
    /// The cell's number.
    pub cell: u64,
    /// The label of its case; empty where there are no cases.
    pub case: String,
    /// `protocol.kind`.
    pub protocol: String,
    /// `nodes.count`.
    pub nodes: u32,
    /// `protocol.fanout`; empty where the protocol has none.
    pub fanout: String,
    /// The value on each axis of the scenario, in their order.
    pub axes: Vec<String>,
}

/// Lines of CSV, field by field.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    is_begun: bool,
}

impl Lines {
    fn header(fields: &[Field]) -> Lines {
        let mut lines = Lines::default();
        fields.iter().for_each(|field| lines.text(&field.name));
        lines.end();
        lines
    }

    fn separate(&mut self) {
        if self.is_begun {
            self.bytes.push(b',');
        }
        self.is_begun = true;
    }

    /// A number.
    fn put(&mut self, value: impl Display) {
        self.separate();
        // Writing to a Vec can't fail.
        let _ = write!(self.bytes, "{value}");
    }

    /// A text, in quotes where it must be.
    fn text(&mut self, text: &str) {
        self.separate();
        match text.contains([',', '"', '\r', '\n']) {
            false => self.bytes.extend(text.as_bytes()),
            true => {
                let quoted = format!("\"{}\"", text.replace('"', "\"\""));
                self.bytes.extend(quoted.as_bytes());
            }
        }
    }

    fn real(&mut self, number: Option<f64>) {
        match number.filter(|number| number.is_finite()) {
            // A column of reals has a decimal point in every field.
            Some(number) if number.fract() == 0.0 => self.put(format_args!("{number:.1}")),
            Some(number) => self.put(number),
            None => self.separate(),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Whole(number) => self.put(number),
            Value::Real(number) => self.real(Some(*number)),
            Value::Text(text) => self.text(text),
            Value::Missing => self.separate(),
        }
    }

    /// The values of those axes that have a column.
    fn axes(&mut self, has_column: &[bool], values: &[String]) -> io::Result<()> {
        if values.len() != has_column.len() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} values for {} axes", values.len(), has_column.len()),
            ));
        }
        let shown = values.iter().zip(has_column).filter(|(_, has)| **has);
        shown.for_each(|(value, _)| self.text(value));
        Ok(())
    }

    /// What says which cell it is, where replicate and seed do not come between.
    fn cell(&mut self, key: &RowKey, has_column: &[bool]) -> io::Result<()> {
        self.put(key.cell);
        self.text(&key.case);
        self.text(&key.protocol);
        self.put(key.nodes);
        self.text(&key.fanout);
        self.axes(has_column, &key.axes)
    }

    fn end(&mut self) {
        self.bytes.push(b'\n');
        self.is_begun = false;
    }

    /// Moves the lines to a writer.
    fn write_to(&mut self, writer: &mut impl Write) -> io::Result<()> {
        let written = writer.write_all(&self.bytes);
        self.bytes.clear();
        written
    }
}

fn untyped(axes: &[String]) -> Vec<AxisColumn> {
    let untyped = axes.iter().map(|key| AxisColumn {
        key: key.clone(),
        r#type: Type::Text,
        unit: "",
    });
    untyped.collect()
}

/// The rows of `runs.csv` as text.
pub struct RunsText {
    has_column: Vec<bool>,
    columns: Vec<Column>,
    seed: u64,
}

impl RunsText {
    /// `axes`: all axis keys of the scenario; `seed` is the master seed.
    pub fn new(axes: &[String], asked: &Asked, seed: u64) -> RunsText {
        let has_column = axes.iter().map(|key| fields::has_column_in_runs(key));
        RunsText {
            has_column: has_column.collect(),
            columns: columns(asked),
            seed,
        }
    }

    /// Appends the row of one run.
    ///
    /// # Errors
    /// The key has not one value for each axis.
    pub fn row(
        &self,
        text: &mut Vec<u8>,
        key: &RowKey,
        replicate: u64,
        run: &Run,
    ) -> io::Result<()> {
        let mut lines = Lines {
            bytes: std::mem::take(text),
            is_begun: false,
        };
        lines.put(key.cell);
        lines.text(&key.case);
        lines.put(replicate);
        lines.put(self.seed);
        lines.text(&key.protocol);
        lines.put(key.nodes);
        lines.text(&key.fanout);
        lines.axes(&self.has_column, &key.axes)?;
        for column in &self.columns {
            lines.value(&(column.value)(run));
        }
        lines.end();
        *text = lines.bytes;
        Ok(())
    }
}

/// Appends the rows of `series.csv` of one run.
pub fn series_text(text: &mut Vec<u8>, cell: u64, replicate: u64, run: &Run) {
    let mut lines = Lines {
        bytes: std::mem::take(text),
        is_begun: false,
    };
    for point in &run.series {
        let elapsed = point.time.since(Time::ZERO);
        lines.put(cell);
        lines.put(replicate);
        lines.real(Some(elapsed.as_seconds()));
        lines.real(Some(elapsed.in_rounds(run.period)));
        lines.put(point.informed);
        lines.real(Some(f64::from(point.informed) / f64::from(run.nodes)));
        lines.put(point.sent);
        lines.end();
    }
    *text = lines.bytes;
}

/// `runs.csv`: a row per run.
pub struct RunsTable<W: Write> {
    writer: W,
}

impl<W: Write> RunsTable<W> {
    /// Writes the header. `axes`: all axis keys of the scenario.
    pub fn new(mut writer: W, axes: &[String], asked: &Asked) -> io::Result<RunsTable<W>> {
        let fields = fields::runs(&untyped(axes), Type::Text, asked);
        Lines::header(&fields).write_to(&mut writer)?;
        Ok(RunsTable { writer })
    }

    /// Writes rows that [`RunsText`] made.
    pub fn add(&mut self, rows: &[u8]) -> io::Result<()> {
        self.writer.write_all(rows)
    }

    /// Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// `series.csv`: a row per point of a run's series.
pub struct SeriesTable<W: Write> {
    writer: W,
}

impl<W: Write> SeriesTable<W> {
    /// Writes the header.
    pub fn new(mut writer: W) -> io::Result<SeriesTable<W>> {
        Lines::header(&fields::series()).write_to(&mut writer)?;
        Ok(SeriesTable { writer })
    }

    /// Writes rows that [`series_text`] made.
    pub fn add(&mut self, rows: &[u8]) -> io::Result<()> {
        self.writer.write_all(rows)
    }

    /// Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// `summary.csv`: a row per cell and metric.
pub struct SummaryTable<W: Write> {
    writer: W,
    lines: Lines,
    has_column: Vec<bool>,
}

impl<W: Write> SummaryTable<W> {
    /// Writes the header. `axes`: all axis keys of the scenario.
    pub fn new(mut writer: W, axes: &[String]) -> io::Result<SummaryTable<W>> {
        let fields = fields::summary(&untyped(axes), Type::Text);
        let has_column = axes.iter().map(|key| fields::has_column_in_summary(key));
        let mut lines = Lines::header(&fields);
        lines.write_to(&mut writer)?;
        Ok(SummaryTable {
            writer,
            lines,
            has_column: has_column.collect(),
        })
    }

    /// Writes one row.
    pub fn row(&mut self, key: &RowKey, row: &SummaryRow) -> io::Result<()> {
        let lines = &mut self.lines;
        lines.cell(key, &self.has_column)?;
        lines.text(&row.metric);
        lines.put(row.count);
        lines.put(row.missing);
        let (low, high) = row.ci95.unzip();
        let measured = [row.mean, row.sd, row.se, low, high];
        let ordered = [row.min, row.p50, row.p99, row.max];
        let theory = [row.theory, row.theory_sd, row.theory_limit];
        for number in measured.into_iter().chain(ordered).chain(theory) {
            lines.real(number);
        }
        lines.text(row.model.unwrap_or_default());
        lines.real(row.z);
        lines.end();
        lines.write_to(&mut self.writer)
    }

    /// Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// `theory.csv`: a row per cell and point in time.
pub struct TheoryTable<W: Write> {
    writer: W,
    lines: Lines,
    has_column: Vec<bool>,
}

impl<W: Write> TheoryTable<W> {
    /// Writes the header. `axes`: all axis keys of the scenario.
    pub fn new(mut writer: W, axes: &[String]) -> io::Result<TheoryTable<W>> {
        let fields = fields::theory(&untyped(axes), Type::Text);
        let has_column = axes.iter().map(|key| fields::has_column_in_summary(key));
        let mut lines = Lines::header(&fields);
        lines.write_to(&mut writer)?;
        Ok(TheoryTable {
            writer,
            lines,
            has_column: has_column.collect(),
        })
    }

    /// Writes a cell's curve.
    pub fn rows(&mut self, key: &RowKey, period: Duration, curve: &Curve) -> io::Result<()> {
        for point in &curve.points {
            let lines = &mut self.lines;
            lines.cell(key, &self.has_column)?;
            lines.text(curve.model);
            lines.real(Some(point.round * period.as_seconds()));
            lines.real(Some(point.round));
            lines.real(Some(point.informed));
            lines.real(Some(point.informed / f64::from(key.nodes)));
            lines.real(point.law.map(|law| law.sd));
            for place in 0..3 {
                lines.real(point.law.map(|law| law.quantiles[place] as f64));
            }
            for place in 0..3 {
                lines.real(point.law.map(|law| law.within[place]));
            }
            lines.end();
        }
        self.lines.write_to(&mut self.writer)
    }

    /// Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// `failed.csv`: a row per run that panicked, which has none elsewhere.
pub struct FailedTable<W: Write> {
    writer: W,
    lines: Lines,
}

impl<W: Write> FailedTable<W> {
    /// Writes the header.
    pub fn new(mut writer: W) -> io::Result<FailedTable<W>> {
        let mut lines = Lines::header(&fields::failed());
        lines.write_to(&mut writer)?;
        Ok(FailedTable { writer, lines })
    }

    /// Writes one row; `program` is the name of the one that runs.
    pub fn row(
        &mut self,
        cell: u64,
        replicate: u64,
        message: &str,
        program: &str,
    ) -> io::Result<()> {
        self.lines.put(cell);
        self.lines.put(replicate);
        self.lines.text(message);
        let command = again(program, "scenario.toml", cell, replicate);
        self.lines.text(&command);
        self.lines.end();
        self.lines.write_to(&mut self.writer)
    }

    /// Flushes, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// The command that repeats one run of a sweep.
pub fn again(program: &str, scenario: &str, cell: u64, replicate: u64) -> String {
    format!("{program} run {scenario} --cell {cell} --replicate {replicate}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Better, OwnColumn};
    use crate::laws::CurveRow;
    use crate::metrics::{Arrivals, Contacts, Hops, Point, RunDigest, Totals};
    use crate::node::NodeId;
    use crate::stop::StoppedBy;
    use crate::theory::CurvePoint;

    /// Three nodes; node 1 learns the rumor after a round and a half.
    fn run() -> Run {
        let mut arrivals = Arrivals::new(3, Time::ZERO, &[50, 100]);
        arrivals.learned(NodeId(0), Time::ZERO, 0, true);
        arrivals.learned(NodeId(1), Time(1_500_000_000), 4, false);
        let mut contacts = Contacts::new(3, 0);
        contacts.contacted(NodeId(1));
        contacts.close_window();
        let point = |time, informed, sent| Point {
            time: Time(time),
            informed,
            sent,
        };
        Run {
            nodes: 3,
            period: Duration::seconds(1),
            arrivals: arrivals.finish(),
            totals: Totals {
                events: 9,
                sent: 5,
                delivered: 3,
                lost: 1,
                redundant: 2,
                updates: 4,
                updates_ended: 3,
                removed: 0,
                calls_by_informed: 4,
                bytes: 1480,
            },
            own: vec![("hunts".into(), 6)],
            in_flight: 1,
            on_the_way: None,
            contacts: Some(contacts),
            series: vec![point(0, 1, 0), point(250_000_000, 2, 5)],
            hops: Some(Hops {
                nodes: 1,
                sum: 1,
                last: 1,
            }),
            ended: Duration::seconds(2),
            stopped_by: StoppedBy::Time,
            digest: RunDigest(0xabc),
        }
    }

    fn key(axes: &[&str]) -> RowKey {
        RowKey {
            cell: 7,
            case: "a, \"b\"".to_string(),
            protocol: "push".to_string(),
            nodes: 3,
            fanout: "all".to_string(),
            axes: axes.iter().map(|value| value.to_string()).collect(),
        }
    }

    fn keys(axes: &[&str]) -> Vec<String> {
        axes.iter().map(|key| key.to_string()).collect()
    }

    fn shown(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn runs_byte_for_byte() {
        let axes = keys(&["nodes.count", "network.loss", "seed", "network.latency"]);
        let own = |name| OwnColumn {
            name,
            unit: "calls",
            about: "calls",
            better: Better::Lower,
        };
        let asked = Asked {
            on_the_way: false,
            thresholds: vec![50, 100],
            hops: true,
            own: vec![own("of_another_protocol"), own("hunts")],
        };
        let mut table = RunsTable::new(Vec::new(), &axes, &asked).unwrap();
        let key = key(&["3", "0.1", "42", "lognormal"]);
        let mut row = Vec::new();
        let text = RunsText::new(&axes, &asked, 42);
        text.row(&mut row, &key, 2, &run()).unwrap();
        table.add(&row).unwrap();
        let expected = "\
            7,\"a, \"\"b\"\"\",2,42,push,3,all,0.1,lognormal,\
            2,0.6666666666666666,0.3333333333333333,1.5,1.5,,\
            1.5,1.5,,1.5,1.5,\
            5,3,1,2,1.6666666666666667,\
            4,1.3333333333333333,4,1480,0.3333333333333333,1,2.0,\
            4,,1.0,1,,6,\
            time,9,h0000000000000abc\n";
        let written = shown(table.finish().unwrap());
        let (header, row) = written.split_once('\n').unwrap();
        assert!(header.contains(",fanout,network.loss,network.latency,informed,"));
        assert_eq!(row, expected);
    }

    /// The only place where the measured columns are written down a second time.
    #[test]
    fn the_header_is_the_contracts() {
        let asked = Asked::thresholds(&[50, 99, 100]);
        let with_hops = Asked {
            hops: true,
            ..asked.clone()
        };
        let header = |asked| RunsTable::new(Vec::new(), &[], asked).unwrap().finish();
        let contract = "cell, case, replicate, seed, protocol, nodes, fanout, informed, coverage, \
            residue, rounds_to_majority, rounds_to_50, rounds_to_99, rounds_to_all, \
            time_to_majority_s, time_to_50_s, time_to_99_s, time_to_all_s, mean_arrival_rounds, \
            last_arrival_rounds, messages_sent, messages_delivered, messages_lost, \
            messages_redundant, messages_per_node, updates_sent, updates_per_node, calls_by_informed, bytes_sent, \
            contact_probability, contact_windows, ended_rounds, messages_to_50, messages_to_99, messages_to_all, hops_mean, hops_last, stopped_by, events, run_digest\n"
            .replace(", ", ",");
        assert_eq!(shown(header(&with_hops).unwrap()), contract);
        let without = contract.replace(",hops_mean,hops_last", "");
        assert_eq!(shown(header(&asked).unwrap()), without);
    }

    #[test]
    fn series_byte_for_byte() {
        let mut table = SeriesTable::new(Vec::new()).unwrap();
        let mut rows = Vec::new();
        series_text(&mut rows, 0, 11, &run());
        table.add(&rows).unwrap();
        let expected = "cell,replicate,time_s,round,informed,informed_fraction,messages_sent\n\
            0,11,0.0,0.0,1,0.3333333333333333,0\n\
            0,11,0.25,0.25,2,0.6666666666666666,5\n";
        assert_eq!(shown(table.finish().unwrap()), expected);
    }

    #[test]
    fn summary_byte_for_byte_with_tiny_huge_and_absent_numbers() {
        let axes = keys(&["protocol.fanout", "network.loss"]);
        let mut table = SummaryTable::new(Vec::new(), &axes).unwrap();
        let row = SummaryRow {
            metric: "coverage".to_string(),
            count: 40,
            missing: 0,
            mean: Some(1e-7),
            sd: Some(1e21),
            se: Some(f64::NAN),
            ci95: Some((f64::NEG_INFINITY, f64::NAN)),
            min: Some(-0.5),
            p50: Some(1.0),
            p99: None,
            max: Some(0.1 + 0.2),
            theory: None,
            theory_sd: None,
            theory_limit: Some(2.0),
            model: Some("contact"),
            z: Some(f64::INFINITY),
        };
        let key = key(&["all", "0.1"]);
        table.row(&key, &row).unwrap();
        let none = SummaryRow {
            model: None,
            z: Some(-1.25),
            ..row
        };
        table.row(&key, &none).unwrap();
        let numbers = "0.0000001,1000000000000000000000.0,,,,-0.5,1.0,,0.30000000000000004,,,2.0";
        let expected = format!(
            "cell,case,protocol,nodes,fanout,network.loss,metric,count,missing,mean,sd,se,\
             ci95_low,ci95_high,min,p50,p99,max,theory,theory_sd,theory_limit,model,z\n\
             7,\"a, \"\"b\"\"\",push,3,all,0.1,coverage,40,0,{numbers},contact,\n\
             7,\"a, \"\"b\"\"\",push,3,all,0.1,coverage,40,0,{numbers},,-1.25\n"
        );
        assert_eq!(shown(table.finish().unwrap()), expected);
    }

    #[test]
    fn theory_byte_for_byte_exact_and_approximate() {
        let mut table = TheoryTable::new(Vec::new(), &keys(&["network.loss"])).unwrap();
        let law = CurvePoint {
            round: 1.5,
            mean: 2.25,
            sd: 0.5,
            quantiles: [1, 2, 3],
            within: [0.75, 0.5, 0.25],
        };
        for (model, law) in [("push-poisson", Some(law)), ("mean-field", None)] {
            let row = CurveRow {
                round: 1.5,
                informed: 2.25,
                law,
            };
            let points = vec![row];
            let curve = Curve { model, points };
            let key = key(&["0.1"]);
            table.rows(&key, Duration::seconds(2), &curve).unwrap();
        }
        let expected = "cell,case,protocol,nodes,fanout,network.loss,model,time_s,round,\
            informed,informed_fraction,sd,informed_p10,informed_p50,informed_p90,\
            within_50,within_99,within_all\n\
            7,\"a, \"\"b\"\"\",push,3,all,0.1,push-poisson,3.0,1.5,2.25,0.75,0.5,1.0,2.0,3.0,0.75,0.5,0.25\n\
            7,\"a, \"\"b\"\"\",push,3,all,0.1,mean-field,3.0,1.5,2.25,0.75,,,,,,,\n";
        assert_eq!(shown(table.finish().unwrap()), expected);
    }

    #[test]
    fn a_row_with_too_few_axis_values_is_refused() {
        let axes = keys(&["network.loss"]);
        let text = RunsText::new(&axes, &Asked::default(), 1);
        let error = text.row(&mut Vec::new(), &key(&[]), 0, &run()).unwrap_err();
        assert!(error.to_string().contains("0 values for 1 axes"));
    }

    /// Takes some bytes, then none: a disk that fills up.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            match taken {
                0 => Err(io::Error::from(io::ErrorKind::StorageFull)),
                _ => Ok(taken),
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_writer_that_fails_is_an_error_at_the_latest_at_the_end() {
        for room in [0, 1, 100, 9000, 20000] {
            let filled = |mut table: SeriesTable<Full>| {
                let mut rows = Vec::new();
                series_text(&mut rows, 0, 11, &run());
                (0..1000).try_for_each(|_| table.add(&rows))?;
                table.finish().map(drop)
            };
            let end = SeriesTable::new(Full(room)).and_then(filled);
            assert_eq!(
                end.map_err(|error| error.kind()),
                Err(io::ErrorKind::StorageFull)
            );
        }
    }
}
