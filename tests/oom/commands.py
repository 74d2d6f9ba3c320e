"""The command lines that tests/oom/oom.py runs while memory runs out, and the files that they read."""

import gzip
import json
import struct

ROWS = 24


def rows(classes=True):
    """A table with numbers, a category and a target; small, and with every kind of column."""
    lines = ['a,b,c,' + ('kind' if classes else 'y')]
    for i in range(ROWS):
        target = ('up' if i % 7 > 3 else 'down' if i % 5 else 'side') if classes else f'{i * 13 % 17 / 4}'
        lines.append(f'{i % 7},{i * 37 % 11 / 3:g},{"x" if i % 3 else "y"},{target}')
    return '\n'.join(lines) + '\n'


def zstd(content):
    """A frame of one block that is not compressed; of 256 bytes to 64 KiB."""
    size = len(content)
    return (b'\x28\xb5\x2f\xfd\x60' + (size - 256).to_bytes(2, 'little') + (1 | size << 3).to_bytes(3, 'little') +
            content)


def npy(dtype, shape, code, numbers):
    """An array as NumPy saves it."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b' ' * (-(11 + len(header)) % 64) + b'\n'
    return (b'\x93NUMPY\x01\x00' + len(header).to_bytes(2, 'little') + header +
            struct.pack(f'<{len(numbers)}{code}', *numbers))


def tensors(*layers):
    """A safetensors file of linear layers, (name, neurons, inputs)."""
    header, size = {}, 0
    for name, neurons, inputs in layers:
        for tensor, shape in ('weight', [neurons, inputs]), ('bias', [neurons]):
            end = size + 4 * neurons * (inputs if len(shape) == 2 else 1)
            header[f'{name}.{tensor}'] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [size, end]}
            size = end
    text = json.dumps(header).encode()
    return struct.pack('<Q', len(text)) + text + struct.pack(f'<{size // 4}f', *[k % 5 / 4 for k in range(size // 4)])


FANN = b"""FANN_FLO_2.1
num_layers=2
layer_sizes=2 2
scale_included=1
scale_mean_in=1
scale_deviation_in=2
scale_new_min_in=-1
scale_factor_in=1
scale_mean_out=1
scale_deviation_out=2
scale_new_min_out=-1
scale_factor_out=1
neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0) (0, 0, 0) (2, 3, 0.5) (0, 3, 0)
connections (connected_to_neuron, weight)=(0, 1) (1, 0.5)
"""


class Case:
    """One command line. `before` are command lines that make its files first; all run in one folder. `partly` names
    the outputs that grow while it runs, so that a failure leaves their beginning. What is `measured` has other
    figures each time."""

    def __init__(self, name, line, before=(), partly=(), threads=1, measured=False):
        self.name = name
        self.line = line.split()
        self.before = [command.split() for command in before]
        self.partly = partly
        self.measured = measured
        if self.line[0] not in ('report', 'info', 'check', 'export', 'import'):
            self.line += ['--threads', str(threads)]


FILES = {
    'd.csv': rows().encode(),
    'y.csv': rows(classes=False).encode(),
    'g.csv': rows().replace('\n0,', '\n,').encode(),
    'd.csv.gz': gzip.compress(rows().encode(), mtime=0),
    'd.csv.zst': zstd(rows().encode()),
    'd.npy': npy('<f4', (ROWS, 2), 'f', [k * 7 % 5 for k in range(2 * ROWS)]),
    'l.npy': npy('|u1', (ROWS,), 'B', [k % 2 for k in range(ROWS)]),
    't.safetensors': tensors(('in', 3, 4), ('out', 3, 3)),
    'f.net': FANN,
    'c.json': b'{"epochs": 1, "hidden": "3", "seed": 3}\n',
}

SMALL = 'train d.csv --epochs 1 --hidden 3 --threads 1'
MODEL = SMALL + ' --out m.safetensors'
MEMBERS = ('train g.csv --epochs 1 --hidden 3;none --members 2 --missing indicator --threads 1 '
           '--out e.safetensors')
LOG = SMALL + ' --out m.safetensors --log l.jsonl --valid-fraction 0.2'

CASES = [
    Case('train', 'train d.csv --epochs 1 --hidden 3 --out m.safetensors'),
    Case('train_all', 'train d.csv --epochs 2 --hidden 3 --valid-fraction 0.2 --out m.safetensors --log l.jsonl '
         '--tensorboard tb --checkpoint ck --json', partly=('l.jsonl', 'tb/')),
    Case('train_openmp', 'train y.csv --config c.json --out m.safetensors --backend openmp --plan samples', threads=2),
    Case('train_pthreads', 'train y.csv --config c.json --out m.safetensors --backend pthreads --plan samples',
         threads=2),
    Case('train_gzip', 'train d.csv.gz --epochs 1 --hidden 3 --out m.safetensors'),
    Case('train_zstd', 'train d.csv.zst --epochs 1 --hidden 3 --out m.safetensors'),
    Case('train_npy', 'train d.npy --labels l.npy --epochs 1 --hidden 3 --out m.safetensors'),
    Case('train_from', 'train d.csv --epochs 1 --from m.safetensors --out n.safetensors', before=[MODEL]),
    Case('train_members', 'train d.csv --epochs 1 --hidden 3;none --members 4 --member-rows folds '
         '--member-folds 2 --member-weights out-of-fold --out m.safetensors --out-of-fold o.csv --log l.jsonl',
         partly=('l.jsonl',)),
    Case('resume', 'train d.csv --epochs 2 --hidden 3 --out m.safetensors --checkpoint ck --resume --log l.jsonl --json',
         before=['train d.csv --epochs 1 --hidden 3 --out m.safetensors --checkpoint ck --log l.jsonl --threads 1'],
         partly=('l.jsonl',)),
    Case('export_c', 'export e.safetensors --out e.c --embed', before=[MEMBERS]),
    Case('export_python', 'export m.safetensors --out m.py', before=[MODEL]),
    Case('export_sql', 'export e.safetensors --out e.sql --unknown ignore', before=[MEMBERS]),
    Case('export_onnx', 'export e.safetensors --out e.onnx --unknown ignore', before=[MEMBERS]),
    Case('eval', 'eval m.safetensors d.csv', before=[MODEL]),
    Case('eval_json', 'eval m.safetensors d.csv --json', before=[MODEL]),
    Case('predict', 'predict m.safetensors d.csv', before=[MODEL]),
    Case('predict_out', 'predict m.safetensors d.csv --json --out p.json', before=[MODEL]),
    Case('predict_spread', 'predict m.safetensors d.csv --spread --spreadsheet', before=[MODEL + ' --members 2']),
    Case('info', 'info m.safetensors', before=[MODEL]),
    Case('info_json', 'info m.safetensors --json', before=[MODEL]),
    Case('import', 'import t.safetensors --activation relu --data d.csv --classes up,down,side --out m.safetensors'),
    Case('import_fann', 'import f.net --inputs x --out m.safetensors --json'),
    Case('check', 'check d.csv'),
    Case('check_json', 'check d.csv --json'),
    Case('gradcheck', 'gradcheck m.safetensors d.csv --samples 2 --parameters 3', before=[MODEL]),
    Case('cv', 'cv d.csv --epochs 1 --hidden 3 --folds 2 --json'),
    Case('sweep', 'sweep d.csv --epochs 1 --vary hidden=3,none --folds 2 --csv s.csv'),
    Case('cv_members', 'cv d.csv --epochs 1 --hidden 3 --folds 2 --members 2'),
    Case('cv_resume', 'cv d.csv --epochs 1 --hidden 3 --folds 2 --checkpoint ck --resume',
         before=['cv d.csv --epochs 1 --hidden 3 --folds 2 --checkpoint ck --threads 1']),
    Case('report', 'report l.jsonl --out r.html', before=[LOG]),
    Case('report_model', 'report --model m.safetensors --data d.csv --out r.html --threads 1', before=[MODEL]),
    Case('bench', 'bench --layers 2-2 --batch-size 4 --seconds 0.001 --json'),
    Case('bench_plot', 'bench --layers 2-2 --batch-size 4 --seconds 0.001 --plot p.svg --json', measured=True),
    Case('bench_threads', 'bench --layers 2-2 --batch-size 4 --seconds 0.001 --simulate-threads 1,2 --json', measured=True),
    Case('bench_ranks', 'bench --layers 2-2 --batch-size 4 --seconds 0.001 --simulate-ranks 2 --network 10 --plot p.svg '
         '--json', measured=True),
]
