#!/usr/bin/env python3
"""A second implementation, in numpy, that gossim must agree with in distribution.

  scripts/independent.py [GOSSIM]                 compare with that program (default: gossim)
  scripts/independent.py [GOSSIM] --plant NAME    the same with a planted error: must fail
  scripts/independent.py --reference              print values at n = 1000, 40,000 runs each

Written from the papers and gossim's documents, not from its source. The world is
always the same: n nodes that can all call each other, node 0 informed at time 0,
synchronous rounds 1, 2, ... in which all decisions rest on the state at the round's
start; once, a Poisson clock. All arrays are runs x nodes: each line of a protocol acts
on many runs at once.

Exit code 0: they agree; 1: they differ; 2: numpy or gossim is missing or unfit.
"""

import argparse
import csv
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
except ImportError:
    print("independent.py needs numpy: install it (Debian: python3-numpy)", file=sys.stderr)
    sys.exit(2)

PLANTED = {
    "cumulative": "a needed contact does not reset the counter",
    "late": "every arrival counts one round too many",
    "replies": "a reply is never lost",
    "self": "a node may draw itself",
    "queue": "of several callers the lowest number is let in first",
}
# A comparison fails beyond 4.5 standard errors, or at a probability as small as that.
Z_MAX = 4.5
P_MIN = math.erfc(Z_MAX / math.sqrt(2))


class World:
    """Some runs under way: who is informed, and what is counted on the way."""

    def __init__(self, rng, runs, nodes, planted):
        self.rng, self.nodes, self.planted = rng, nodes, planted
        self.informed = np.zeros((runs, nodes), bool)
        self.informed[:, 0] = True
        self.round = 0
        self.arrival_sum, self.last, self.messages, self.updates = np.zeros((4, runs))

    def targets(self, caller, fanout):
        """Distinct others of each caller, uniformly: drawn anew until they are distinct."""
        pool = self.nodes - (self.planted != "self")
        drawn = self.rng.integers(pool, size=(len(caller), fanout))
        again = np.arange(len(caller))
        while len(again):
            row = np.sort(drawn[again], axis=1)
            again = again[(row[:, 1:] == row[:, :-1]).any(axis=1)]
            drawn[again] = self.rng.integers(pool, size=(len(again), fanout))
        return drawn if self.planted == "self" else drawn + (drawn >= caller[:, None])

    def calls(self, callers, fanout=1):
        """The run, the caller and the callee of every call that these nodes make."""
        run, caller = np.nonzero(callers)
        callee = self.targets(caller, fanout)
        return np.repeat(run, fanout), np.repeat(caller, fanout), callee.ravel()

    def kept(self, count, loss):
        """Which of so many messages the network does not lose."""
        return self.rng.random(count) >= loss

    def send(self, run, updates=True):
        """Counts one message for each entry of `run`; `updates`: which carry the rumor."""
        self.messages += np.bincount(run, minlength=len(self.messages))
        self.updates += np.bincount(run, np.broadcast_to(updates, run.shape), len(self.updates))

    def end_round(self, run, node):
        """Informs these nodes, and returns which of all nodes are new."""
        self.round += 1
        arrival = self.round + (self.planted == "late")
        new = np.zeros_like(self.informed)
        new[run, node] = True
        new &= ~self.informed
        self.informed |= new
        count = new.sum(axis=1)
        self.arrival_sum += count * arrival
        self.last[count > 0] = arrival
        return new

    def unfinished(self):
        """The nodes of the runs in which somebody is not informed yet."""
        return np.broadcast_to(~self.informed.all(axis=1, keepdims=True), self.informed.shape)

    def metrics(self):
        informed = self.informed.sum(axis=1)
        return {
            "residue": 1 - informed / self.nodes,
            "updates_per_node": self.updates / self.nodes,
            "last_arrival_rounds": self.last,
            "mean_arrival_rounds": self.arrival_sum / np.maximum(informed - 1, 1),
            "messages_per_node": self.messages / self.nodes,
        }


def push(world, fanout, loss):
    """Informed nodes call `fanout` distinct others, until all are informed. The call
    brings the rumor, unless it is lost; there is no reply."""
    while (unfinished := world.unfinished()).any():
        run, _, callee = world.calls(world.informed & unfinished, fanout)
        world.send(run)
        kept = world.kept(len(run), loss)
        world.end_round(run[kept], callee[kept])


def pull(world, fanout, loss):
    """Uninformed nodes ask `fanout` distinct others, until all are informed. A callee
    that was informed at the round's start replies to each question that arrives. Question
    and reply are lost independently."""
    while world.unfinished().any():
        run, caller, callee = world.calls(~world.informed, fanout)
        world.send(run, updates=False)
        answered = world.kept(len(run), loss) & world.informed[run, callee]
        run, caller = run[answered], caller[answered]
        world.send(run)
        kept = world.kept(len(run), 0 if world.planted == "replies" else loss)
        world.end_round(run[kept], caller[kept])


def push_pull(world, fanout, loss):
    """All nodes call `fanout` distinct others, until all are informed. A call carries what
    the caller held at the round's start. Each call that arrives has a reply, with what the
    callee held at the round's start. Call and reply are lost independently."""
    while (unfinished := world.unfinished()).any():
        run, caller, callee = world.calls(unfinished, fanout)
        tells, told = world.informed[run, caller], world.informed[run, callee]
        arrived = world.kept(len(run), loss)
        world.send(run, updates=tells)
        world.send(run[arrived], updates=told[arrived])
        replied = arrived & world.kept(len(run), 0 if world.planted == "replies" else loss)
        pushed, pulled = tells & arrived, told & replied
        world.end_round(
            np.concatenate([run[pushed], run[pulled]]),
            np.concatenate([callee[pushed], caller[pulled]]),
        )


def admitted(world, run, caller, callee, limit, hunts):
    """Each node lets in `limit` callers of a round. All knock at their callees together; who
    comes first is chance. Those turned away knock together at other random nodes, up to
    `hunts` times. Returns where each caller knocked last, and whether it was let in."""
    callee, waiting = callee.copy(), np.arange(len(run))
    room = np.full(world.informed.size, limit)
    for hunt in range(hunts + 1):
        if hunt > 0:
            callee[waiting] = world.targets(caller[waiting], 1).ravel()
        if world.planted != "queue":
            waiting = world.rng.permutation(waiting)
        door = run[waiting] * world.nodes + callee[waiting]
        order = np.argsort(door, kind="stable")
        waiting, door = waiting[order], door[order]
        enters = np.arange(len(door)) - np.searchsorted(door, door) < room[door]
        room -= np.bincount(door[enters], minlength=len(room))
        waiting = waiting[~enters]
    return callee, ~np.isin(np.arange(len(run)), waiting)


def monger(world, exchange, stopping, k, limit=None, hunts=0, rounds=None):
    """Demers et al. 1987, section 1.4, until nobody spreads the rumor, or for some rounds.
    By push the nodes that spread it call one other in each round; by pull and push-pull all
    nodes do. A call brings the rumor if its caller spreads it (not by pull). A callee that
    spreads it answers each call that did not bring it (not by push). Each update sent is
    traffic. It is needed if its receiver was not informed at the round's start, so two
    updates for one node may both be needed. By push-pull, a call between two nodes that
    spread the rumor is in vain for both. At the round's end, `stopping`:
      feedback-counter      up by 1 if the node had contacts and all in vain, to 0 if it had
                            one that was needed; stop at k (Tables 1 and 3)
      feedback-cumulative   the same without going to 0
      feedback-coin         if it had contacts and all in vain, stop with probability 1/k
      blind-counter         stop after k rounds
      blind-coin            stop with probability 1/k (Table 2)
      heard                 stop at k updates received, the write included
    Push with feedback has one message more per call. How the nodes of other exchanges learn
    what was needed, and what knocking costs, is open: their messages are not compared."""
    spreading = world.informed.copy()
    counter = world.informed.astype(np.int64) * (stopping == "heard")
    while (alive := spreading.any(axis=1, keepdims=True)).any() and world.round != rounds:
        everyone = np.broadcast_to(alive, spreading.shape)
        run, caller, callee = world.calls(spreading if exchange == "push" else everyone)
        if limit:
            callee, enters = admitted(world, run, caller, callee, limit, hunts)
            run, caller, callee = run[enters], caller[enters], callee[enters]
        tells = spreading[run, caller] & (exchange != "pull")
        answers = spreading[run, callee] & ~tells & (exchange != "push")
        both = tells & spreading[run, callee] & (exchange == "push-pull")
        contact, needed = np.zeros((2, *spreading.shape), bool)
        contact[run[both], callee[both]] = True
        run = np.concatenate([run[tells], run[answers]])
        giver = np.concatenate([caller[tells], callee[answers]])
        taker = np.concatenate([callee[tells], caller[answers]])
        world.send(run)
        if stopping.startswith("feedback"):
            world.send(run, updates=False)  # what the receivers say
        needs = ~world.informed[run, taker]
        contact[run, giver] = True
        needed[run[needs], giver[needs]] = True
        counted = spreading if stopping.startswith("blind") else contact & ~needed
        if stopping.endswith("coin"):
            stops = counted & (world.rng.random(counted.shape) < 1 / k)
        elif stopping == "heard":
            np.add.at(counter, (run, taker), 1)
            stops = counter >= k
        else:
            counter += counted
            if stopping == "feedback-counter" and world.planted != "cumulative":
                counter[needed] = 0
            stops = counter >= k
        spreading = (spreading | world.end_round(run, taker)) & ~stops
    if exchange != "push" or limit:
        world.messages[:] = math.nan


def monger_poisson(world, k):
    """Push with a feedback-counter, where each node calls at the times of a Poisson process
    of rate 1 and all arrives at once. All nodes tick, in any order; a tick of a node that
    does not spread the rumor means nothing."""
    spreading, now = world.informed.copy(), np.zeros(len(world.informed))
    counter = np.zeros(spreading.shape, np.int64)
    while len(run := np.nonzero(spreading.any(axis=1))[0]):
        for _ in range(world.nodes):
            now[run] += world.rng.exponential(1 / world.nodes, len(run))
            caller = world.rng.integers(world.nodes, size=len(run))
            acts = spreading[run, caller]
            at, caller = run[acts], caller[acts]
            callee = world.targets(caller, 1).ravel()
            world.send(at)
            world.send(at, updates=False)
            needed = ~world.informed[at, callee]
            keeps = counter[at, caller] if world.planted == "cumulative" else 0
            counter[at, caller] = np.where(needed, keeps, counter[at, caller] + 1)
            spreading[at, caller] = counter[at, caller] < k
            at, callee = at[needed], callee[needed]
            world.informed[at, callee] = spreading[at, callee] = True
            world.last[at] = now[at]
            world.arrival_sum[at] += now[at]


def settings():
    """Name, nodes, runs, this program's protocol and its arguments, gossim's words for it."""
    for nodes, runs in [(10, 4000), (100, 2000), (1000, 800)]:
        for name, protocol in [("push", push), ("pull", pull), ("push-pull", push_pull)]:
            for fanout, loss in [(1, 0.0), (3, 0.2)]:
                yield (f"{name} m={fanout} loss={loss}", nodes, runs, protocol, (fanout, loss),
                       f'[protocol]\nkind = "{name}"\nfanout = {fanout}\n'
                       f"[network]\nloss = {loss}\n[stop]\nall_informed = true\n")
    for nodes, runs in [(100, 2000), (1000, 800)]:
        for exchange, stopping, ks in [
            ("push", "feedback-counter", [1, 2, 4]), ("push", "feedback-cumulative", [3]),
            ("push", "feedback-coin", [2]), ("push", "blind-coin", [2]),
            ("push", "blind-counter", [2]), ("pull", "feedback-counter", [1, 2])]:
            for k in ks:
                yield mongering(nodes, runs, exchange, stopping, k)
    for exchange, stopping in [
        ("push-pull", "feedback-counter"), ("push-pull", "blind-coin"),
        ("pull", "blind-counter"), ("pull", "feedback-coin")]:
        yield mongering(200, 2000, exchange, stopping, 2)
    for exchange, stopping in [
        ("push", "feedback-cumulative"), ("pull", "feedback-counter"), ("push-pull", "blind-coin")]:
        for hunts in [0, 2]:
            yield mongering(100, 2000, exchange, stopping, 2, limit=1, hunts=hunts)
    yield mongering(100, 2000, "push", "heard", 3, rounds=15)
    name, *_, words = mongering(200, 2000, "push", "feedback-counter", 2)
    yield (f"{name} poisson", 200, 2000, monger_poisson, (2,),
           f'{words}[clock]\nmode = "poisson"\n[network]\n'
           f'latency = {{ kind = "constant", value = "0s" }}\n')


def mongering(nodes, runs, exchange, stopping, k, limit=None, hunts=0, rounds=None):
    """The setting of a rumor that is mongered."""
    door = f"connection_limit = {limit}\nhunt_limit = {hunts}\n" if limit else ""
    stop = f"rounds = {rounds}" if rounds else "quiescent = true"
    name = f"{exchange} {stopping} k={k}" + (f" limit={limit} hunts={hunts}" if limit else "")
    return (name, nodes, runs, monger, (exchange, stopping, k, limit, hunts, rounds),
            f'[protocol]\nkind = "rumor-mongering"\nexchange = "{exchange}"\n'
            f'stopping = "{stopping}"\nk = {k}\n{door}[stop]\n{stop}\n')


def simulate(seed, nodes, runs, protocol, arguments, planted=None):
    """Each metric's value in each run; a million nodes at a time, to bound the memory."""
    rng = np.random.default_rng(seed)
    batch = min(runs, max(1, 1_000_000 // nodes))
    parts = []
    for start in range(0, runs, batch):
        world = World(rng, min(batch, runs - start), nodes, planted)
        protocol(world, *arguments)
        parts.append(world.metrics())
    return {metric: np.concatenate([part[metric] for part in parts]) for metric in parts[0]}


def ask_gossim(gossim, folder, seed, nodes, runs, words, metrics):
    """The same from gossim: its scenario is written, swept, and runs.csv read. The last
    arrival, empty where nobody but the source was informed, is 0 here as it is above."""
    if "[clock]" not in words:
        words += '[clock]\nmode = "synchronous"\n'
    scenario, out = folder / f"independent-{seed}.toml", folder / f"out-{seed}"
    scenario.write_text(
        f'name = "independent-{seed}"\nseed = {seed}\n[nodes]\ncount = {nodes}\n{words}'
        f'[measure]\ncontact = false\nseries = false\n'
        f"[sweep]\nreplicates = {runs}\n")
    done = subprocess.run([gossim, "--quiet", "sweep", scenario, "--out", out],
                          capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{gossim} failed on\n\n{scenario.read_text()}\n{done.stderr}", file=sys.stderr)
        sys.exit(2)
    with open(out / "runs.csv", newline="") as table:
        rows = list(csv.DictReader(table))
    return {metric: np.array([float(row[metric] or 0) for row in rows]) for metric in metrics}


def z_of_means(one, other):
    difference = one.mean() - other.mean()
    error = math.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return difference / error if error else difference * math.inf


def p_of_distributions(one, other):
    """Two-sample chi-square of as many runs each, over at most 20 bins of values next to
    each other with at least 10 expected; its tail by Wilson and Hilferty (1931)."""
    values, index = np.unique(np.round(np.concatenate([one, other]), 9), return_inverse=True)
    a, b = (np.bincount(part, minlength=len(values)) for part in np.split(index, 2))
    least, bins = max(20, len(index) // 20), [np.zeros(2)]
    for pair in np.stack([a, b], axis=1):
        bins[-1] += pair
        if bins[-1].sum() >= least:
            bins.append(np.zeros(2))
    rest = bins.pop()
    bins[-1] += rest
    free = len(bins) - 1
    if free == 0:
        return 1.0
    square = sum((x - y) ** 2 / (x + y) for x, y in bins)
    z = ((square / free) ** (1 / 3) - 1 + 2 / (9 * free)) / math.sqrt(2 / (9 * free))
    return math.erfc(z / math.sqrt(2)) / 2


def compare(gossim, planted):
    """Prints a line for each setting and metric; returns whether all agree. Left out is
    what has the same value in every run of both, such as the residue if all are informed."""
    print(f"{'setting':<44}{'nodes':>6}  {'metric':<20}{'gossim':>10}{'numpy':>10}{'z':>8}{'p':>10}")
    lines, failed, squares = 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for seed, (name, nodes, runs, protocol, arguments, words) in enumerate(settings(), 1):
            ours = simulate(seed, nodes, runs, protocol, arguments, planted)
            theirs = ask_gossim(gossim, Path(folder), seed, nodes, runs, words, ours)
            for metric, own in ours.items():
                other = theirs[metric]
                if np.isnan(own).all() or np.ptp(np.concatenate([own, other])) < 1e-9:
                    continue
                z, p = z_of_means(other, own), p_of_distributions(other, own)
                agree = abs(z) <= Z_MAX and p >= P_MIN
                lines, failed, squares = lines + 1, failed + (not agree), squares + z * z
                print(f"{name:<44}{nodes:>6}  {metric:<20}{other.mean():>10.5f}{own.mean():>10.5f}"
                      f"{z:>8.2f}{p:>10.2g}{'' if agree else '  DIFFERS'}")
    print(f"{lines} comparisons, {failed} beyond {Z_MAX} standard errors; "
          f"mean of z^2 {squares / lines:.2f}")
    return failed == 0


def reference(nodes=1000, runs=40_000):
    """Prints the metrics of Tables 1 to 3, and of the cumulative counter."""
    print(f"n = {nodes}, {runs} runs of each setting\n"
          f"{'setting':<30}{'metric':<20}{'mean':>13}{'se':>12}{'sd':>12}")
    cases = [("push", "feedback-counter", k) for k in range(1, 6)]
    cases += [("push", "feedback-cumulative", k) for k in range(2, 6)]
    cases += [("push", "blind-coin", k) for k in range(1, 6)]
    cases += [("pull", "feedback-counter", k) for k in range(1, 4)]
    for seed, (exchange, stopping, k) in enumerate(cases, 1001):
        measured = simulate(seed, nodes, runs, monger, (exchange, stopping, k))
        del measured["messages_per_node"]
        for metric, values in measured.items():
            sd = values.std(ddof=1)
            print(f"{exchange + ' ' + stopping + f' k={k}':<30}{metric:<20}{values.mean():>13.7f}"
                  f"{sd / math.sqrt(runs):>12.7f}{sd:>12.7f}", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description="Holds gossim against a second implementation, in numpy, in distribution.",
        epilog="errors to plant: " + "; ".join(f"{name}: {what}" for name, what in PLANTED.items()))
    parser.add_argument("gossim", nargs="?", default="gossim", help="the program (default: gossim)")
    parser.add_argument("--plant", choices=PLANTED, help="plant this error here: must fail")
    parser.add_argument("--reference", action="store_true", help="print this program's own values")
    options = parser.parse_args()
    if options.reference:
        reference()
        return 0
    if shutil.which(options.gossim) is None:
        print(f"no program {options.gossim}: give the path of gossim", file=sys.stderr)
        return 2
    if options.plant:
        print(f"planted here: {PLANTED[options.plant]}")
    return 0 if compare(options.gossim, options.plant) else 1


if __name__ == "__main__":
    sys.exit(main())
