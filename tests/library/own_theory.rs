//! A protocol of another crate has the theory of the model that it says it is, and
//! none if it says nothing.

use gossim::invalid::Invalid;
use gossim::laws::{self, Subject};
use gossim::node::NodeId;
use gossim::protocol::{Calling, Context, Exchange, Fanout, Protocol, RUMOR, Size, Spreading};
use gossim::protocol::{Removal, World};
use gossim::registry::Entry;
use gossim::report::CellRuns;
use gossim::run;
use gossim::scenario::{Cell, Overrides, Scenario};
use serde::{Deserialize, Serialize};

/// Push to one peer a cycle, by a name that this crate does not know.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Herald {
    /// Does it say which model it is?
    declares: bool,
}

/// The rumor.
#[derive(Clone, Copy)]
struct News;

impl Protocol for Herald {
    type Params = Herald;
    type Node = bool;
    type Message = News;
    type Shared = ();

    fn new(herald: Herald, _: &World) -> Result<Herald, Invalid> {
        Ok(herald)
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        *me = true;
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        if *me {
            cx.call(Fanout::Peers(1), News);
        }
    }

    fn answer(&self, me: &bool, _: NodeId, _: &mut News, cx: &mut impl Context<Self>) {
        cx.received(RUMOR, !*me);
    }

    fn merge(&self, me: &mut bool, _: NodeId, _: News, cx: &mut impl Context<Self>) {
        if !*me {
            self.write(me, cx);
        }
    }

    fn size(&self, _: &News) -> Size {
        Size::updates(1)
    }

    fn calling(&self) -> Calling {
        let spreading = match self.declares {
            true => Spreading::Forever(Exchange::Push),
            false => Spreading::default(),
        };
        Calling {
            fanout: Some(Fanout::Peers(1)),
            removal: Removal::Never,
            spreading,
            ..Calling::default()
        }
    }
}

fn cell(declares: bool) -> Cell {
    let text = format!(
        "name = \"own\"\nnodes.count = 30\nclock.mode = \"synchronous\"\n\
         protocol = {{ kind = \"herald\", declares = {declares} }}\nstop.all_informed = true\n\
         measure = {{ contact = false, series = false }}\n"
    );
    let herald = [Entry::of::<Herald>("herald", "tells the news")];
    let scenario = Scenario::from_text(&text, "test.toml", &herald, &Overrides::default());
    scenario.and_then(|scenario| scenario.base()).unwrap()
}

#[test]
fn a_protocol_that_says_its_model_has_its_theory() {
    let cell = cell(true);
    assert_eq!(
        laws::find(Subject::Rounds, &cell).unwrap().name,
        "push-chain"
    );
    let mut runs = CellRuns::new(&cell.asked());
    (0..600).for_each(|replicate| runs.push(&run::run(&cell, 5, replicate)));
    assert!(runs.curve(&cell).is_some());
    let rows = runs.finish(&cell).unwrap().rows;
    // Of one set of runs: 4.5 standard errors each.
    for metric in ["rounds_to_majority", "rounds_to_all", "calls_by_informed"] {
        let row = rows.iter().find(|row| row.metric == metric).unwrap();
        assert_eq!(row.model, Some("push-chain"), "{metric}");
        let z = row.z.unwrap();
        assert!(z.abs() < 4.5, "{metric}: z = {z}");
    }
}

#[test]
fn a_protocol_that_says_nothing_has_none_and_reads_why() {
    let refusal = laws::find(Subject::Rounds, &cell(false)).err().unwrap();
    assert_eq!(refusal.why, "no exact law is known here for herald");
}
