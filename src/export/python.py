# A row of the outputs of each network is worked on in numbers of 64 bits, from input neurons of 32.
def _array(text):
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float64)
def _read(layers):
    return [(name, _array(bias), _array(weights).reshape(-1, into)) for name, into, bias, weights in layers]
def _logistic(n):
    e = np.exp(-np.abs(n))
    return np.where(n < 0, e, 1) / (1 + e)
def _gelu(n):
    a = np.minimum(np.abs(n), 20)
    t = (a - 4) / (a + 4)
    tail = np.exp(-a * a / 2) * np.polyval(_TAIL, t)
    return np.maximum(n, -20) * np.where(n < 0, tail, 1 - tail)
def _softmax(n):
    e = np.exp(n - n.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
# Of the normal distribution: the probability beyond a, divided by exp(-a * a / 2).
_TAIL = [1.1893822374986485e-05, -4.712157169706188e-05, -0.00017334446602035314, 0.0006419987767003477,
         0.0005028090672567487, -0.008493082597851753, 0.030865546315908432, -0.07170731574296951,
         0.12437921017408371, -0.17039772868156433, 0.09441064298152924]
_ACTIVATIONS = {
    "identity": lambda n: n,
    "exp": np.exp,
    "logistic": _logistic,
    "tanh": np.tanh,
    "relu": lambda n: np.maximum(n, 0),
    "leaky-relu": lambda n: np.maximum(0.01 * n, n),
    "silu": lambda n: np.maximum(n, -200) * _logistic(n),
    "gelu": _gelu,
    "elu": lambda n: np.where(n > 0, n, np.expm1(np.minimum(n, 0))),
    "softplus": lambda n: np.maximum(n, 0) + np.log1p(np.exp(-np.abs(n))),
    "softmax": _softmax,
}
_NETWORKS = [(weight, _read(layers)) for weight, layers in NETWORKS]
def _refuse(column, wrong, what):
    row = int(np.flatnonzero(wrong)[0])
    raise ValueError(f"row {row} of column {column['name']!r} {what}")
def _take_numbers(column, values):
    numbers = np.array(values, dtype=np.float64).reshape(len(values), column["cells"])
    missing = np.isnan(numbers)
    if missing.any() and not MISSING:
        _refuse(column, missing.any(axis=1), "has no value")
    with np.errstate(over="ignore"):
        cells = np.where(missing, np.float32(column["fill"]), (numbers - column["origin"]).astype(np.float32))
        neurons = (cells - np.float32(column["shift"])) * np.float32(column["scale"])
    if not np.isfinite(neurons).all():
        _refuse(column, ~np.isfinite(neurons).all(axis=1), "is too large")
    return np.hstack([neurons, missing]) if column["tells"] else neurons
def _word(value):
    """A missing text is None, pandas' NA, or what is not equal to itself."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return ""
    if isinstance(value, (float, np.floating)) and value == np.floor(value) and abs(value) < 2**53:
        return str(int(value))
    return str(value)
def _take_texts(column, values):
    words = [_word(value) for value in np.ravel(values)]
    codes = {word: code for code, word in enumerate(column["categories"])}
    if not MISSING and "" not in codes and "" in words:
        _refuse(column, np.array([word == "" for word in words]), "has no value")
    found = np.array([codes.get(word, column["other"]) for word in words], dtype=np.float64)
    if np.isnan(found).any():
        _refuse(column, np.isnan(found), "is a category that the model does not know")
    return found[:, None] == np.arange(len(codes))
def _inputs(table):
    by_name, place, parts = hasattr(table, "keys"), 0, []
    if not by_name:
        table = np.asarray(table, dtype=object if any("categories" in column for column in COLUMNS) else None)
        wanted = sum(column.get("cells", 1) for column in COLUMNS)
        if table.ndim != 2 or table.shape[1] != wanted:
            raise ValueError(f"the table has the shape {table.shape}, and the model wants {wanted} columns")
    for column in COLUMNS:
        width = column.get("cells", 1)
        values = table[column["name"]] if by_name else table[:, place:place + width]
        values = np.asarray(values, dtype=object if "categories" in column else None)
        place += width
        parts.append((_take_texts if "categories" in column else _take_numbers)(column, values))
    return np.hstack(parts).astype(np.float64)
def _run(layers, x):
    for name, bias, weights in layers:
        with np.errstate(over="ignore"):
            x = _ACTIVATIONS[name](x @ weights.T + bias)
    return x
def outputs(table):
    """A row for each row of a table, which is a dict or data frame of columns by their names, or a 2-D array of
    them in the order of COLUMNS. It holds the output of each class, or the numbers that are predicted."""
    x = _inputs(table)
    found = sum(weight * _run(layers, x) for weight, layers in _NETWORKS)
    if CLASSES is not None:
        return found
    return np.array([t["origin"] for t in TARGETS]) + (
        found / np.array([t["scale"] for t in TARGETS]) + np.array([t["shift"] for t in TARGETS]))
def predict(table):
    """The class of each row of a table, or the number; of several numbers a row for each row."""
    found = outputs(table)
    if CLASSES is not None:
        return np.array(CLASSES)[np.argmax(found * np.array(FACTORS), axis=1)]
    return found[:, 0] if len(TARGETS) == 1 else found
