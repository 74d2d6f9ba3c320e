"""The goals of the project and what was measured of them, as a table of docs/benchmarks.md."""

import statistics

import figures
import simulate
import steps
from systems import TITLES

HUGE, LARGE, MIDDLE, SMALL, TINY = \
    "4096-4096-1000", "784-1024-1024-10", "784-128-10", "10-45-45-10", "4-8-3"
EVERYONE = max(figures.thread_counts())

# Of the peak of one core, that whole steps of large networks are to reach.
LARGE_SHARES = {"avx512": 0.85, "avx2": 0.80, "neon": 0.80, "portable": 0.80}


def find_bench(benches, network, isa="auto"):
    """The bench of a network at the batch of its row, or at the one that was measured."""
    fitting = [b for b in benches if (b["network"], b["asked_isa"]) == (network, isa)]
    exact = [b for b in fitting if b["batch_size"] == figures.NETWORKS[network]]
    return (exact or fitting or [None])[0]


def find_case(cases, network, batch, kind="sgd"):
    for case in cases:
        if (case["network"], case["batch"], case["kind"]) == (network, batch, kind):
            return case
    return None


class Goals:
    """The table of what the project asks for and what was measured."""

    def __init__(self):
        self.rows = [["network, batch", "goal", "asked", "measured", ""]]
        self.place = ""

    def add(self, goal, asked, value, shown, lower_bound=True):
        """`asked` is the smallest, or else the largest, value that is good; `shown` formats one."""
        if value is None:
            verdict, measured = "", "not measured"
        else:
            met = value >= asked if lower_bound else value <= asked
            verdict, measured = "met" if met else "**missed**", shown(value)
        self.rows.append([self.place, goal, ("≥ " if lower_bound else "≤ ") + shown(asked), measured,
                          verdict])
        self.place = ""

    def add_share(self, goal, asked, bench):
        result = steps.find(bench, threads=1) if bench else None
        self.add(goal, asked, result and result["share_of_peak"]["median"], steps.percent)

    def add_speed_up(self, asked, bench):
        result = steps.find(bench, threads=EVERYONE) if bench and EVERYONE > 1 else None
        self.add(f"{EVERYONE} threads against one", asked, result and result["speed_up"]["median"],
                 times)

    def add_ratio(self, goal, asked, case, system, kind):
        ratios = case["ratios"].get(system) if case else None
        self.add(goal, asked, ratios and ratios[kind]["median"], times)

    def add_best_peer(self, asked, case):
        """The peer in binary32 that is fastest, each at its best."""
        system = case and case["best_peer"]
        self.add("the best peer" + (f" ({TITLES[system]})" if system else "") + ", each at its best",
                 asked, system and case["ratios"][system]["best"]["median"], times)

    def add_step_time(self, goal, result):
        self.add(goal, 2e-6, result and result["seconds_per_step"],
                 lambda seconds: f"{1e6 * seconds:.2f} µs", lower_bound=False)


def times(value):
    return f"{figures.number(value)} x"


def add_networks(goals, benches, cases):
    large_share = LARGE_SHARES[benches[0]["isa"]]
    for network, share, speed_up, peer in ((LARGE, large_share, 1.95, 1.15),
                                           (HUGE, large_share, 1.95, 1.15),
                                           (MIDDLE, 0.75, 1.8, None), (SMALL, None, None, 3),
                                           (TINY, None, None, 5)):
        bench, batch = find_bench(benches, network), figures.NETWORKS[network]
        goals.place = f"{network}, {batch:,}"
        if share:
            goals.add_share("share of peak, one thread", share, bench)
        if speed_up:
            goals.add_speed_up(speed_up, bench)
        if peer:
            goals.add_best_peer(peer, find_case(cases, network, batch))
    for threads, result in (("one thread", steps.find(bench, threads=1)),
                            ("auto", steps.find(bench, auto=True)),
                            (f"{EVERYONE} threads asked for", steps.find(bench, threads=EVERYONE))):
        goals.add_step_time(f"a step, {threads}", result)


def add_middle(goals, cases):
    """Networks of middling size, which are measured beside the peers alone."""
    for network, batch, kind in [("256-512-512-2", 256, "sgd"),
                                 *((*each, "adam") for each in figures.ADAM_NETWORKS)]:
        case = find_case(cases, network, batch, kind)
        goals.place = f"{network}, {batch:,}" + ", Adam" * (kind == "adam")
        goals.add_best_peer(1.3, case)
        if network == "784-512-512-10" and EVERYONE > 1:
            goals.add(f"{EVERYONE} threads against one", 1.85, case and case["speed_up"]["median"],
                      times)


def add_fann(goals, cases):
    for case in cases:
        if case["kind"] != "full":
            continue
        goals.place = f"{case['network']}, full batch of {case['batch']:,}"
        goals.add_ratio("FANN, one thread", 30, case, "fann", "one_thread")
        goals.add_ratio("FANN, each at its best", 30, case, "fann", "best")


def worst_of(named, lower_bound):
    """The name and the value of the smallest or the largest."""
    named = [(value, name) for value, name in named if value is not None]
    return (min if lower_bound else max)(named) if named else (None, "")


def add_worst(goals, goal, asked, named, shown, lower_bound):
    """The goal for the grid point that is farthest from it."""
    value, name = worst_of(named, lower_bound)
    goals.place = "the grid; worst: " + name if name else "the grid"
    goals.add(goal, asked, value, shown, lower_bound)


def oversubscription(bench):
    """The speed of many threads on each processor against one on each, or None."""
    many = steps.find(bench, threads=steps.OVERSUBSCRIBED * figures.processors())
    few = steps.find(bench, threads=EVERYONE)
    if not many or not few or many is few:
        return None
    return many["speed_up"]["median"] / few["speed_up"]["median"]


def add_grid(goals, benches):
    grid = [(b, f"{b['network']}, {b['batch_size']:,}") for b in benches if b["asked_isa"] == "auto"]
    for threads in sorted({1, EVERYONE}):
        add_worst(goals, f"cost of the fixed order, threads: {threads}", 0.05,
                  [(steps.order_cost(b, threads), name) for b, name in grid], steps.percent, False)
    add_worst(goals, f"{steps.OVERSUBSCRIBED * figures.processors()} threads against {EVERYONE}", 0.9,
              [(oversubscription(b), name) for b, name in grid], times, True)
    add_worst(goals, "auto against the best fixed number of threads", 0.97,
              [(b["auto_over_best"]["ratio"]["median"], name) for b, name in grid], times, True)
    add_worst(goals, "memory against its limit", 1.0,
              [(steps.memory_used(result) / result["memory_bytes"]["limit"],
                f"{name}, threads: {result['threads']}") for b, name in grid
               for result in b["results"] if result["series"] == "strong"], steps.percent, False)
    goals.place = f"{LARGE}, AVX2 forced"
    goals.add_share("share of the AVX2 peak, one thread", LARGE_SHARES["avx2"],
                    find_bench(benches, LARGE, "avx2") or
                    (find_bench(benches, LARGE) if benches[0]["isa"] == "avx2" else None))


def add_late_epochs(goals, late):
    """Of the one command that was run, one turn or more."""
    (turns,) = late["runs"].values()
    goals.place = f"784-512-512-10, 64, Adam, {late['data']}"
    goals.add("the last epoch against the first", 0.97,
              statistics.median(turn["speeds"][-1] / turn["speeds"][0] for turn in turns), times)


def add_simulations(goals, simulations):
    for case in simulations:
        goals.place = case["title"]
        for asked in case["asked"]:
            goals.add(f"{asked['threads']} threads, simulated", asked["speed_up"],
                      simulate.find(case, asked["threads"])["speed_up"], times)


def add_ensembles(goals, ratios):
    for ratio in ratios:
        goals.place = f"{ratio['shape']}, ensemble of 20"
        goals.add(ratio["goal"], ratio["asked"], statistics.median(ratio["ratio"]), times,
                  lower_bound=False)


def table(benches, cases, simulations, late, ratios):
    goals = Goals()
    add_networks(goals, benches, cases)
    add_middle(goals, cases)
    add_late_epochs(goals, late)
    add_simulations(goals, simulations)
    add_fann(goals, cases)
    add_grid(goals, benches)
    add_ensembles(goals, ratios)
    return figures.table(goals.rows, "lllrl")
