//! How far a sweep is: a bar on a terminal, a plain line now and then elsewhere.
//! How far one long run is: a bar, on a terminal only.

use super::console::{Console, short};
use crate::time::Time;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seconds between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Counts finished runs.
pub struct Progress<'c> {
    console: &'c Console,
    runs: u64,
    done: AtomicU64,
    bar: Option<ProgressBar>,
    started: Instant,
    last_line: Mutex<Instant>,
}

impl Progress<'_> {
    pub fn new(console: &Console, runs: u64) -> Progress<'_> {
        let on_terminal = stderr().is_terminal() && !console.is_quiet();
        Progress {
            console,
            runs,
            done: AtomicU64::new(0),
            bar: on_terminal.then(|| bar(runs)),
            started: Instant::now(),
            last_line: Mutex::new(Instant::now()),
        }
    }

    /// One more run is done.
    pub fn finished(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        } else if let Ok(mut last) = self.last_line.try_lock()
            && last.elapsed() >= LINE_EVERY
        {
            *last = Instant::now();
            let seconds = self.started.elapsed().as_secs_f64();
            let left = seconds / done as f64 * (self.runs - done) as f64;
            self.console.note(format!(
                "{done} of {} runs, {:.0} runs/s, about {left:.0} s left",
                self.runs,
                done as f64 / seconds
            ));
        }
    }

    /// Takes the bar away; gives the seconds since the start.
    pub fn end(&self) -> f64 {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.started.elapsed().as_secs_f64()
    }
}

fn bar(runs: u64) -> ProgressBar {
    let bar = ProgressBar::new(runs);
    let template = "{bar:30} {human_pos} of {human_len} runs  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A run that takes no longer shows no bar.
const BAR_AFTER: Duration = Duration::from_secs(1);
const BAR_EVERY: Duration = Duration::from_millis(100);

/// Shows the informed nodes of one run, and its simulated time.
pub struct RunProgress {
    nodes: u32,
    on_terminal: bool,
    next: Instant,
    bar: Option<ProgressBar>,
}

impl RunProgress {
    pub fn new(console: &Console, nodes: u32) -> RunProgress {
        RunProgress {
            nodes,
            on_terminal: stderr().is_terminal() && !console.is_quiet(),
            next: Instant::now() + BAR_AFTER,
            bar: None,
        }
    }

    /// So far has it come.
    pub fn show(&mut self, now: Time, informed: u32) {
        if !self.on_terminal || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + BAR_EVERY;
        let nodes = self.nodes;
        let bar = self.bar.get_or_insert_with(|| run_bar(nodes));
        let simulated = short(now.since(Time::ZERO).as_seconds());
        bar.set_message(format!("{simulated} s simulated"));
        bar.set_position(u64::from(informed));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn run_bar(nodes: u32) -> ProgressBar {
    let bar = ProgressBar::new(u64::from(nodes));
    let template = "{bar:30} {percent} % of {human_len} nodes informed  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
