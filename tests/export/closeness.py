"""How close the outputs of an exported format are to those of predict, which rounds numbers to 32 bits."""

TOLERANCE = 1e-6


def compare(model, outputs, answers):
    """Whether rows of outputs are those of bp_predict(), and the classes those of `batchprop predict`."""
    assert len(outputs) == len(model.rows), (model.case.name, len(outputs))
    for k, (found, answer) in enumerate(zip(outputs, answers)):
        # Sums of large numbers that cancel lose as much as one of them is rounded by.
        bounded = model.classes or model.case.name == "tanh"
        size = max([1.0, *map(abs, model.rows[k][0])]) if model.case.wide and not bounded else 1.0
        expected = model.printed[k] if not model.classes else model.outputs[k]
        for one, other in zip(found, expected):
            if not abs(one - other) <= TOLERANCE * max(size, abs(other)):
                print(f"{model.case.name}: row {k + 1} is {list(found)}, not {expected}")
                return False
        ranked = sorted(expected)
        tie = model.case.wide and ranked[-1] - ranked[-2] < TOLERANCE if model.classes else True
        if not tie and answer != model.answers[k]:
            print(f"{model.case.name}: row {k + 1} is {answer}, not {model.answers[k]}")
            return False
    return True
