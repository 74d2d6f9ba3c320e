/*
 * batchprop: train fully connected feed-forward networks by batch backpropagation, on every core.
 *
 * Intended use
 *   1. bp_dataset_read() or bp_dataset_from_blocks()   the samples
 *   2. bp_model_create()                               a network that fits them
 *   3. bp_trainer_create(), bp_trainer_run()           training
 *   4. bp_model_save(), bp_model_load()                the model file (safetensors)
 *   5. bp_evaluate(), bp_predict()                     use
 *   bp_bench_create(), bp_bench_run()                  how fast, for a shape of network
 *
 * General rules
 *   Errors     Every call that can fail returns a bp_status and, if `error` is not NULL, fills it
 *              with a sentence. On failure an `out` argument is set to NULL. The comment of a
 *              function lists its errors without BP_ERROR_; each can also fail with ARGUMENT for a
 *              NULL or for a struct whose size is wrong, as the next two rules say.
 *   Pointers   An argument may be NULL only where its comment says so. `options` and `error` may be
 *              NULL everywhere; without options the defaults are taken. Another NULL is
 *              BP_ERROR_ARGUMENT with the name of the argument. A function without a status returns
 *              0, NULL, false, NaN or a struct of zeros for an object that is NULL.
 *   Options    A struct that the caller fills begins with its size. Take it from its _default(), or
 *              set `size` to its sizeof: then a program that was built with one version of this
 *              header runs with another version of the library. New members are added at the end. A
 *              library that has more members than the program takes their defaults. A library that
 *              has fewer accepts the struct if the members that it lacks are 0, as its _default()
 *              leaves them; otherwise, and for a size that is impossible, it returns
 *              BP_ERROR_ARGUMENT. Such a struct never contains another one but points to it. All
 *              structs of an array have the same size. _default() calls _init(), which languages
 *              that cannot read this header call with the size of their own struct.
 *   Results    A struct that the library fills never changes its size. New members take space from
 *              `reserved`, which is 0: an older library leaves them 0. bp_error does not change.
 *              Enumerations get new values at their end.
 *   Ownership  A call borrows its arguments unless its comment says otherwise: "copies" (the caller
 *              may free at once), "keeps" (the argument must outlive the new object), "takes"
 *              (owned by the library, on success only). Every _free accepts NULL.
 *   Threads    Objects are independent: different threads may use different objects at the same
 *              time. `const` objects may be shared. A trainer and the model that it trains belong
 *              to one thread at a time.
 *   Process    The library never prints, exits, forks, changes the locale, signal handlers,
 *              floating-point modes or process-wide thread settings, and has no mutable globals.
 *              It stays in memory after dlclose(). In the child of a fork() a trainer or a bench
 *              of the parent that has threads fails with BP_ERROR_THREADS: free it and create it
 *              again. OpenMP fails there too if the forking thread has used it; the other backends
 *              work.
 *   Bits       Weights after training depend on the data, the options and the seed alone: not on
 *              the number of threads, the backend or the instruction set (docs/numerics.md).
 *   Text       Every string is UTF-8 and ends in NUL. Strings returned belong to the object that
 *              was asked, and live as long as it.
 */
#ifndef BATCHPROP_H
#define BATCHPROP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BP_API __attribute__((visibility("default")))
#else
#define BP_API
#endif

#define BP_VERSION "0.1.0"

/* The version of the library in use; compare with BP_VERSION, that of the header. */
BP_API const char *bp_version(void);

/* ---- status and errors ------------------------------------------------------------------- */

/* What came of a call. Related errors have the same `status / 10`. */
typedef enum bp_status {
    BP_OK = 0,
    BP_STOPPED = 1,           /* not an error: the callback, or a bp_stop, asked for the end */
    BP_ERROR_ARGUMENT = 20,   /* an option or argument is out of its range */
    BP_ERROR_INPUT = 30,      /* the content of a file is wrong */
    BP_ERROR_IO = 40,         /* a file cannot be opened, read or written */
    BP_ERROR_NOT_FINITE = 50, /* training met an infinity or a NaN */
    BP_ERROR_MEMORY = 60,     /* out of memory */
    BP_ERROR_THREADS = 61,    /* threads cannot be started, or stayed in the parent of a fork() */
    BP_ERROR_RANKS = 62,      /* processes cannot work together */
    BP_ERROR_INTERNAL = 90    /* a defect of the library */
} bp_status;

/* A few words for a status: "out of memory" and so on. */
BP_API const char *bp_status_text(bp_status status);

#define BP_ERROR_MESSAGE_SIZE 1024

/* What went wrong, as a sentence without a final dot: `iris.csv:17:3: "abc" is not a number`
 * (file, line and column count from 1; the column is the number of the field). */
typedef struct bp_error {
    bp_status status;
    char message[BP_ERROR_MESSAGE_SIZE];
} bp_error;

/* A request to stop what runs. Sharing: any thread, but to free it. */
typedef struct bp_stop bp_stop;

/* Makes what requests go through; there is none yet. Errors: MEMORY. */
BP_API bp_status bp_stop_create(bp_stop **out, bp_error *error);
BP_API void bp_stop_free(bp_stop *stop);

/* Makes the request, on any thread or in a signal handler (it is async-signal-safe); it stays until
 * it is cleared. NULL is legal. */
BP_API void bp_stop_request(bp_stop *stop);
BP_API void bp_stop_clear(bp_stop *stop);
BP_API bool bp_stop_requested(const bp_stop *stop);

#define BP_REASON_SIZE 160 /* of a sentence in a result, NUL included */

/* ---- names of choices -------------------------------------------------------------------- */

typedef enum bp_activation {
    BP_ACTIVATION_LOGISTIC = 0,   /* 1 / (1 + exp(-n)), range (0, 1); the default */
    BP_ACTIVATION_IDENTITY = 1,   /* n */
    BP_ACTIVATION_TANH = 2,       /* range (-1, 1) */
    BP_ACTIVATION_RELU = 3,       /* max(n, 0); the slope at 0 is 0 */
    BP_ACTIVATION_LEAKY_RELU = 4, /* n for n > 0, else n / 100 */
    BP_ACTIVATION_GELU = 5, /* n Phi(n), Phi the normal distribution (Hendrycks and Gimpel 2016) */
    BP_ACTIVATION_SILU = 6, /* n / (1 + exp(-n)) */
    BP_ACTIVATION_SOFTMAX = 7, /* exp(n_j) / sum over the layer of exp(n_k); output layers only */
    BP_ACTIVATION_AUTO =
        8,                 /* options of output layers: softmax for classes, identity for numbers */
    BP_ACTIVATION_ELU = 9, /* n for n > 0, else exp(n) - 1 (Clevert et al. 2016), range (-1, inf) */
    BP_ACTIVATION_SOFTPLUS = 10 /* ln(1 + exp(n)), range (0, inf) */
} bp_activation;

/* E = (1/n) sum over samples of E(x); E(x) is a sum over outputs o with targets t. */
typedef enum bp_loss {
    BP_LOSS_MSE = 0,   /* (o - t)^2 */
    BP_LOSS_MAE = 1,   /* |o - t|; the slope at 0 is 0 */
    BP_LOSS_HUBER = 2, /* d = |o - t|: d^2 / 2 up to the bend b, from there b (d - b / 2) */
    BP_LOSS_BINARY_CROSS_ENTROPY = 3, /* -t ln o - (1 - t) ln(1 - o); logistic outputs */
    BP_LOSS_CROSS_ENTROPY = 4,        /* -t ln o; softmax outputs */
    BP_LOSS_POISSON = 5,              /* exp(o) - t o; identity outputs, ln of the rate; targets
                                         from 0 on; bp_predict() gives the rate exp(o) */
    BP_LOSS_AUTO = 6,                 /* options: cross-entropy with softmax outputs, else mse */
    BP_LOSS_QUANTILE = 7 /* pinball, with level q: q (t - o) for o < t, else (1 - q) (o - t); the
                            slope at 0 is 0 */
} bp_loss;

typedef enum bp_optimizer {
    BP_OPTIMIZER_SGD = 0,      /* w -= learning rate * gradient */
    BP_OPTIMIZER_MOMENTUM = 1, /* Polyak's heavy ball */
    BP_OPTIMIZER_NESTEROV = 2, /* Nesterov's momentum as Sutskever et al. 2013 */
    BP_OPTIMIZER_RMSPROP = 3,  /* Tieleman and Hinton 2012 */
    BP_OPTIMIZER_ADAM = 4,     /* Kingma and Ba 2015 */
    BP_OPTIMIZER_ADAMW = 5,  /* Loshchilov and Hutter 2019: weight decay apart from the gradient */
    BP_OPTIMIZER_IRPROP = 6, /* iRPROP- (Igel and Huesken 2000); full batches only */
    BP_OPTIMIZER_ADAGRAD = 7 /* Duchi et al. 2011 */
} bp_optimizer;

/* How the learning rate changes over the epochs; warm-up comes first in each. */
typedef enum bp_schedule {
    BP_SCHEDULE_CONSTANT = 0,
    BP_SCHEDULE_STEP = 1,        /* times a factor every so many epochs */
    BP_SCHEDULE_EXPONENTIAL = 2, /* times a factor every epoch */
    BP_SCHEDULE_COSINE = 3,      /* half a cosine down to 0 at the end of the last epoch */
    BP_SCHEDULE_PLATEAU = 4 /* times a factor after so many epochs without a gain, as of patience;
                               where there is no validation set, in the loss of training */
} bp_schedule;

/* How first weights are drawn; thresholds are 0. */
typedef enum bp_init {
    BP_INIT_AUTO = 0,   /* He for ReLU and similar activations, else Glorot */
    BP_INIT_GLOROT = 1, /* uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio 2010) */
    BP_INIT_HE = 2,     /* uniform in +-sqrt(6 / in) (He et al. 2015) */
    BP_INIT_LECUN = 3,  /* uniform in +-sqrt(3 / in) (LeCun et al. 1998) */
    BP_INIT_UNIFORM = 4 /* uniform in +-bp_model_options.init_range */
} bp_init;

/* The names of metrics; bp_metrics says what each is. */
typedef enum bp_metric {
    BP_METRIC_LOSS = 0,
    BP_METRIC_ACCURACY = 1,
    BP_METRIC_BALANCED_ACCURACY = 2,
    BP_METRIC_PRECISION = 3,
    BP_METRIC_RECALL = 4,
    BP_METRIC_F1 = 5,
    BP_METRIC_LOG_LOSS = 6,
    BP_METRIC_RMSE = 7,
    BP_METRIC_MAE = 8,
    BP_METRIC_R2 = 9,
    BP_METRIC_AUTO = 10 /* options: bp_metric_resolve() says what it stands for */
} bp_metric;

/* Defaults that go together. */
typedef enum bp_preset {
    BP_PRESET_CLASSIC = 0,  /* the text: logistic neurons, squared error, gradient descent */
    BP_PRESET_MODERN = 1,   /* GELU, softmax and cross-entropy or identity and squared error, He,
                             AdamW with a cosine schedule */
    BP_PRESET_ENSEMBLE = 2, /* several kinds of networks, each as modern but for hidden layers,
                               activation, dropout and weight decay, for bp_ensemble_train() */
    BP_PRESET_QUICK = 3     /* as modern but for hidden layers, epochs and beta2: a fifth to a
                               tenth of the time; with other optimizers than Adam and AdamW all as
                               modern */
} bp_preset;

/* How a hidden neuron's delta is formed (docs/derivation.md). */
typedef enum bp_hidden_delta {
    BP_HIDDEN_DELTA_CHAIN_RULE = 0, /* sigma'(n_j) * sum over l of delta_l w_jl: the gradient */
    BP_HIDDEN_DELTA_AS_PRINTED =
        1 /* sum over l of delta_l w_jl: the equation as the text prints it */
} bp_hidden_delta;

typedef enum bp_backend {
    BP_BACKEND_AUTO = 0,
    BP_BACKEND_SERIAL = 1,
    BP_BACKEND_OPENMP = 2,
    BP_BACKEND_PTHREADS = 3
} bp_backend;

/* How the threads share a step of training; the bits are the same (docs/numerics.md). */
typedef enum bp_plan {
    BP_PLAN_AUTO = 0,    /* the faster one, by timing */
    BP_PLAN_SAMPLES = 1, /* each thread has samples and sums their gradient, and these are added */
    BP_PLAN_PARAMETERS = 2 /* each thread has parameters, and computes their gradient over all
                               samples once their deltas are there */
} bp_plan;

typedef enum bp_isa {
    BP_ISA_AUTO = 0, /* the widest that the processor has */
    BP_ISA_PORTABLE = 1,
    BP_ISA_AVX2 = 2, /* AVX2 and FMA */
    BP_ISA_AVX512 = 3,
    BP_ISA_NEON = 4 /* 64-bit ARM */
} bp_isa;

typedef enum bp_scale {
    BP_SCALE_STANDARD = 0, /* mean 0, standard deviation 1 over the training rows */
    BP_SCALE_MINMAX = 1,   /* minimum 0, maximum 1 over the training rows */
    BP_SCALE_NONE = 2
} bp_scale;

typedef enum bp_target_scale {
    BP_TARGET_SCALE_AUTO = 0, /* fitted to the output neurons: bp_model_create() says how */
    BP_TARGET_SCALE_NONE = 1  /* number targets stay as they are; outputs are to reach them */
} bp_target_scale;

/* What is done with missing cells of inputs: empty ones of a CSV file, and those of
 * bp_read_options.missing_values. In a column of categories a missing cell is a category of its
 * own, called "", unless it is an error. A missing target is always an error. */
typedef enum bp_missing {
    BP_MISSING_ERROR = 0,    /* an error with file, line and field */
    BP_MISSING_MEAN = 1,     /* the mean of the column over the training rows */
    BP_MISSING_MEDIAN = 2,   /* the median of the same */
    BP_MISSING_INDICATOR = 3 /* the mean; and one more input for each column with missing cells in
                                the training rows, which is 1 where a cell is missing, else 0 */
} bp_missing;

/* What is done with a category of an input that the training rows did not have. An unknown class is
 * always an error where targets are read. */
typedef enum bp_unknown {
    BP_UNKNOWN_AUTO = 0,  /* ignore for the validation rows of a training and the rows held out of a
                            trial, else error */
    BP_UNKNOWN_ERROR = 1, /* an error with the first cell, the number of rows and some values */
    BP_UNKNOWN_IGNORE = 2,       /* none of the neurons of the column is 1 */
    BP_UNKNOWN_MOST_FREQUENT = 3 /* the category that most training rows have, by weight */
} bp_unknown;

typedef enum bp_task {
    BP_TASK_AUTO = 0,     /* classes for text, and for integers of a CSV file from -1 to 26 */
    BP_TASK_CLASSIFY = 1, /* every target value is a class */
    BP_TASK_REGRESS = 2   /* targets are numbers */
} bp_task;

typedef enum bp_format {
    BP_FORMAT_AUTO = 0, /* by content: IDX and NPY by their magic, FANN by name and first line, else
                           CSV */
    BP_FORMAT_CSV = 1,
    BP_FORMAT_IDX = 2,
    BP_FORMAT_FANN = 3,
    BP_FORMAT_NPY = 4 /* an array of NumPy */
} bp_format;

typedef enum bp_header {
    BP_HEADER_AUTO = 0, /* a first row without any number above a row with one; an error where the
                           rows leave it open */
    BP_HEADER_YES = 1,
    BP_HEADER_NO = 2
} bp_header;

/* A file of another program that bp_model_import() reads. */
typedef enum bp_import_format {
    BP_IMPORT_AUTO = 0,        /* by content */
    BP_IMPORT_SAFETENSORS = 1, /* the state dict of a module of PyTorch */
    BP_IMPORT_FANN = 2         /* a network as FANN saves it */
} bp_import_format;

/* On which rows the members of an ensemble are trained. */
typedef enum bp_member_rows {
    BP_MEMBER_ROWS_ALL = 0,      /* on all */
    BP_MEMBER_ROWS_FOLDS = 1,    /* each without one fold, in turn */
    BP_MEMBER_ROWS_BOOTSTRAP = 2 /* on as many as there are, drawn with replacement: about 37 of 100
                                    are left out (Breiman 1996) */
} bp_member_rows;

/* What the members of an ensemble count. */
typedef enum bp_member_weights {
    BP_MEMBER_WEIGHTS_EQUAL = 0,
    BP_MEMBER_WEIGHTS_OUT_OF_FOLD = 1, /* by how well their kinds predict the rows that they left
                                          out: greedy selection (Caruana et al. 2004) */
    BP_MEMBER_WEIGHTS_KEPT = 2 /* as in the model that bp_ensemble_continue() goes on from; new
                                  members all the same */
} bp_member_weights;

/* How the class of a row follows from its outputs: it is that of the largest factor x output, with
 * a factor for each class. */
typedef enum bp_decision {
    BP_DECISION_GREATEST = 0, /* all factors are 1 */
    BP_DECISION_F1 = 1,       /* those with which macro F1 is the highest (docs/metrics.md) */
    BP_DECISION_BALANCED = 2  /* 1 / share of the rows that are of the class, by weight */
} bp_decision;

/* What a model is written as for programs without this library. */
typedef enum bp_export_format {
    BP_EXPORT_AUTO = 0,   /* by the end of the path: .onnx, .c, .py, .sql, .js */
    BP_EXPORT_ONNX = 1,   /* a graph of ONNX */
    BP_EXPORT_C = 2,      /* a source file of C99 and its header */
    BP_EXPORT_PYTHON = 3, /* a module that needs NumPy alone */
    BP_EXPORT_SQL = 4,    /* a query */
    BP_EXPORT_JAVASCRIPT = 5
} bp_export_format;

/* The enumerations that have names: BP_CHOICE_BACKEND is bp_backend, and so on. */
typedef enum bp_choice {
    BP_CHOICE_ACTIVATION = 0,
    BP_CHOICE_LOSS = 1,
    BP_CHOICE_OPTIMIZER = 2,
    BP_CHOICE_HIDDEN_DELTA = 3,
    BP_CHOICE_BACKEND = 4,
    BP_CHOICE_ISA = 5,
    BP_CHOICE_SCALE = 6,
    BP_CHOICE_TASK = 7,
    BP_CHOICE_FORMAT = 8,
    BP_CHOICE_HEADER = 9,
    BP_CHOICE_SCHEDULE = 10,
    BP_CHOICE_INIT = 11,
    BP_CHOICE_METRIC = 12,
    BP_CHOICE_PRESET = 13,
    BP_CHOICE_MISSING = 14,
    BP_CHOICE_UNKNOWN = 15,
    BP_CHOICE_MEMBER_ROWS = 16,
    BP_CHOICE_MEMBER_WEIGHTS = 17,
    BP_CHOICE_DECISION = 18,
    BP_CHOICE_PLAN = 19,
    BP_CHOICE_LAUNCH = 20,
    BP_CHOICE_TARGET_SCALE = 21,
    BP_CHOICE_EXPORT_FORMAT = 22,
    BP_CHOICE_IMPORT_FORMAT = 23
} bp_choice;

/* The name of a value as the command writes it ("chain-rule"), or NULL if there is none. */
BP_API const char *bp_choice_name(bp_choice choice, int value);

/* The value of a name. Errors: ARGUMENT with the allowed names and the nearest one. */
BP_API bp_status bp_choice_value(bp_choice choice, const char *name, int *value, bp_error *error);

/* The one of `count` names that is nearest to `word` by edit distance, or NULL if none is near
 * enough to be what was meant. */
BP_API const char *bp_nearest_name(const char *word, const char *const *names, size_t count);

/* ---- datasets ---------------------------------------------------------------------------- */

/* A table in memory, immutable: rows of numbers, bytes and categories. Sharing: any thread. */
typedef struct bp_dataset bp_dataset;

/* Numbers of a column that are near one another and far from 0, such as times in seconds, are kept
 * less its origin, because binary32 would not tell them apart. */
typedef struct bp_column_origin {
    const char *name;
    double origin;
    uint64_t reserved[2]; /* 0 */
} bp_column_origin;

/* How files of data are read. Items of lists are separated by commas. An item that contains a comma
 * or a quote, or begins or ends with a blank, is written in quotes, with the quotes in it doubled.
 * Columns are given by name, or by number from 1. An option for CSV is an error with another
 * format, except in `of_model`. */
typedef struct bp_read_options {
    size_t size; /* of this struct */
    bp_format format;
    bp_header header;   /* CSV only; AUTO with `of_model`: as that says, or if it says nothing,
                                   none where the rows leave it open */
    const char *labels; /* IDX and NPY: path of a file of labels or targets, of either
                                   format, or NULL */
    char separator;     /* CSV: between fields: one of , ; | : ! # $ % & ' * / < = > ? @ \ ^ _ ` ~
                                   and the tab, or ' ' for runs of blanks and tabs; 0: the one of
                                   , ; | and the tab with which the first rows have the same
                                   number of fields, or else blanks if they have, and numbers */
    char decimal;       /* CSV: '.' or ',' in numbers; 0: '.' */
    const char
        *missing_values;     /* CSV: list of texts that mean a missing cell, besides the empty one;
                                   or NULL */
    const char *categorical; /* CSV: list of columns whose cells are categories even where they
                                   look like numbers; or NULL */
    const char *ignore;      /* CSV: list of columns that are not read; or NULL */
    const char
        *id; /* CSV: the column that identifies rows: kept as text for bp_dataset_get_id(), and
                       no input; or NULL */
    size_t threads; /* that parse a large CSV file; 0: bp_usable_processors() */
    const struct bp_read_options *of_model; /* from bp_model_read_options(): for CSV, the values of
                                               members above that are not set; the file may lack
                                               columns that it names; or NULL */
    const bp_column_origin
        *origins; /* of `of_model`: CSV: columns that have an origin in the model */
    size_t origin_count;
    struct bp_ranks *ranks; /* with several, rank 0 alone reads the files and sends their bytes to
                               the others, which need none and keep them in memory meanwhile, as
                               they are (packed), in up to twice their size. Reading is collective
                               then, and ends in the same way on all. NULL: each reads its own */
} bp_read_options;

BP_API void bp_read_options_init(bp_read_options *options, size_t size);

static inline bp_read_options bp_read_options_default(void)
{
    bp_read_options options;
    bp_read_options_init(&options, sizeof options);
    return options;
}

/* Reads a CSV, IDX, FANN or NPY file, plain, gzip or zstd; the path "-" is the standard input,
 * which can be read once. Copies what it needs of the options. The cells of a plain NPY file may
 * stay in it (docs/data.md says which): while the dataset lives, nobody may change or shorten the
 * file; another file may take its name. Errors: ARGUMENT, INPUT (with file, line and field), IO,
 * MEMORY. */
BP_API bp_status bp_dataset_read(bp_dataset **out, const char *path, const bp_read_options *options,
                                 bp_error *error);

/* Reads `count` (from 1) CSV files as one: the rows of the first, then of the second, and so on.
 * All have the columns of the first, in any order if there are headers. With one file it is
 * bp_dataset_read(). Errors: as bp_dataset_read(); INPUT also for a column that is missing, too
 * many, or of another kind than in the first file. */
BP_API bp_status bp_dataset_read_files(bp_dataset **out, const char *const *paths, size_t count,
                                       const bp_read_options *options, bp_error *error);

/* Arrays in memory for bp_dataset_from_arrays(), in the simplest form; any other form is a block,
 * below. `targets` or `labels` or neither (NULL). */
typedef struct bp_arrays {
    size_t size;              /* of this struct */
    size_t count;             /* samples */
    size_t inputs;            /* numbers in a sample, from 1 */
    size_t outputs;           /* columns of targets; 0 with labels */
    const float *input;       /* count x inputs, row-major, finite */
    const float *targets;     /* count x outputs, row-major, finite */
    const uint32_t *labels;   /* count, each below classes */
    size_t classes;           /* from 1 to 65536, with labels */
    const double *wide_input; /* instead of `input`: numbers that are near one another and far from
                                   0, such as times in seconds, keep what makes them different */
    const double *wide_targets; /* the same instead of `targets` */
} bp_arrays;

/* No arrays: 0 and NULL. */
BP_API void bp_arrays_init(bp_arrays *arrays, size_t size);

static inline bp_arrays bp_arrays_default(void)
{
    bp_arrays arrays;
    bp_arrays_init(&arrays, sizeof arrays);
    return arrays;
}

/* Copies the arrays into a dataset: bp_dataset_from_blocks() of inputs, and of targets or labels,
 * of which all classes count. Columns are called "x1", "x2", ... and "y1", ... or "class". Errors:
 * ARGUMENT (a count or class out of range, a number that is not finite), MEMORY. */
BP_API bp_status bp_dataset_from_arrays(bp_dataset **out, const bp_arrays *arrays, bp_error *error);

typedef enum bp_column_role {
    BP_ROLE_UNKNOWN = 0, /* CSV: the roles are chosen in bp_model_create() */
    BP_ROLE_INPUT = 1,
    BP_ROLE_TARGET = 2,
    BP_ROLE_IGNORED = 3, /* bp_read_options.ignore: its cells were not read */
    BP_ROLE_ID = 4,      /* bp_read_options.id */
    BP_ROLE_WEIGHT = 5   /* the weights of the rows, of a bp_column_block */
} bp_column_role;

/* What a cell of a block is. */
typedef enum bp_cell_type {
    BP_CELL_FLOAT = 0,   /* float: a number */
    BP_CELL_DOUBLE = 1,  /* double: a number; where those of a column are near one another and far
                            from 0, such as times in seconds, they keep what makes them different */
    BP_CELL_BYTE = 2,    /* uint8_t: a number from 0 to 255 */
    BP_CELL_INTEGER = 3, /* int64_t: a number, as a double */
    BP_CELL_CODE = 4,    /* int32_t: a category by its number, from 0 */
    BP_CELL_TEXT = 5     /* const char *: a category by its name */
} bp_cell_type;

/* Columns of one type somewhere in memory: the cell of row r and column c is at `data` +
 * r * row_stride + c * column_stride, in bytes, on any address. So arrays in C and in Fortran
 * order, slices of them, and columns within structs are blocks. */
typedef struct bp_column_block {
    size_t size;         /* of this struct */
    bp_column_role role; /* INPUT, TARGET or WEIGHT; default INPUT */
    bp_cell_type type;
    const void *data;        /* the cell of row 0 and column 0 */
    size_t columns;          /* from 1; default 1 */
    ptrdiff_t row_stride;    /* may be negative; both strides 0: rows without gaps, one after the */
    ptrdiff_t column_stride; /*   other */
    const char *const *names; /* of the columns; NULL: "x1", "x2", ... over all inputs, "y1", ...
                                 over targets of numbers, "class" and "weight" */
    const char *const *categories; /* CODE: their names, code k has categories[k]; NULL: "0", "1",
                                      ...; TEXT: those that there may be; NULL: those that there
                                      are */
    size_t category_count;         /* CODE: from 1 to 65536; TEXT: with `categories` */
    bool all_categories; /* those of `categories` that no row has count as well: an input has a
                            neuron for each, a target a class */
    bool missing;        /* inputs: a NaN, a code below 0, NULL and the text "" are missing cells,
                            with which bp_model_options.missing deals; false: they are an error */
} bp_column_block;

BP_API void bp_column_block_init(bp_column_block *block, size_t size);

static inline bp_column_block bp_column_block_default(void)
{
    bp_column_block block;
    bp_column_block_init(&block, sizeof block);
    return block;
}

/* A table in memory: blocks side by side, all with the same rows. */
typedef struct bp_blocks {
    size_t size;                  /* of this struct */
    size_t rows;                  /* from 1 to 2^32 - 1 */
    const bp_column_block *block; /* `count` of them, in any order */
    size_t count;
    bool keep; /* the dataset keeps the cells of inputs where they are, unchanged while it lives,
                  if the only block of inputs is FLOAT or BYTE, its columns follow one another
                  without gaps, and rows have a positive stride (FLOAT: on addresses of floats);
                  bp_dataset_info.kept tells. Others are copied; default false */
} bp_blocks;

BP_API void bp_blocks_init(bp_blocks *blocks, size_t size);

static inline bp_blocks bp_blocks_default(void)
{
    bp_blocks blocks;
    bp_blocks_init(&blocks, sizeof blocks);
    return blocks;
}

/* Makes a dataset of blocks: inputs, then weights (one column at most, numbers from 0 on, which
 * every training and measurement on the dataset reads), then targets: numbers, or one column of
 * categories, which are classes. Copies all but what bp_blocks.keep keeps; names and categories
 * always. A model of the dataset finds its columns by name if every input has one, else by their
 * order. Rows are dealt to folds as those of a CSV file with the same cells. Errors: ARGUMENT (a
 * count, stride or type out of range, two columns of one name; with row and column: a number that
 * is not finite or beyond floats, a weight below 0, a code or text that is no category), MEMORY. */
BP_API bp_status bp_dataset_from_blocks(bp_dataset **out, const bp_blocks *blocks, bp_error *error);

/* Splits off floor(fraction * rows) rows, chosen by `seed`, as `held_out`; the others are `train`.
 * Both share the storage of `dataset` and keep it. 0 < fraction < 1, and neither side may be empty.
 * Errors: ARGUMENT, MEMORY. */
BP_API bp_status bp_dataset_split(const bp_dataset *dataset, double fraction, uint64_t seed,
                                  bp_dataset **train, bp_dataset **held_out, bp_error *error);

/* The rows of `dataset` whose number in the column `weight` (bp_model_options.weight) is above 0:
 * those that a training with these weights sees. NULL: the column of BP_ROLE_WEIGHT, or all rows.
 * Shares the storage of `dataset` and keeps it. Errors: ARGUMENT (no such column), INPUT (a cell
 * that is no weight, weights that are all 0), MEMORY. */
BP_API bp_status bp_dataset_weighted(bp_dataset **out, const bp_dataset *dataset,
                                     const char *weight, bp_error *error);

/* Which rows of a dataset are kept out of training. */
typedef struct bp_holdout {
    size_t size;     /* of this struct */
    double fraction; /* where `folds` is 0: as in bp_dataset_split(), and the same rows unless
                        they are stratified */
    size_t folds;    /* from 2 to the number of rows: each row belongs to one of so many folds,
                        whose sizes differ by at most one; or 0 */
    size_t fold;     /* the one that is held out, from 0 */
    uint64_t seed;   /* of the assignment of rows to folds; default 1 */
    bool stratify;   /* if the target is a class: the rows held out have the same proportion of each
                        class as all rows, to within one row; a class of few rows may be missing
                        in them, and a class of one row in the others; default true */
    const char *target; /* as in bp_model_options, for `stratify` */
    const char
        *weight; /* as in bp_model_options: the target is then the last of the other columns, and
                    rows of weight 0 are in neither part */
    bp_task task;
} bp_holdout;

BP_API void bp_holdout_init(bp_holdout *holdout, size_t size);

static inline bp_holdout bp_holdout_default(void)
{
    bp_holdout holdout;
    bp_holdout_init(&holdout, sizeof holdout);
    return holdout;
}

/* Splits `dataset` into `held_out` and `train`, the other rows, both in their order. Both share the
 * storage of `dataset` and keep it. A model that is created for either of them knows the classes of
 * all rows of the file; its categories and scaling are those of the rows in the part.
 * Errors: ARGUMENT (a fraction or folds that leave a side empty, no such column), INPUT (no
 * targets), MEMORY. */
BP_API bp_status bp_dataset_hold_out(const bp_dataset *dataset, const bp_holdout *holdout,
                                     bp_dataset **train, bp_dataset **held_out, bp_error *error);

BP_API void bp_dataset_free(bp_dataset *dataset);

typedef struct bp_dataset_info {
    const char *path; /* as given to bp_dataset_read(), or "memory" */
    bp_format format; /* BP_FORMAT_AUTO for arrays in memory */
    size_t rows;      /* samples */
    size_t columns;   /* inputs and targets together; an image is one */
    bool has_header;  /* CSV: names come from the file */
    bool has_bytes;   /* inputs are kept as bytes */
    size_t memory;    /* bytes held */
    size_t mapped;    /* bytes that stay in the file */
    /* Properties of the format: */
    bool takes_labels;    /* targets are in a file of labels (bp_read_options.labels) */
    bool has_roles;       /* the file says which columns are inputs and which are targets */
    bool may_have_header; /* it may have names of columns */
    size_t kept;          /* bytes that stay in the caller's arrays (bp_blocks.keep) */
    uint64_t reserved[3]; /* 0 */
} bp_dataset_info;

BP_API bp_dataset_info bp_dataset_get_info(const bp_dataset *dataset);

typedef enum bp_column_kind {
    BP_COLUMN_NUMBER = 0,
    BP_COLUMN_CATEGORY = 1 /* text, or integer labels of an IDX file */
} bp_column_kind;

typedef struct bp_column_info {
    const char *name;
    bp_column_kind kind;
    bp_column_role role;
    bool integral; /* numbers: every value is an integer */
    double min;    /* numbers */
    double max;
    double mean;
    double std;           /* population standard deviation */
    size_t distinct;      /* distinct values; numbers: counted up to 1001 */
    size_t missing;       /* missing cells; the members above do not count them */
    uint64_t reserved[6]; /* 0 */
} bp_column_info;

/* The text of row `row` (from 0) in the column bp_read_options.id, as the file has it; NULL if
 * there is no such column. */
BP_API const char *bp_dataset_get_id(const bp_dataset *dataset, size_t row);

/* Describes column `column` (from 0) over all rows. Cost: one pass over the column. For
 * an ignored column and the id only name and role are filled. Errors: ARGUMENT (no such column),
 * MEMORY. */
BP_API bp_status bp_dataset_describe(const bp_dataset *dataset, size_t column, bp_column_info *info,
                                     bp_error *error);

/* What a column looks like that a network can hardly use as it stands. */
typedef enum bp_column_hint {
    BP_HINT_NONE = 0,
    BP_HINT_ROW_NUMBERS = 1, /* numbers: 0, 1, 2, ... or 1, 2, 3, ... in the order of the rows */
    BP_HINT_DATES = 2,       /* texts such as 2024-01-31, 31.1.2024 or 1/31/24, also with a time, or
                                numbers such as 20240131 */
    BP_HINT_DISTINCT = 3,    /* text: at least 95 of 100 rows have one of their own */
    BP_HINT_SIGNS = 4,       /* text: numbers with other signs, such as $1.50, 12 % or 1'000 */
    BP_HINT_SPELLINGS = 5    /* text: some differ in capitals (of ASCII) or blanks around alone */
} bp_column_hint;

/* The hint at column `column` (from 0) in `hint`, and its name in `name` unless that is NULL. It
 * follows from all rows of the file, also those that `dataset` does not show. It is NONE below 10
 * rows, for an ignored column and for the id. Cost: mostly that of the first rows. Errors: ARGUMENT
 * (no such column), MEMORY. */
BP_API bp_status bp_dataset_get_hint(const bp_dataset *dataset, size_t column, bp_column_hint *hint,
                                     const char **name, bp_error *error);

/* Whether a text is one of those that people write for a missing value: ? - . NA N/A #N/A <NA> NaN
 * null none missing, in capitals or not. NULL: false. */
BP_API bool bp_text_means_missing(const char *text);

/* One distinct value of a column and how many rows have it. */
typedef struct bp_value_count {
    const char *name; /* categories; NULL for numbers */
    double number;    /* numbers */
    size_t count;
    int64_t integer;      /* numbers that are integers of 64 bits: exactly; else 0 */
    uint64_t reserved[1]; /* 0 */
} bp_value_count;

/* Fills `counts` with the first distinct values of a column, at most `capacity`, and at most 1000
 * numbers: categories in the order of their codes, numbers in ascending order. Returns how many; 0
 * also without memory or such a column. */
BP_API size_t bp_dataset_value_counts(const bp_dataset *dataset, size_t column,
                                      bp_value_count *counts, size_t capacity);

/* ---- models ------------------------------------------------------------------------------ */

/* A network, its parameters, and the meaning of its inputs and outputs. Sharing: `const`, any
 * thread. */
typedef struct bp_model bp_model;

#define BP_LAYERS_MAX 64
#define BP_WIDTH_MAX  1048576 /* neurons in a layer, and inputs */

typedef struct bp_model_options {
    size_t size;                  /* of this struct */
    size_t hidden_count;          /* hidden layers, 0 to BP_LAYERS_MAX - 1; default 1 */
    size_t hidden[BP_LAYERS_MAX]; /* neurons in each; one layer of 0: auto, chosen for the
                                     activation; default 0 */
    bp_activation
        activations[BP_LAYERS_MAX];  /* of each hidden layer; default BP_ACTIVATION_LOGISTIC */
    bp_activation output_activation; /* default BP_ACTIVATION_LOGISTIC */
    bp_loss loss;                    /* default BP_LOSS_MSE */
    float huber_bend;                /* of BP_LOSS_HUBER, > 0, in units of the output neurons, as
                                        number targets are fitted to them: with bend 1 and logistic
                                        outputs it is half the squared error; 0: 1 where targets
                                        are standardized, else an eighth of the range that they
                                        are fitted to, and 1/8 for classes; default 0 */
    float quantile_level;         /* of BP_LOSS_QUANTILE, in (0, 1): the share of targets that are
                                        to lie below the outputs; default 0.5 */
    bp_init init;                 /* default BP_INIT_AUTO */
    float init_range;             /* of BP_INIT_UNIFORM, > 0; default 0.5 */
    bp_hidden_delta hidden_delta; /* default BP_HIDDEN_DELTA_CHAIN_RULE */
    bool thresholds;    /* of neurons; false: none, so that n_j = sum of w_ij o_i; default true */
    bp_scale scale;     /* of inputs; default BP_SCALE_STANDARD */
    bp_task task;       /* default BP_TASK_AUTO */
    bp_missing missing; /* default BP_MISSING_ERROR */
    const char *target; /* CSV: list (as in bp_read_options) of columns by name or number from 1,
                           more than one only for numbers; NULL: the last */
    const char *weight; /* CSV: the column of the weights of the rows, from 0 on, of which 0 is as
                           if the row were not there; NULL: that of BP_ROLE_WEIGHT, or all 1 */
    uint64_t seed;      /* of the initial parameters; default 1 */
    bp_target_scale target_scale; /* default BP_TARGET_SCALE_AUTO */
    const char *scaling; /* list NAME=SHIFT:SCALE,... of inputs and number targets, by name or
                            number from 1: neuron value = (number - SHIFT) * SCALE, whatever
                            `scale` and `target_scale` are; a name with a comma, an equals sign or
                            a quote stands in double quotes; NULL: none */
} bp_model_options;

BP_API void bp_model_options_init(bp_model_options *options, size_t size);

static inline bp_model_options bp_model_options_default(void)
{
    bp_model_options options;
    bp_model_options_init(&options, sizeof options);
    return options;
}

/* Creates a network for `dataset`: fits scaling, categories and classes to its rows and draws the
 * initial parameters. Number targets are fitted to [0.1, 0.9] for logistic and softplus output
 * neurons, to [-0.9, 0.9] for tanh and ELU, and standardized for others; those of the Poisson loss
 * are not scaled, nor those of binary cross-entropy that all lie in [0, 1]; others are fitted to
 * it. Several targets of 0 and 1 with logistic outputs and binary cross-entropy are labels of which
 * a row may have any number: outputs are their probabilities.
 * A target that is the same in all rows is no error. Copies. Errors: ARGUMENT (a loss that needs
 * another output activation, softmax for numbers or in a hidden layer, ...), INPUT, MEMORY. */
BP_API bp_status bp_model_create(bp_model **out, const bp_dataset *dataset,
                                 const bp_model_options *options, bp_error *error);

/* Reads a model file. Errors: IO, INPUT (the file is damaged or no model), MEMORY. */
BP_API bp_status bp_model_load(bp_model **out, const char *path, bp_error *error);

/* Reads the bytes of a model file, such as bp_model_save_memory() makes; copies them.
 * Errors: INPUT, MEMORY. */
BP_API bp_status bp_model_load_memory(bp_model **out, const void *bytes, size_t size,
                                      bp_error *error);

/* Writes a model file atomically: `path` holds the old or the new content, never part of one. A
 * symbolic link stays, and what it leads to is replaced; /dev/stdout, /dev/fd/N, FIFOs and devices
 * are written straight. What a process that was killed left for the same path is removed.
 * Errors: IO, NOT_FINITE (a parameter; nothing is written), MEMORY. */
BP_API bp_status bp_model_save(const bp_model *model, const char *path, bp_error *error);

/* The bytes that bp_model_save() would write, `size` of them, for bp_memory_free(). Errors:
 * NOT_FINITE, MEMORY. */
BP_API bp_status bp_model_save_memory(const bp_model *model, void **bytes, size_t *size,
                                      bp_error *error);

/* Frees the bytes that a function whose name ends in _save_memory made. NULL is legal. */
BP_API void bp_memory_free(void *bytes);

typedef struct bp_export_options {
    size_t size;             /* of this struct */
    bp_export_format format; /* default AUTO */
    bp_unknown unknown; /* what the exported model does with a category that is not known; AUTO is
                           ERROR */
    bool raw;           /* ONNX: the inputs and outputs of the network, as floats, without scaling,
                           categories and classes */
    bool embed; /* C: weights as bytes in strings, which compile faster than numbers, and which
                   nobody can read; for little-endian processors */
    const char *name; /* what functions and, in SQL, the table are called: a letter, then letters,
                         digits and _; NULL: by the path, else "model" */
} bp_export_options;

BP_API void bp_export_options_init(bp_export_options *options, size_t size);

static inline bp_export_options bp_export_options_default(void)
{
    bp_export_options options;
    bp_export_options_init(&options, sizeof options);
    return options;
}

/* Writes a model for programs without this library, atomically as bp_model_save(): all that
 * bp_predict() does with a row, from columns to classes or numbers. docs/export.md says what each
 * format computes, and how close. C: a path that ends in .c, and a header of the same name that
 * ends in .h beside it. Errors: ARGUMENT (a format that the path does not say, an option of another
 * format, a name that is none, a format that this library is built without), IO, NOT_FINITE (a
 * parameter), MEMORY. */
BP_API bp_status bp_model_export(const bp_model *model, const char *path,
                                 const bp_export_options *options, bp_error *error);

/* The content of that file, `size` bytes, for bp_memory_free(), whose format the options say; C:
 * the source with the declarations of its header. Errors: ARGUMENT, NOT_FINITE, MEMORY. */
BP_API bp_status bp_model_export_save_memory(const bp_model *model,
                                             const bp_export_options *options, void **bytes,
                                             size_t *size, bp_error *error);

BP_API void bp_model_free(bp_model *model);

#define BP_DIGEST_SIZE 33 /* 32 hexadecimal digits and NUL */

typedef struct bp_model_info {
    size_t layers;                            /* of weights: hidden layers + 1 */
    size_t widths[BP_LAYERS_MAX + 1];         /* inputs, hidden neurons ..., outputs */
    bp_activation activations[BP_LAYERS_MAX]; /* of layer 0 ... layers - 1 */
    size_t parameters;                        /* what is trained: weights and thresholds */
    bp_loss loss;
    float
        loss_parameter; /* bend of BP_LOSS_HUBER, level of BP_LOSS_QUANTILE; 0: the loss has none */
    bp_hidden_delta hidden_delta;
    bool thresholds; /* whether there are any */
    bp_task task;    /* BP_TASK_CLASSIFY or BP_TASK_REGRESS */
    bp_scale scale;
    bp_missing missing;
    uint64_t seed;
    unsigned numerics;    /* version of the numeric contract */
    size_t input_columns; /* columns of a table, before one-hot encoding */
    size_t target_columns;
    char weights_digest[BP_DIGEST_SIZE]; /* XXH3-128 of the parameters in file order, and of the
                                            weights of members; factors of classes, scaling and the
                                            names of columns and classes are no part of it */
    const char *weight;    /* column of the weights of the rows; it belongs to the model; or NULL */
    bool has_recipe;       /* it was trained, by a version that notes how */
    double valid_fraction; /* of the rows of its training, those that bp_dataset_hold_out() held out
                              for validation; 0: none, or not known */
    size_t members;        /* networks. Of several, `layers`, `widths` and `activations`
                                        are 0, `parameters` and `weights_digest` are of all, and
                                        members have seeds and recipes of their own */
    size_t outputs;        /* output neurons */
    bp_activation output_activation; /* of the output neurons */
    bool has_factors;                /* of classes, as bp_model_set_factors() */
    uint64_t reserved[11];           /* 0 */
} bp_model_info;

BP_API bp_model_info bp_model_get_info(const bp_model *model);

/* How the training data were read: header, separator, decimal sign, missing values and lists of
 * columns. The texts belong to the model. For bp_read_options.of_model, to read further data for
 * the model. */
BP_API void bp_model_read_options_init(bp_read_options *options, size_t size,
                                       const bp_model *model);

static inline bp_read_options bp_model_read_options(const bp_model *model)
{
    bp_read_options options;
    bp_model_read_options_init(&options, sizeof options, model);
    return options;
}

/* One column that the model reads (an input) or predicts (a target). */
typedef struct bp_model_column {
    const char *name;
    bp_column_role role;
    bp_column_kind kind;
    size_t first;       /* its first input or output neuron */
    size_t neurons;     /* 1 for a number, else one for each category */
    float shift, scale; /* numbers: neuron value = ((number - origin) - shift) * scale */
    float fill;         /* number inputs: what a missing cell counts as */
    bool indicator; /* there is one more neuron, the last, which is 1 for a missing cell, else 0 */
    const char *const *categories; /* `neurons` names, or NULL; "" is a missing cell */
    size_t position;               /* its column in the training data, from 0 */
    double origin; /* numbers: taken off in binary64, before all is rounded to binary32; 0 but where
                      the numbers of the training data are near one another and far from 0 */
    uint64_t reserved[4]; /* 0 */
} bp_model_column;

/* Columns 0 ... input_columns - 1 are inputs, the target columns follow. Errors: ARGUMENT (no such
 * column). */
BP_API bp_status bp_model_get_column(const bp_model *model, size_t column, bp_model_column *info,
                                     bp_error *error);

/* Copies the parameters of layer `layer` (from 0): weights (neurons x inputs, row-major: a row is
 * a neuron of the next layer) and thresholds (neurons; subtracted, as in the text; 0 in a model
 * without thresholds). Either pointer may be NULL. Errors: ARGUMENT (no such layer). */
BP_API bp_status bp_model_get_parameters(const bp_model *model, size_t layer, float *weights,
                                         float *thresholds, bp_error *error);

/* Sets the parameters of a layer, in the same layout; what is NULL stays. Errors: ARGUMENT (no such
 * layer, a number that is not finite, a threshold that is not 0 in a model without thresholds). */
BP_API bp_status bp_model_set_parameters(bp_model *model, size_t layer, const float *weights,
                                         const float *thresholds, bp_error *error);

/* The parameters of a layer where they are, in panels of neurons side by side:
 *
 *   p = j / lanes * panel_stride + j % lanes
 *   weights[p + i * input_stride]    the weight from input i to neuron j
 *   biases[p]                        its added bias
 */
typedef struct bp_layer_view {
    const float *weights; /* of input 0 and neuron 0 */
    const float *biases;  /* of neuron 0: the threshold with the other sign */
    size_t neurons;
    size_t inputs;
    size_t lanes;         /* neurons in a panel; a layer of no more is one panel */
    size_t input_stride;  /* floats from an input to the next one */
    size_t panel_stride;  /* floats from a neuron to that `lanes` after it */
    uint64_t reserved[4]; /* 0 */
} bp_layer_view;

/* Shows the parameters of a layer where they are. Copies nothing: the view is of the model, lives
 * as long, and shows what training and bp_model_set_parameters() make of it. Errors: ARGUMENT (no
 * such layer). */
BP_API bp_status bp_model_view_layer(const bp_model *model, size_t layer, bp_layer_view *view,
                                     bp_error *error);

/* The class that the model predicts for a row with these outputs, as bp_predict() gives them: the
 * index of the largest factor x output, the first of equals. 0 for a model of numbers. */
BP_API size_t bp_model_decide(const bp_model *model, const float *outputs);

/* The same of outputs in doubles. */
BP_API size_t bp_model_decide_wide(const bp_model *model, const double *outputs);

/* Sets the factor of each class, in the order of the output neurons: finite and above 0. They are
 * saved with the model, and change nothing but the class that is predicted. A copy of the model has
 * them, too. NULL: all 1, as in every new model. Errors: ARGUMENT (also a model of numbers),
 * MEMORY. */
BP_API bp_status bp_model_set_factors(bp_model *model, const double *factors, bp_error *error);

/* The factor of class `index`, from 0. 0: there is no such class. */
BP_API double bp_model_get_factor(const bp_model *model, size_t index);

/* ---- several networks in a model --------------------------------------------------------- */

#define BP_MEMBERS_MAX 64

/* Makes one model of `count` models of one network each, 1 to BP_MEMBERS_MAX: its members, in their
 * order. It takes them, and predicts the weighted mean of their outputs: of probabilities for
 * classes, of numbers in the user's units. They have the same columns, scaling and classes, output
 * activation and loss; layers, hidden activations and recipes may differ. `weights` are finite and
 * from 0 on, not all 0, and are divided by their sum; members of weight 0 are freed; NULL: all the
 * same. Factors of classes are dropped: they suit the outputs of one model. If one is left, the
 * result is this model itself. Errors: ARGUMENT, MEMORY. */
BP_API bp_status bp_model_combine(bp_model **out, bp_model *const *models, const double *weights,
                                  size_t count, bp_error *error);

/* The number of networks: 1 but for a model that was combined. */
BP_API size_t bp_model_members(const bp_model *model);

/* Member `index`, from 0, as a model of one network, which belongs to `model` and lives as long.
 * Of a model of one network it is the model itself. NULL: there is no such member. */
BP_API const bp_model *bp_model_get_member(const bp_model *model, size_t index);

/* The weight of member `index`, (0, 1]; those of all members add up to 1 but for rounding. 0: there
 * is no such member. */
BP_API double bp_model_member_weight(const bp_model *model, size_t index);

/* A copy of a model, also of several networks, or of a member that is to be trained further.
 * Errors: MEMORY. */
BP_API bp_status bp_model_copy(bp_model **out, const bp_model *model, bp_error *error);

/* ---- networks of other programs ---------------------------------------------------------- */

typedef struct bp_import_options {
    size_t size; /* of this struct */
    bp_import_format format;
    const char *activations;       /* safetensors: of the hidden layers: one name for all, or a list
                                      (as in bp_read_options) with one for each and perhaps one more
                                      for the outputs; NULL: as the file says, which is an error
                                      where it does not */
    const char *layers;            /* safetensors: list of the names of the layers ("net.0" of the
                                      tensors "net.0.weight" and "net.0.bias") from the inputs to
                                      the outputs; NULL: as the numbers in them, or, if there are
                                      none, shapes say */
    const bp_dataset *dataset;     /* rows such as the network was trained on: columns are theirs,
                                      as in bp_model_create(); or NULL: each input is a number */
    const char *inputs;            /* without `dataset`: list of the names of the inputs, by which
                                      columns are found; NULL: "x1", "x2", ..., by their order */
    const char *classes;           /* list of the classes in the order of the output neurons of the
                                      file, or two of one output neuron, which is for the second;
                                      NULL: as in the dataset, or "0", "1", ... where the task is
                                      classes, or outputs are numbers */
    const bp_model_options *model; /* what else the file does not say: output activation (AUTO:
                                      softmax for classes, identity for numbers) and loss, how
                                      columns are taken, task, scaling. Without `dataset`, `target`
                                      is a list of names of the targets. Hidden layers, their
                                      activations, first weights and thresholds are those of the
                                      file. NULL: bp_import_model_options_default() */
} bp_import_options;

BP_API void bp_import_options_init(bp_import_options *options, size_t size);

static inline bp_import_options bp_import_options_default(void)
{
    bp_import_options options;
    bp_import_options_init(&options, sizeof options);
    return options;
}

/* As bp_model_options_init(), but with output activation and loss AUTO, scale and target scale
 * NONE: an imported network takes inputs, and gives outputs, as it did where it was trained. */
BP_API void bp_import_model_options_init(bp_model_options *options, size_t size);

static inline bp_model_options bp_import_model_options_default(void)
{
    bp_model_options options;
    bp_import_model_options_init(&options, sizeof options);
    return options;
}

/* What came of an import. */
typedef struct bp_import_info {
    bp_import_format format; /* SAFETENSORS or FANN */
    size_t rounded;       /* parameters that binary32 does not hold exactly (F64; FANN's steepness
                                other than a power of 2): the nearest are taken */
    bool by_shapes;       /* shapes alone said in which order the layers are */
    bool split;           /* one logistic output neuron for two classes has become two with
                                softmax, the first with weights 0: probabilities are the same */
    bool reordered;       /* output neurons are in the order of the classes here, not in that of
                                `classes` */
    uint64_t reserved[8]; /* 0 */
} bp_import_info;

/* Makes a model of a network of another program: of a safetensors file in which each layer is
 * NAME.weight (neurons x inputs) and NAME.bias or none, of F32, F64, F16 or BF16; or of a network
 * file of FANN whose layers are connected in full, with the scaling that it has (plain, gzip or
 * zstd). It can be used and trained further like any other model. Copies. `info`: NULL, or what is
 * filled. Errors: ARGUMENT (an option that is missing, or does not fit the file), INPUT (a file of
 * another kind, or a tensor or layer that there is not here, with its name and the reason), IO,
 * MEMORY. */
BP_API bp_status bp_model_import(bp_model **out, const char *path, const bp_import_options *options,
                                 bp_import_info *info, bp_error *error);

/* The same of the bytes of a file. Errors: as bp_model_import(). */
BP_API bp_status bp_model_import_memory(bp_model **out, const void *bytes, size_t size,
                                        const bp_import_options *options, bp_import_info *info,
                                        bp_error *error);

/* ---- several processes ------------------------------------------------------------------- */

/* Processes that train one network together, on one machine or many: ranks, as MPI calls them. Each
 * calls the same functions with the same options and data. Those that are called collective must be
 * called by every rank, in the same order, by the thread that opened the group; between them a rank
 * may do what it likes. A collective function fails on every rank or on none: where one fails, all
 * return its status, and its message after "rank 2 on HOST: ". Only a rank whose arguments do not
 * lead to the group (NULL instead of the object, options without their size) fails unheard, so that
 * the others wait. What fails between ranks ends all of them. NULL is a process alone. */
typedef struct bp_ranks bp_ranks;

typedef enum bp_launch {
    BP_LAUNCH_AUTO = 0, /* as a launcher (mpirun, srun) says by the environment; else alone */
    BP_LAUNCH_NONE = 1, /* alone */
    BP_LAUNCH_MPI = 2,  /* by MPI, which without a launcher makes a group of one */
} bp_launch;

/* The group that a launcher started, or NULL if this process is alone. Collective: begins MPI if
 * nobody has, in the module libbatchprop-openmpi or libbatchprop-mpich, whichever the launcher
 * belongs to. At most once in a process. Errors: RANKS (started by a launcher whose MPI the
 * library was not built for, or the module is not installed), MEMORY. */
BP_API bp_status bp_ranks_open(bp_ranks **out, bp_launch launch, bp_error *error);

/* The first `count` (from 1) of the ranks as a group of their own, to be closed before the one that
 * it is of; NULL on ranks that are not in it, and for NULL. Collective over `ranks`; where memory
 * is short it ends all. Errors: ARGUMENT (more than there are). */
BP_API bp_status bp_ranks_first(bp_ranks **out, bp_ranks *ranks, size_t count, bp_error *error);

/* Ends MPI if bp_ranks_open() began it. Collective. */
BP_API void bp_ranks_close(bp_ranks *ranks);

/* How many ranks there are, from 1, and which one this is, from 0. */
BP_API size_t bp_ranks_count(const bp_ranks *ranks);
BP_API size_t bp_ranks_rank(const bp_ranks *ranks);

/* The name of the machine of a rank; "" for NULL. */
BP_API const char *bp_ranks_host(const bp_ranks *ranks, size_t rank);

/* Collective: the `bytes` at `data` of rank 0 for all. */
BP_API void bp_ranks_broadcast(bp_ranks *ranks, void *data, size_t bytes);

/* Collective: `bytes` of each rank, at `own`, one after the other in the order of ranks to `all`,
 * which has room for bp_ranks_count() times as many. `bytes` is up to 2^31 - 1. */
BP_API void bp_ranks_gather(bp_ranks *ranks, const void *own, void *all, size_t bytes);

/* Collective: returns when all have called it. */
BP_API void bp_ranks_barrier(bp_ranks *ranks);

/* Ends all ranks with this exit code; returns only for NULL. Then it is for a process whose
 * bp_ranks_open() has failed: MPICH's mpirun, which would wait for it, is told to end the others;
 * other launchers do when it ends. */
BP_API void bp_ranks_abort(bp_ranks *ranks, int code);

/* ---- training ---------------------------------------------------------------------------- */

#define BP_BATCH_FULL        4294967295 /* a batch of all samples */
#define BP_EPOCHS_FEW        4294967295 /* auto: 200 updates, 16 to 30 epochs; Poisson: as 0 */
#define BP_WEIGHT_DECAY_AUTO (-1.0f)
#define BP_DROPOUT_AUTO      (-1.0f)

/* How a model is trained. Values that are auto are chosen when a trainer is created, from the
 * number of samples and from what the other options say. bp_trainer_options() tells them; the texts
 * of bp_option_info say by which rules. */
typedef struct bp_train_options {
    size_t size;            /* of this struct */
    size_t batch_size;      /* samples in a batch; 0: auto; BP_BATCH_FULL, or more than there are:
                               all, as iRPROP- always takes; default 0 */
    size_t epochs;          /* 0: auto, fewer for more samples; BP_EPOCHS_FEW; default 0 */
    float learning_rate;    /* finite, > 0; 0: auto, bp_optimizer_learning_rate() as a rule;
                               default 0 */
    bp_optimizer optimizer; /* default BP_OPTIMIZER_SGD */
    float momentum;         /* of momentum and Nesterov, [0, 1); default 0.9 */
    double beta1, beta2;    /* of Adam and AdamW, [0, 1); default 0.9 and 0.999 */
    double rho;             /* of RMSProp, [0, 1): what stays of the mean square; default 0.99 */
    float epsilon;          /* of RMSProp, Adagrad, Adam and AdamW, > 0 (below 2^-62: as 2^-62);
                               0: bp_optimizer_epsilon(); default 0 */
    bp_schedule schedule;   /* default BP_SCHEDULE_CONSTANT */
    size_t schedule_epochs; /* of step and plateau, from 1; default 10 */
    float schedule_factor; /* of step, exponential and plateau, (0, 1); default 0: 0.5, 0.95, 0.1 */
    size_t warmup_epochs;  /* in which the rate rises linearly with each batch; default 0 */
    float weight_decay;    /* L2, of weights and not of thresholds: gradient += weight_decay * w
                               (AdamW: w -= rate * weight_decay * w); >= 0, or
                               BP_WEIGHT_DECAY_AUTO: less for more samples with AdamW, else 0;
                               default 0 */
    float clip_value;      /* each component of the gradient is cut at +-clip_value, before
                              clip_norm; 0: never; default 0 */
    float clip_norm; /* a gradient of a greater norm is scaled to this norm; 0: never; default 0 */
    float dropout;   /* share of hidden neurons left out of each sample, [0, 1), or BP_DROPOUT_AUTO:
                      0.15 with AdamW (0.05 with BP_EPOCHS_FEW), else 0; default 0 */
    const char *class_weight; /* "balanced", or "NAME=W,..." (others 1), or NULL: all 1 */
    bp_metric metric;         /* of the validation set: which epoch is the best, for patience,
                                 keep_best and the schedule plateau; of epochs with the same metric
                                 the one with the lower loss is better, and accuracies that are one
                                 row or half their standard error apart count as the same
                                 (docs/metrics.md); default BP_METRIC_AUTO */
    size_t patience;   /* epochs without a better one, nor a loss lower than any before, after which
                          the run ends; 0: never; default 0 */
    double min_delta;  /* an epoch is better only by more than this, >= 0; default 0 */
    bool keep_best;    /* with a validation set: end with the weights of the best epoch; default
                            true */
    bool time_phases;  /* fill bp_progress.phases, which makes tiny steps slower */
    uint64_t seed;     /* of the order of samples and of dropout; default 1 */
    bool shuffle;      /* a new order in each epoch; default true */
    size_t shard_size; /* samples in a shard; 0 chooses (docs/numerics.md) */
    size_t threads;    /* 0: min(affinity, cgroup quota, cores), fewer if timing says so */
    bp_backend backend;
    bp_isa isa;
    bool refit; /* with a validation set: when it has chosen an epoch, train again from the first
                   weights, on the samples of both sets, for so many epochs with the learning rates
                   of the first. The model's scaling stays: create it from all rows, before
                   bp_dataset_hold_out(). Not without keep_best, nor with BP_SCHEDULE_PLATEAU;
                   default false */
    bp_unknown unknown;  /* of the validation rows, and of the rows held out of a trial; default
                           BP_UNKNOWN_AUTO: ignore */
    bp_plan plan;        /* how threads share a step; no bit depends on it; default BP_PLAN_AUTO */
    bp_ranks *ranks;     /* kept; with several, a trainer is one of them: create, run, save and
                           restore are collective, and threads are those of each rank; no bit
                           depends on it; default NULL */
    const bp_stop *stop; /* kept; once it is requested a run returns BP_STOPPED before its next
                            batch, after a last call of the callback (over ranks at the next
                            report); does not matter in a trial or an ensemble, which have one of
                            their own; default NULL */
} bp_train_options;

BP_API void bp_train_options_init(bp_train_options *options, size_t size);

static inline bp_train_options bp_train_options_default(void)
{
    bp_train_options options;
    bp_train_options_init(&options, sizeof options);
    return options;
}

/* The learning rate if options.learning_rate is 0: 1 for gradient descent (0.01 if the outputs are
 * neither logistic nor tanh nor softmax), 0.0125 (the first step) for iRPROP-, 0.005 for Adam and
 * AdamW (0.05 if there are no hidden layers), 0.01 for others. The exceptions, which follow from
 * the model, are a trainer's: bp_trainer_options() tells them. */
BP_API float bp_optimizer_learning_rate(bp_optimizer optimizer);

/* The epsilon if options.epsilon is 0: 1e-10 for Adagrad, 1e-8 for others. */
BP_API float bp_optimizer_epsilon(bp_optimizer optimizer);

/* The factor if options.schedule_factor is 0: 0.5 for step, 0.95 for exponential, 0.1 for plateau;
 * 0 for the others, which have none. */
BP_API float bp_schedule_factor(bp_schedule schedule);

/* Sets the options that belong to a preset (activations, loss, init, optimizer, learning rate,
 * schedule, batch size, weight decay; of BP_PRESET_ENSEMBLE those of its first kind, hidden layers
 * among them; of BP_PRESET_QUICK hidden layers and epochs, too). Either pointer may be NULL.
 * Errors: ARGUMENT. */
BP_API bp_status bp_preset_apply(bp_preset preset, bp_model_options *model, bp_train_options *train,
                                 bp_error *error);

/* The kinds of members that a preset has: 5 for BP_PRESET_ENSEMBLE, 1 for others, 0 if there is no
 * such preset. */
BP_API size_t bp_preset_kinds(bp_preset preset);

/* bp_preset_apply() for kind `kind`, from 0. Errors: ARGUMENT (no such preset or kind). */
BP_API bp_status bp_preset_apply_kind(bp_preset preset, size_t kind, bp_model_options *model,
                                      bp_train_options *train, bp_error *error);

/* Seconds that the threads together spent in each part of the steps (src/README.md). They add up
 * to the time of the steps times the threads that ran at once: min(threads, processors of the
 * affinity). Threads of OpenMP that are more than the processors add the time that they wait for
 * one. */
typedef struct bp_phases {
    double gather;
    double forward;
    double delta;
    double gradient;
    double reduce;
    double update;
    double waiting;       /* for one another, and for work */
    uint64_t reserved[3]; /* 0 */
} bp_phases;

/* Metrics over samples, each sample counted by its weight (1 where there are no weights).
 * A metric that the targets do not have is NaN. Classes: precision, recall and F1 are means over
 * the classes (macro) that occur or are predicted, where 0 / 0 counts as 0; with two classes
 * they are those of the second one. docs/metrics.md has the formulas. */
typedef struct bp_metrics {
    size_t samples; /* rows whose weight is above 0 */
    double weight;  /* sum of the weights of the samples */
    double loss;
    double accuracy;          /* classes: share of rows for which their class is predicted */
    double balanced_accuracy; /* classes: mean over the classes that occur of their recall */
    double precision;
    double recall;
    double f1;
    double log_loss; /* classes: mean of -ln of the share of the row's class in the outputs, which
                        counts as 2^-52 at least */
    double rmse;     /* numbers, in the user's units, over all targets */
    double mae;
    double r2;      /* 1 - residual / total sum of squares; mean over targets; NaN if constant */
    size_t unknown; /* samples with a category of an input that the model does not know */
    uint64_t reserved[11]; /* 0 */
} bp_metrics;

/* The value of `metric`; NaN if there is no such metric. */
BP_API double bp_metrics_get(const bp_metrics *metrics, bp_metric metric);

/* Whether less of `metric` is better (loss, log loss, rmse, mae). */
BP_API bool bp_metric_lower_is_better(bp_metric metric);

/* `metric`, or what BP_METRIC_AUTO stands for with the targets of `model`: accuracy for classes;
 * rmse for one number that is trained by the squared error; else the loss, which counts several
 * targets alike, each in its own scale. NULL: `metric`. */
BP_API bp_metric bp_metric_resolve(bp_metric metric, const bp_model *model);

/* The state of a run, for the callback. */
typedef struct bp_progress {
    size_t epoch;              /* epochs done; in a refit: of it */
    size_t epochs;             /* of the run; in a refit: of it */
    size_t samples;            /* samples done in this epoch */
    size_t samples_total;      /* samples of an epoch */
    double train_loss;         /* mean over the samples done in this epoch, each with its weights */
    double valid_loss;         /* after an epoch with a validation set, else NaN */
    const bp_metrics *valid;   /* after an epoch with a validation set, else NULL */
    double metric;             /* of the validation set after an epoch, else NaN: that by which
                                  epochs are compared */
    size_t best_epoch;         /* the best epoch so far, from 1; 0: none */
    double learning_rate;      /* of the last batch */
    double seconds;            /* since the start of the run */
    double samples_per_second; /* of training, without validation */
    bp_phases phases;          /* since the start of the run, with options.time_phases; else zero */
    bool epoch_done;           /* called after an epoch, not within one */
    bool ended;           /* the run ends here: all epochs are done, or patience is exhausted */
    bool refit;           /* this is the second training of options.refit */
    uint64_t reserved[8]; /* 0 */
} bp_progress;

/* Returns true to go on, false to stop after the current batch. Runs on the caller's thread. Within
 * it the trainer may be saved; bp_trainer_run(), _update(), _set_data(), _restore() and _resume()
 * of it are ARGUMENT. */
typedef bool bp_progress_fn(const bp_progress *progress, void *user);

typedef struct bp_train_result {
    size_t epochs;     /* done, without a refit */
    size_t samples;    /* rows of the training set whose weight is above 0 */
    double train_loss; /* of the samples done in the last epoch, of the refit if there is one */
    double valid_loss; /* with the weights at the end, or NaN; with refit those of the best epoch,
                          for which the validation set was not trained on */
    bp_metrics valid;  /* with the same weights; zero without a validation set */
    size_t best_epoch; /* whose weights these are with keep_best; 0: those of the last epoch; with
                          refit: the epochs of it */
    bool ended_early;  /* patience is exhausted */
    double seconds;
    double samples_per_second; /* of training, without validation; NaN: no epoch was trained to
                                  its end, as where the run was complete before */
    size_t threads;
    char threads_reason[BP_REASON_SIZE]; /* why that many, and that plan */
    bp_backend backend;                  /* the one used */
    bp_isa isa;
    char weights_digest[BP_DIGEST_SIZE];
    bp_metric metric;    /* by which epochs were compared: options.metric, resolved where there is a
                           validation set */
    double best_metric;  /* of the validation set after best_epoch; NaN where that is 0 */
    size_t refit_epochs; /* done in the refit */
    size_t refit_samples; /* rows of it: those of both sets; 0: there was none, or not yet */
    size_t batch_size;    /* samples in a batch */
    size_t updates;       /* of the weights, in the epochs done */
    bp_plan plan;         /* the one used; threads_reason says why */
    size_t ranks;         /* processes that trained together, from 1 */
    size_t all_threads;   /* of all of them; threads are those of this one */
    uint64_t reserved[3]; /* 0 */
} bp_train_result;

/* Trains one model on one dataset; owns the team of threads and all scratch memory. */
typedef struct bp_trainer bp_trainer;

/* Makes the trainer of a model. Keeps `model`, which its runs change, `train` and `valid` (or
 * NULL). Columns are matched by name. Collective over options.ranks, as bp_trainer_run() is, which
 * calls the callback of every rank at the same batches and ends on all of them where one returns
 * false. Errors: ARGUMENT, INPUT (a column missing, a class or category unknown to the model),
 * MEMORY, THREADS, RANKS (other data or options than on rank 0). */
BP_API bp_status bp_trainer_create(bp_trainer **out, bp_model *model, const bp_dataset *train,
                                   const bp_dataset *valid, const bp_train_options *options,
                                   bp_error *error);

/* Ranks that have no part of a whole batch and only wait: there are too few shards for more of
 * them to be faster. 0 for a process alone. */
BP_API size_t bp_trainer_idle_ranks(const bp_trainer *trainer);

/* Trains until options.epochs epochs, and those of a refit, are done. After BP_STOPPED another call
 * continues where the last one stopped, within an epoch too. `progress` (or NULL) is called about
 * ten times a second and after every epoch, on the calling thread. `result` may be NULL. Allocates
 * nothing within an epoch. Returns BP_OK, or BP_STOPPED if the callback returned false or
 * options.stop was requested. Errors:
 * NOT_FINITE (the error says where; the model has the weights from the start of the epoch that
 * diverged), MEMORY, THREADS (the child of a fork()). `result` is filled except after THREADS. */
BP_API bp_status bp_trainer_run(bp_trainer *trainer, bp_progress_fn *progress, void *user,
                                bp_train_result *result, bp_error *error);

/* Gives the run `epochs` epochs in all, those done included, in place of options.epochs; not less
 * than have begun, and at least 1. A run that is complete returns at once from bp_trainer_run(),
 * until it gets more. It goes on from the weights of its last epoch, also where the model had those
 * of the best one, with the state of the optimizer: to the bits of a run that was created with so
 * many, except that the cosine has been another one before (from now on it is that of `epochs`).
 * After patience ran out it counts anew from here. Errors: ARGUMENT (also once a refit has begun),
 * MEMORY. */
BP_API bp_status bp_trainer_set_epochs(bp_trainer *trainer, size_t epochs, bp_error *error);

/* One update of the weights with all rows of `batch`, as one batch in their order: online learning.
 * The optimizer goes on from its state, by options.learning_rate or, if it is not 0, by
 * `learning_rate`; schedule and warm-up, which are of epochs, do not count. The bits are those of a
 * step of a run on these rows, for any number of threads; samples are numbered for dropout as they
 * come, from 0 on. `loss` (or NULL) becomes that of the rows before the update. Weights of rows
 * count as those of the training rows, whose mean is 1; class_weight is as fitted to these.
 * Categories that the model does not know are an error unless options.unknown says otherwise. May
 * be called between runs; epochs before count no more for keep_best and patience. Borrows `batch`:
 * one of bp_dataset_from_blocks() with bp_blocks.keep costs little to make. Batches of the same
 * number of rows one after the other are faster than of others. Errors: ARGUMENT (also a trainer
 * with refit or over several ranks), INPUT (rows that the model does not take: nothing has changed
 * then), NOT_FINITE (the loss: the weights are lost), MEMORY, THREADS (the child of a fork()). */
BP_API bp_status bp_trainer_update(bp_trainer *trainer, const bp_dataset *batch,
                                   float learning_rate, double *loss, bp_error *error);

/* Gives a run other training rows, with the columns of the model: it goes on with the weights of
 * now, the state of the optimizer and the epochs done, from the begin of an epoch; a run that is
 * complete first needs more of these, by bp_trainer_set_epochs(). Keeps `train` in place of the one
 * before. The size of batches and what weights of rows and classes count are made of these rows as
 * in bp_trainer_create(); other options, the team of threads and the validation rows stay, and what
 * is best so far. The order of samples and dropout follow from the seed and the number of the epoch
 * as ever. A checkpoint is then for a trainer that is created with the new rows. May be called
 * between runs. Errors: as bp_trainer_create() (the trainer is then as before), ARGUMENT (also a
 * trainer with refit or over several ranks). */
BP_API bp_status bp_trainer_set_data(bp_trainer *trainer, const bp_dataset *train, bp_error *error);

/* How good the weights of a trainer are, beside one answer for all rows. */
typedef struct bp_quality {
    bp_metrics metrics;         /* of the model */
    bp_metrics baseline;        /* of the answer, known from the training rows: for classes the most
                            frequent one, with the share of each class there as outputs; for numbers
                            the mean of each target. `loss` is that of these outputs */
    size_t classes;             /* of the model; 0: numbers */
    const char *baseline_class; /* this class; NULL: numbers */
    const char *only_class;     /* the class that the model gives to every row; NULL: there are
                                   several, or numbers */
    uint64_t constant;    /* 1: the outputs of all rows are the same, to 1e-6 of the largest one,
                                   as where every hidden neuron is saturated; known of
                                   bp_trainer_measure() */
    uint64_t reserved[7]; /* 0 */
} bp_quality;

/* Measures the model of a trainer, with the weights of now, on its training rows, which are all
 * rows after a refit, or on its validation rows with `validation`. Rows have the weights that
 * training gives them, also those of class_weight. One forward pass; may be called between runs.
 * The texts belong to the model. Errors: ARGUMENT (no validation rows), MEMORY, THREADS (the child
 * of a fork()). */
BP_API bp_status bp_trainer_measure(bp_trainer *trainer, bool validation, bp_quality *quality,
                                    bp_error *error);

/* Writes everything that the rest of the run depends on (weights, state of the optimizer, counters,
 * best weights, options, what the data are) to a checkpoint, atomically. May be called between
 * runs and within the callback. Collective over options.ranks: rank 0 writes, and only its path
 * counts. Errors: as bp_model_save(). */
BP_API bp_status bp_trainer_save(bp_trainer *trainer, const char *path, bp_error *error);

/* Sets a new trainer, created with the same data and options, to the state in a checkpoint; its run
 * then ends with the bits of one that was never interrupted. options.epochs, threads, backend and
 * isa may differ. Errors: IO, INPUT (not a checkpoint, damaged, or of other data, options or
 * network: the sentence says which); the trainer is then unchanged. Collective over options.ranks:
 * rank 0 reads, and only its path counts. */
BP_API bp_status bp_trainer_restore(bp_trainer *trainer, const char *path, bp_error *error);

/* bp_trainer_save() into memory: `size` bytes, for bp_memory_free(). Collective over options.ranks:
 * rank 0 gets them, the others NULL and 0. Errors: NOT_FINITE, MEMORY. */
BP_API bp_status bp_trainer_save_memory(bp_trainer *trainer, void **bytes, size_t *size,
                                        bp_error *error);

/* bp_trainer_restore() from such bytes, or from those of a checkpoint file. Collective over
 * options.ranks: the bytes of rank 0 count. Errors: INPUT, MEMORY. */
BP_API bp_status bp_trainer_restore_memory(bp_trainer *trainer, const void *bytes, size_t size,
                                           bp_error *error);

/* What the trainer works with: batch_size (at most the samples), epochs, learning_rate, epsilon,
 * schedule_factor and weight_decay are not auto any more. class_weight belongs to the trainer. Of
 * NULL: the defaults. */
BP_API void bp_trainer_options_init(bp_train_options *options, size_t size,
                                    const bp_trainer *trainer);

static inline bp_train_options bp_trainer_options(const bp_trainer *trainer)
{
    bp_train_options options;
    bp_trainer_options_init(&options, sizeof options, trainer);
    return options;
}

BP_API void bp_trainer_free(bp_trainer *trainer);

/* ---- recipes ------------------------------------------------------------------------------ */

/* The recipe of a model: the options that it was made and trained with, which its file holds. The
 * functions below fill a struct that has been filled by its _default(). Texts belong to the model
 * and live until it is trained again or freed. */

/* The options as given to bp_model_create(), with the widths that auto stood for. Of a file without
 * a recipe: what its network and columns tell, and the defaults of `init` and `init_range`;
 * `target` is NULL unless it is one column of a name from a file. Errors: INPUT (the recipe has an
 * option or a value that this version does not know; then `options` is as before). */
BP_API bp_status bp_model_get_options(const bp_model *model, bp_model_options *options,
                                      bp_error *error);

/* The options as given to bp_trainer_create() for the last run that changed the model: those to go
 * on with. One that nothing read has its default, and so have threads, backend, isa and
 * time_phases. All are the defaults without bp_model_info.has_recipe. Errors: as
 * bp_model_get_options(). */
BP_API bp_status bp_model_get_train_options(const bp_model *model, bp_train_options *options,
                                            bp_error *error);

/* The same, with what a word such as "auto" stood for in that run. Errors: as
 * bp_model_get_options(). */
BP_API bp_status bp_model_get_effective_options(const bp_model *model, bp_train_options *options,
                                                bp_error *error);

/* Whether options that are given again say what the model is. `given` has the names of
 * `given_count` of them; names of other options and "seed" are passed over. An option is the same
 * if it has the text that bp_model_get_options() gives; "auto" is the same as what it stands for,
 * and a column by name as by its number in the training file. Errors: ARGUMENT, a sentence that
 * begins with the name of the first that differs and has both values; others as
 * bp_model_get_options(). */
BP_API bp_status bp_model_check_options(const bp_model *model, const bp_model_options *options,
                                        const char *const *given, size_t given_count,
                                        bp_error *error);

/* ---- a folder of checkpoints ------------------------------------------------------------- */

/* The checkpoints of one run, in a folder of its own. Their names say where in the run they were
 * written: checkpoint-00000012-0000000640.safetensors is after 12 epochs and 640 samples of the
 * next. For one thread at a time. */
typedef struct bp_checkpoints bp_checkpoints;

/* Opens a folder, which is made if it is missing, lists the checkpoints in it and removes the
 * unfinished files of runs that were killed. Errors: IO, MEMORY. */
BP_API bp_status bp_checkpoints_open(bp_checkpoints **out, const char *folder, bp_error *error);
BP_API void bp_checkpoints_free(bp_checkpoints *checkpoints);

/* A checkpoint of a folder. The texts live until the next call that is not bp_checkpoints_get(). */
typedef struct bp_checkpoint {
    const char *path;
    size_t epochs;       /* done, those of a refit included */
    size_t samples;      /* done in the epoch after them */
    const char *skipped; /* why the last search did not take it; NULL: it did, or came not so far */
    uint64_t reserved[4]; /* 0 */
} bp_checkpoint;

/* How many there are; 0 for NULL. */
BP_API size_t bp_checkpoints_count(const bp_checkpoints *checkpoints);

/* Checkpoint `index`, from 0, the furthest in the run first. Error: ARGUMENT. */
BP_API bp_status bp_checkpoints_get(const bp_checkpoints *checkpoints, size_t index,
                                    bp_checkpoint *checkpoint, bp_error *error);

/* Finds the furthest checkpoint that is not damaged; bp_model_load() reads the model in it. The
 * ones before it have a text in `skipped`. `newest` has the path NULL if there is no checkpoint.
 * Errors: IO and INPUT, those of the furthest, if there are some and none is good; MEMORY. */
BP_API bp_status bp_checkpoints_newest(bp_checkpoints *checkpoints, bp_checkpoint *newest,
                                       bp_error *error);

/* bp_trainer_restore() from the furthest checkpoint that is good: damage, and a file that cannot be
 * read, leads to the next one. `resumed` (or NULL) is the one taken, and has the path NULL if there
 * is none: the run then begins at its start. Errors: as of bp_trainer_restore(), if there are some
 * and none is good: those of the furthest one of another run, or else of the furthest; then the
 * trainer is as before. Collective over options.ranks: rank 0 reads, and `checkpoints` of the
 * others may be NULL. */
BP_API bp_status bp_trainer_resume(bp_trainer *trainer, bp_checkpoints *checkpoints,
                                   bp_checkpoint *resumed, bp_error *error);

/* bp_trainer_save() under the name that says where the run is; nothing if the last one was written,
 * or resumed from, at the same place. Then all but it and the one before are removed. Errors: as
 * bp_trainer_save(); ARGUMENT if the folder held checkpoints that the run was not resumed from.
 * Collective over options.ranks: rank 0 writes, and `checkpoints` of the others may be NULL. */
BP_API bp_status bp_trainer_save_in(bp_trainer *trainer, bp_checkpoints *checkpoints,
                                    bp_error *error);

/* ---- using a model ----------------------------------------------------------------------- */

typedef struct bp_run_options {
    size_t size;    /* of this struct */
    size_t threads; /* 0: min(affinity, cgroup quota, cores), fewer for little work */
    bp_backend backend;
    bp_isa isa;
    const char *target; /* CSV: the column of the targets if its name is not that in training */
    const char *weight; /* the same for the weights of the rows, in bp_evaluate() */
    const char *class_weight; /* bp_evaluate(): as in bp_train_options */
    bp_unknown unknown;       /* default BP_UNKNOWN_AUTO: error */
} bp_run_options;

BP_API void bp_run_options_init(bp_run_options *options, size_t size);

static inline bp_run_options bp_run_options_default(void)
{
    bp_run_options options;
    bp_run_options_init(&options, sizeof options);
    return options;
}

/* Measures a model on a dataset with targets. Rows have the weights of the column that the model
 * was trained with, if `dataset` has it, or else of that of BP_ROLE_WEIGHT. Errors: as
 * bp_trainer_create(), and INPUT if `dataset` has no targets. */
BP_API bp_status bp_evaluate(const bp_model *model, const bp_dataset *dataset,
                             const bp_run_options *options, bp_metrics *metrics, bp_error *error);

/* The result of bp_evaluate() for each class or target. Sharing: `const`, any thread. */
typedef struct bp_evaluation bp_evaluation;

/* As bp_evaluate(), with the figures of each class or target and the confusions of classes. Copies
 * what it needs. Errors: as bp_evaluate(). */
BP_API bp_status bp_evaluation_create(bp_evaluation **out, const bp_model *model,
                                      const bp_dataset *dataset, const bp_run_options *options,
                                      bp_error *error);
BP_API void bp_evaluation_free(bp_evaluation *evaluation);

/* As bp_evaluate() fills them. */
BP_API bp_metrics bp_evaluation_get_metrics(const bp_evaluation *evaluation);

/* The number of classes, each with an output neuron; 0 for numbers. */
BP_API size_t bp_evaluation_classes(const bp_evaluation *evaluation);

/* The number of target columns of numbers; 0 for classes. */
BP_API size_t bp_evaluation_targets(const bp_evaluation *evaluation);

/* One class against all others; 0 / 0 counts as 0. */
typedef struct bp_class_metrics {
    const char *name;
    size_t samples;       /* rows of the class */
    double weight;        /* sum of their weights */
    double predicted;     /* sum of the weights of the rows predicted as this class */
    double precision;     /* share of these that are of the class */
    double recall;        /* share of the rows of the class that are predicted as it */
    double f1;            /* harmonic mean of both */
    uint64_t reserved[6]; /* 0 */
} bp_class_metrics;

/* Class `index`, from 0, in the order of the output neurons. Errors: ARGUMENT (no such class). */
BP_API bp_status bp_evaluation_get_class(const bp_evaluation *evaluation, size_t index,
                                         bp_class_metrics *metrics, bp_error *error);

/* Row `truth` of the confusion matrix: counts[k], for each class k, becomes the number of rows of
 * class `truth` that are predicted as k, without weights. Errors: ARGUMENT (no such class). */
BP_API bp_status bp_evaluation_get_confusion(const bp_evaluation *evaluation, size_t truth,
                                             uint64_t *counts, bp_error *error);

/* One target column of numbers, in the user's units. */
typedef struct bp_target_metrics {
    const char *name;
    double rmse;
    double mae;
    double r2;            /* NaN if the target is constant */
    uint64_t reserved[6]; /* 0 */
} bp_target_metrics;

/* Target `index`, from 0. Errors: ARGUMENT (no such target). */
BP_API bp_status bp_evaluation_get_target(const bp_evaluation *evaluation, size_t index,
                                          bp_target_metrics *metrics, bp_error *error);

typedef struct bp_importance_options {
    size_t size;      /* of this struct */
    size_t repeats;   /* how often each column is permuted, 1 ... 10000; default 5 */
    uint64_t seed;    /* of the permutations; default 1 */
    bp_metric metric; /* default BP_METRIC_AUTO: as bp_metric_resolve() has it */
} bp_importance_options;

BP_API void bp_importance_options_init(bp_importance_options *options, size_t size);

static inline bp_importance_options bp_importance_options_default(void)
{
    bp_importance_options options;
    bp_importance_options_init(&options, sizeof options);
    return options;
}

/* How much worse a model is where one of its input columns has the values of other rows. */
typedef struct bp_importance {
    const char *name;     /* of the column; belongs to the model */
    double mean;          /* over the repetitions: how much worse the metric is, in its own unit,
                             above 0 also where less is better */
    double std;           /* population standard deviation over the repetitions */
    double measured;      /* the metric on the rows as they are; the same in all columns */
    bp_metric metric;     /* not AUTO */
    uint64_t reserved[4]; /* 0 */
} bp_importance;

/* Permutation importance (Breiman 2001) on a dataset with targets, with the signs of scikit-learn:
 * `importance` has bp_model_info.input_columns entries, in their order. A repetition orders the
 * rows in one way, for all columns. Cost: 1 + repeats x columns times that of bp_evaluate(), and a
 * copy of the inputs as floats. The same bits for any number of threads. Errors: as bp_evaluate(),
 * and ARGUMENT (no such metric for these targets, or for these rows). */
BP_API bp_status bp_permutation_importance(const bp_model *model, const bp_dataset *dataset,
                                           const bp_run_options *options,
                                           const bp_importance_options *how,
                                           bp_importance *importance, bp_error *error);

/* Predicts every row of `dataset`, which may lack the targets. `outputs`: rows x output neurons;
 * numbers in the user's units, classes as the values of their output neurons. A value of a neuron
 * below 2^-63 (1.1e-19) is 0. Errors: as bp_trainer_create(). */
BP_API bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                            const bp_run_options *options, float *outputs, bp_error *error);

/* The same in doubles: targets that are near one another and far from 0, such as times in seconds,
 * keep what makes them different. Errors: as bp_predict(). */
BP_API bp_status bp_predict_wide(const bp_model *model, const bp_dataset *dataset,
                                 const bp_run_options *options, double *outputs, bp_error *error);

/* The same, and how far the networks of the model disagree: `spread` (rows x output neurons, as
 * `outputs`) becomes the standard deviation of each output over them, each with its weight; 0 for a
 * model of one. It is no confidence interval (docs/ensembles.md). Errors: as bp_predict(). */
BP_API bp_status bp_predict_spread(const bp_model *model, const bp_dataset *dataset,
                                   const bp_run_options *options, double *outputs, double *spread,
                                   bp_error *error);

/* Numbers of rows with targets beside what the model says: `pairs`, rows x targets x 2, becomes
 * target and prediction in the user's units, the target as the loss has it, rounded to binary32 in
 * the scale of its neuron. Rows that count nothing are left out: `rows` becomes how many there are.
 * Errors: as bp_evaluate(), and ARGUMENT (the model predicts classes). */
BP_API bp_status bp_predict_pairs(const bp_model *model, const bp_dataset *dataset,
                                  const bp_run_options *options, double *pairs, size_t *rows,
                                  bp_error *error);

/* Where the predictions of rows go; what is NULL is left out, but not all. */
typedef struct bp_predictions {
    size_t size;          /* of this struct */
    float *outputs;       /* rows x output neurons, as of bp_predict() */
    double *wide_outputs; /* rows x output neurons, as of bp_predict_wide() */
    double *spread;       /* rows x output neurons, as of bp_predict_spread() */
    uint32_t *classes;    /* rows: the class of each, as of bp_model_decide() */
} bp_predictions;

/* No place for predictions: NULL. */
BP_API void bp_predictions_init(bp_predictions *predictions, size_t size);

static inline bp_predictions bp_predictions_default(void)
{
    bp_predictions predictions;
    bp_predictions_init(&predictions, sizeof predictions);
    return predictions;
}

/* Predicts the rows of blocks where they are, without a dataset: the same as of a dataset of them,
 * bit for bit, unless its doubles have other origins than the training data. Targets and weights
 * are left out. Columns are found by name if the model and every input has one, else they are
 * as many as the model's, in its order. Missing cells are dealt with as the model says, whatever
 * bp_column_block.missing is, or else are an error. What a single network of several says is what
 * bp_model_get_member() predicts. After an error the predictions are undefined. Errors: ARGUMENT,
 * INPUT (a column is missing or of another kind; with row and column a number that is missing,
 * infinite or too large, or a category that the model does not know), MEMORY, THREADS. */
BP_API bp_status bp_predict_blocks(const bp_model *model, const bp_blocks *blocks,
                                   const bp_run_options *options, const bp_predictions *predictions,
                                   bp_error *error);

/* The text of rows begin ... end - 1, in memory of malloc(), which the caller frees, and its size;
 * NULL: there is no memory. Called on several threads at once. */
typedef char *bp_format_fn(void *user, size_t begin, size_t end, size_t *size);

/* Takes the next text, on the thread of the caller. False: stop. */
typedef bool bp_text_fn(void *user, const char *text, size_t size);

/* Makes the text of rows 0 ... rows - 1, such as predictions for a file, in runs of rows on the
 * threads and the backend of `options`, and hands the texts to `take` in the order of the rows: all
 * of them together are the same whatever the number of threads. A run is a few rows at first, then
 * as many as give about a megabyte; each thread holds one. Errors: ARGUMENT, MEMORY, STOPPED (by
 * `take`), THREADS. */
BP_API bp_status bp_format_rows(size_t rows, const bp_run_options *options, bp_format_fn *format,
                                bp_text_fn *take, void *user, bp_error *error);

/* What a model does not know of the inputs of a dataset. */
typedef struct bp_unknown_info {
    size_t rows;                 /* with a category that the training rows did not have */
    char values[BP_REASON_SIZE]; /* some of these: "x" of column "color" (2 rows), ... */
    uint64_t reserved[4];        /* 0 */
} bp_unknown_info;

/* Counts over all rows of `dataset`, which may lack the targets. Errors: as bp_trainer_create(). */
BP_API bp_status bp_count_unknown(const bp_model *model, const bp_dataset *dataset,
                                  bp_unknown_info *info, bp_error *error);

/* Scratch memory for bp_predict_rows(), for one thread at a time. Keeps `model`. It is cheap to
 * make: memory is touched as rows need it, little for one row. */
typedef struct bp_workspace bp_workspace;

/* Scratch memory for predictions of `model`. Errors: MEMORY. */
BP_API bp_status bp_workspace_create(bp_workspace **out, const bp_model *model, bp_error *error);
BP_API void bp_workspace_free(bp_workspace *workspace);

/* Predicts `rows` rows of numbers in the user's units (rows x input neurons, one-hot where a column
 * is a category), on the calling thread; allocates nothing. `outputs` as in bp_predict(). Errors:
 * ARGUMENT (a workspace of another model; an input that is not finite, with its row). */
BP_API bp_status bp_predict_rows(const bp_model *model, bp_workspace *workspace,
                                 const float *inputs, size_t rows, float *outputs, bp_error *error);

/* The same in doubles, also for inputs that are near one another and far from 0. Errors: as
 * bp_predict_rows(). */
BP_API bp_status bp_predict_rows_wide(const bp_model *model, bp_workspace *workspace,
                                      const double *inputs, size_t rows, double *outputs,
                                      bp_error *error);

/* ---- gradients --------------------------------------------------------------------------- */

/* The loss of a network and its gradient, for optimizers of the program and for checks. For one
 * thread at a time; several may be of the same model, as long as nobody changes it. */
typedef struct bp_gradient bp_gradient;

/* Makes what computes gradients. Keeps `model`, of one network, and the texts of `options`, which
 * are read as in bp_evaluate(); threads that are chosen suit the first batch. Errors: ARGUMENT,
 * MEMORY. */
BP_API bp_status bp_gradient_create(bp_gradient **out, const bp_model *model,
                                    const bp_run_options *options, bp_error *error);
BP_API void bp_gradient_free(bp_gradient *gradient);

/* Computes the loss on all rows of `batch`, with the parameters of now, and its gradient: the
 * mean of the loss of a row, each with its weight as in bp_evaluate(), without dropout and weight
 * decay; hidden deltas by the rule of the model. `loss` (or NULL) may become infinite or NaN. The
 * same bits for any number of threads. Errors: as bp_evaluate(). */
BP_API bp_status bp_gradient_compute(bp_gradient *gradient, const bp_dataset *batch, double *loss,
                                     bp_error *error);

/* Copies the gradient of layer `layer` (from 0): by its weights (neurons x inputs, row-major) and
 * by its thresholds (neurons), as bp_model_get_parameters() has these. Either pointer may be
 * NULL. All 0 before the first bp_gradient_compute(). Errors: ARGUMENT (no such layer). */
BP_API bp_status bp_gradient_get_parameters(const bp_gradient *gradient, size_t layer,
                                            float *weights, float *thresholds, bp_error *error);

/* The same without a copy, by weights and by added biases, which lives as long as `gradient`.
 * Errors: ARGUMENT (no such layer). */
BP_API bp_status bp_gradient_view_layer(const bp_gradient *gradient, size_t layer,
                                        bp_layer_view *view, bp_error *error);

/* ---- many trainings at once -------------------------------------------------------------- */

/* One training and its test: a model is created for the rows that are not held out, trained on them
 * and measured on the rows held out; with kinds or options of an ensemble, bp_ensemble_train()
 * makes the model. The result depends on this struct and the dataset alone. */
typedef struct bp_trial {
    size_t size;                   /* of this struct */
    const bp_model_options *model; /* or NULL: the defaults */
    const bp_train_options *train; /* or NULL; threads, backend, ranks, stop and time_phases do
                                      not matter */
    const bp_holdout *holdout;     /* its target, weight and task are those of `model` */
    double valid_fraction; /* of the rows to be trained on, the share that is the validation set of
                              the training (stratified as holdout, and by its seed), or 0: none.
                              With train->refit the model is created for all of them */
    const struct bp_member_kind *kinds; /* of an ensemble: kind_count of them; or NULL: one of
                                           `model` and `train`, which are not read otherwise */
    size_t kind_count;
    const struct bp_ensemble_options *ensemble; /* or NULL: the defaults with kinds, else one
                                                   network; threads, backend, progress, user,
                                                   ranks and stop do not matter */
} bp_trial;

BP_API void bp_trial_init(bp_trial *trial, size_t size);

static inline bp_trial bp_trial_default(void)
{
    bp_trial trial;
    bp_trial_init(&trial, sizeof trial);
    return trial;
}

typedef struct bp_trial_result {
    bp_error error;     /* status BP_OK; or BP_STOPPED: stopped by the callback, or not started; or
                           why the trial failed: members that are not known are then zero */
    bp_task task;       /* CLASSIFY or REGRESS; AUTO if the trial failed before it was known */
    bp_metrics metrics; /* of the rows held out */
    bp_train_result train; /* threads_reason is empty. Of an ensemble: samples, seconds, threads,
                              ranks, all_threads, backend, isa, weights_digest of the model, epochs
                              and updates of the members that ended, together; the rest is 0 or
                              NaN */
    uint64_t reserved[4];  /* 0 */
} bp_trial_result;

typedef struct bp_trials_progress {
    size_t done;  /* trials, failed ones too */
    size_t count; /* trials in all */
    double
        share; /* of the epochs of all trials, what is done, [0, 1]; a trial that ended is done */
    double seconds;       /* since the start */
    size_t resumed;       /* of `done`, those that the journal had */
    uint64_t reserved[3]; /* 0 */
} bp_trials_progress;

/* Returns true to go on, false to stop all trials after their current batch. Called on any of the
 * threads, but never on two at the same time. */
typedef bool bp_trials_fn(const bp_trials_progress *progress, void *user);

typedef struct bp_trials {
    size_t size;               /* of this struct */
    const bp_dataset *dataset; /* of all trials */
    const bp_trial *trial;     /* count of them */
    size_t count;
    size_t threads; /* trials that run at once, each on one thread; 0: bp_usable_processors(), which
                       ranks that may use the same ones share */
    bp_backend backend;
    bp_trials_fn *progress; /* about ten times a second and after every trial, and at the start if
                               the journal has some; or NULL */
    void *user;
    bp_ranks *ranks; /* trials are dealt to the threads of all ranks: bp_trials_run() is collective,
                        and fills the results on each; no bit depends on it; default NULL */
    const char *journal; /* a file, which rank 0 makes if it is missing, or NULL: each trial that
                            ends is added at once, and those that are there are not run again.
                            Failures for want of memory, threads or files are not kept; default
                            NULL */
    const bp_stop *stop; /* once it is requested all trials stop before their
                            next batches, as if the callback had said so; default NULL */
} bp_trials;

BP_API void bp_trials_init(bp_trials *trials, size_t size);

static inline bp_trials bp_trials_default(void)
{
    bp_trials trials;
    bp_trials_init(&trials, sizeof trials);
    return trials;
}

/* Runs trials, each on one thread. Fills results[0 ... count - 1], in the order of the trials;
 * apart from seconds they do not depend on the number of threads or ranks. A trial that fails does
 * not stop others, and is no failure of this call, but where memory runs out: then all stop.
 * Returns BP_STOPPED if the callback returned false, or `stop` was requested, on any rank. Errors:
 * ARGUMENT, MEMORY, THREADS, RANKS (trials or rows of a rank are not those of rank 0), IO (the
 * journal; trials are then stopped), INPUT (it is damaged, or of other rows, options or version:
 * the sentence says what differs). */
BP_API bp_status bp_trials_run(const bp_trials *trials, bp_trial_result *results, bp_error *error);

/* ---- cross-validation -------------------------------------------------------------------- */

#define BP_TRIALS_MAX 1000000 /* models of one cross-validation */

/* Models that are trained on all rows but some, and measured on these. */
typedef struct bp_cross_validation_options {
    size_t size;                   /* of this struct */
    const bp_model_options *model; /* or NULL: the defaults; not its seed */
    const bp_train_options
        *train;   /* or NULL: the defaults; its seed S is that of model and training;
                                      threads, backend, ranks, stop and time_phases do not matter */
    size_t folds; /* the rows are divided into so many parts, each of which is held out once; from 2
                     to the number of rows; default 10 */
    double holdout; /* this share of the rows, (0, 1), is held out once; 0: folds; default 0 */
    size_t repeats; /* the rows are divided again by the seeds S, S + 1, ...; from 1; default 1 */
    size_t seeds;  /* models that are trained on the same rows from the seeds S, S + 1, ...; from 1;
                       default 1 */
    bool stratify; /* as in bp_holdout; default true */
    double valid_fraction; /* as in bp_trial; default 0 */
    size_t threads;        /* models that are trained at once; 0: bp_usable_processors() */
    bp_backend backend;
    bp_trials_fn *progress; /* as in bp_trials; or NULL */
    void *user;
    const struct bp_member_kind *kinds; /* as in bp_trial; or NULL */
    size_t kind_count;
    const struct bp_ensemble_options *ensemble; /* as in bp_trial; its seed is S then; or NULL */
    bp_ranks *ranks;     /* as in bp_trials, for all of bp_cross_validate() and
                        bp_cross_validate_each(); default NULL */
    const char *journal; /* as in bp_trials; default NULL */
    const bp_stop *stop; /* as in bp_trials; default NULL */
} bp_cross_validation_options;

BP_API void bp_cross_validation_options_init(bp_cross_validation_options *options, size_t size);

static inline bp_cross_validation_options bp_cross_validation_options_default(void)
{
    bp_cross_validation_options options;
    bp_cross_validation_options_init(&options, sizeof options);
    return options;
}

/* What came of a cross-validation. Sharing: `const`, any thread. */
typedef struct bp_cross_validation bp_cross_validation;

/* Trains repeats x seeds x folds models by bp_trials_run() and measures each on the rows held out:
 * the same numbers for any number of threads. `options` NULL: the defaults. BP_OK also if models
 * failed (bp_cross_validation_info.failed). BP_STOPPED as of bp_trials_run(); `out` then holds
 * the models that were done. Errors: ARGUMENT (an option, also more than BP_TRIALS_MAX models); as
 * of bp_trials_run(). */
BP_API bp_status bp_cross_validate(bp_cross_validation **out, const bp_dataset *dataset,
                                   const bp_cross_validation_options *options, bp_error *error);

/* `count` cross-validations of the same rows as one run, which keeps all threads busy to its end:
 * out[k] is bp_cross_validate() by options[k]. Threads, backend, progress, ranks and journal are
 * those of options[0]. Errors: as of bp_cross_validate(); then every out[k] is NULL. */
BP_API bp_status bp_cross_validate_each(bp_cross_validation **out, size_t count,
                                        const bp_dataset *dataset,
                                        const bp_cross_validation_options *const *options,
                                        bp_error *error);
BP_API void bp_cross_validation_free(bp_cross_validation *validation);

typedef struct bp_cross_validation_info {
    bp_task task;         /* CLASSIFY or REGRESS; AUTO: every model failed before it was known */
    size_t models;        /* repeats x seeds x folds */
    size_t failed;        /* of them, also those that were not begun */
    size_t first_failed;  /* its index, or `models` */
    size_t threads;       /* models that were trained at once */
    double seconds;       /* of the whole run */
    uint64_t reserved[4]; /* 0 */
} bp_cross_validation_info;

BP_API bp_cross_validation_info bp_cross_validation_get_info(const bp_cross_validation *validation);

/* One model: in a repeat seed by seed, with a seed fold by fold. */
typedef struct bp_cross_validation_model {
    size_t repeat;          /* from 0 */
    size_t fold;            /* from 0; 0 where a share is held out */
    uint64_t seed;          /* of its weights and of the order of samples */
    bp_trial_result result; /* its metrics are those of the rows held out */
    uint64_t reserved[4];   /* 0 */
} bp_cross_validation_model;

/* Model `index`, from 0 to info.models - 1. Error: ARGUMENT. */
BP_API bp_status bp_cross_validation_get_model(const bp_cross_validation *validation, size_t index,
                                               bp_cross_validation_model *model, bp_error *error);

/* A metric over the models. */
typedef struct bp_metric_summary {
    size_t count; /* models that have it: those that did not fail, if the targets have it */
    double mean;  /* NaN if no model has it, and so are min and max */
    double std;   /* sample standard deviation: sqrt(sum of (value - mean)^2 / (count - 1)); NaN
                     below two models */
    double min;
    double max;
    uint64_t reserved[4]; /* 0 */
} bp_metric_summary;

/* A metric over all models. NULL: no models. */
BP_API bp_metric_summary bp_cross_validation_summarize(const bp_cross_validation *validation,
                                                       bp_metric metric);

/* ---- ensembles --------------------------------------------------------------------------- */

#define BP_KINDS_MAX 16

/* How some of the members of an ensemble are made: they differ by seed and rows alone. */
typedef struct bp_member_kind {
    size_t size;                   /* of this struct */
    const bp_model_options *model; /* or NULL: the defaults; not its seed. Columns, scaling, loss
                                      and outputs are the same for all kinds */
    const bp_train_options *train; /* or NULL: the defaults; not its seed; threads, backend,
                                      ranks, stop and time_phases do not matter */
} bp_member_kind;

BP_API void bp_member_kind_init(bp_member_kind *kind, size_t size);

static inline bp_member_kind bp_member_kind_default(void)
{
    bp_member_kind kind;
    bp_member_kind_init(&kind, sizeof kind);
    return kind;
}

/* Where an ensemble is, for the callback: something is new of one member. */
typedef struct bp_member_progress {
    size_t member;          /* from 0 */
    size_t members;         /* in all */
    size_t kind;            /* of this one, from 0 */
    bp_trainer *trainer;    /* of this one: for bp_trainer_resume() and bp_trainer_save_in(); NULL:
                               another rank trains it */
    const bp_progress *run; /* of this one; NULL: it has not begun, or has ended */
    const bp_train_result *result; /* of this one: it has ended; else NULL */
    size_t done;                   /* members that ended */
    double share;                  /* of all members, what is done, [0, 1] */
    double seconds;                /* since the start */
    bool stopping;        /* this one stops here, as somebody wanted: the time to save it */
    uint64_t reserved[3]; /* 0 */
} bp_member_progress;

/* Called before a member begins, as bp_progress_fn() while it is trained, once more where it is
 * stopped, and after it ended, on any of the threads, but never on two at the same time. Returns
 * true to go on, false to stop all members after their current batch.
 *
 * Over ranks that of each rank hears of the members that it trains, and of the end of the others;
 * that of rank 0 also of each epoch of those. A few dozen times a second it is called with `member`
 * and `kind` SIZE_MAX, of what is new in the rest alone. */
typedef bool bp_member_progress_fn(const bp_member_progress *progress, void *user);

typedef struct bp_ensemble_options {
    size_t size;    /* of this struct */
    size_t members; /* networks, 1 to BP_MEMBERS_MAX, dealt to the kinds in turn; 0: one a kind, or
                       one a kind and fold; default 0 */
    bp_member_rows member_rows; /* default BP_MEMBER_ROWS_ALL */
    size_t member_folds; /* of BP_MEMBER_ROWS_FOLDS, from 2 to the number of rows; stratified where
                            the targets are classes; default 5 */
    bp_member_weights member_weights; /* OUT_OF_FOLD needs folds or bootstrap; default
                                         BP_MEMBER_WEIGHTS_EQUAL */
    bp_decision decide; /* the factors of classes in the model; F1 and BALANCED are for classes with
                           softmax or logistic outputs, and need folds or bootstrap; default
                           BP_DECISION_GREATEST */
    uint64_t seed;      /* of the rows, and from which the seeds of the members follow; default 1 */
    size_t threads;     /* members are dealt to them, on each rank; 0: bp_usable_processors(), which
                           ranks that may use the same ones share */
    bp_backend backend; /* of the threads */
    bp_member_progress_fn *progress; /* or NULL */
    void *user;
    bp_ranks *ranks;     /* members are dealt to the threads of all ranks; default NULL */
    const bp_stop *stop; /* once it is requested all members stop before their
                            next batches, as if the callback had said so; default NULL */
} bp_ensemble_options;

BP_API void bp_ensemble_options_init(bp_ensemble_options *options, size_t size);

static inline bp_ensemble_options bp_ensemble_options_default(void)
{
    bp_ensemble_options options;
    bp_ensemble_options_init(&options, sizeof options);
    return options;
}

/* Sets the options of an ensemble that belong to a preset: of BP_PRESET_ENSEMBLE folds, and weights
 * by the rows left out; others have none. bp_preset_apply_kind() has the kinds. May be NULL.
 * Errors: ARGUMENT. */
BP_API bp_status bp_preset_apply_ensemble(bp_preset preset, bp_ensemble_options *options,
                                          bp_error *error);

/* The number of members that bp_ensemble_train() trains with these options, from `kind_count`
 * kinds: what `members` says, or auto stands for. Errors: ARGUMENT (an option that is out of range,
 * that nothing reads beside the others, or does not suit the number of kinds). */
BP_API bp_status bp_ensemble_count_members(const bp_ensemble_options *options, size_t kind_count,
                                           size_t *members, bp_error *error);

/* Networks that were trained to be one model. Sharing: `const`, any thread. */
typedef struct bp_ensemble bp_ensemble;

/* Trains members: number m is of kind m % kind_count, in round r = m / kind_count; with folds it
 * leaves out fold r % member_folds of repeat r / member_folds, where the rows are divided by
 * bp_dataset_hold_out() and the seed options.seed + repeat. Scaling, categories and classes are
 * those of all rows of `train` and, with a refit, of `valid` where that is of the same table. A
 * member depends on the data, its kind, its round and options.seed alone: not on the number of
 * members, the other kinds or the threads; it has the bits of a training of its own with its seed
 * on its rows. `valid` (or NULL) is the validation set of each.
 *
 * Members go to the threads one at a time, the largest first; those for which there are more
 * threads than members take several each. A member that fails is left out, with its kind where
 * kinds are weighted, but where memory runs out: then all stop. One with an output that is not
 * finite for a row that it left out has failed (NOT_FINITE). Returns BP_STOPPED if the callback
 * returned false or options->stop was requested; `out` then has the members that ended.
 *
 * Collective over options->ranks, each of which trains some of the members with the same data,
 * kinds and options, apart from threads, backend, progress, user and stop: all have the ensemble
 * in the end, which does not depend on their number, and all stop where the callback of one
 * returns false or its `stop` is requested. Errors: ARGUMENT (an option; kinds whose outputs
 * cannot be averaged; weights by rows left out where there are none), MEMORY, RANKS (other data,
 * options or networks than rank 0 has), of bp_model_create(), or that of the first member where all
 * failed. */
BP_API bp_status bp_ensemble_train(bp_ensemble **out, const bp_dataset *train,
                                   const bp_dataset *valid, const bp_member_kind *kinds,
                                   size_t kind_count, const bp_ensemble_options *options,
                                   bp_error *error);
BP_API void bp_ensemble_free(bp_ensemble *ensemble);

/* The options with which training goes on as it was from the members of `from`: those of
 * bp_model_get_ensemble_options(), but `members` 0, `member_weights` KEPT and `decide` GREATEST.
 * Errors: ARGUMENT (one network, or members that bp_ensemble_train() did not train together), INPUT
 * (as bp_model_get_options()). */
BP_API bp_status bp_ensemble_continue_options(const bp_model *from, bp_ensemble_options *options,
                                              bp_error *error);

/* Whether training can go on from the members of `from` with these options, as far as that can be
 * said without the data. Errors: ARGUMENT, INPUT, as
 * bp_ensemble_continue(). */
BP_API bp_status bp_ensemble_check_continue(const bp_model *from,
                                            const bp_ensemble_options *options, bp_error *error);

/* Trains the members of `from`, which bp_ensemble_train() or this function made, further: each from
 * the weights that it has, as bp_trainer_run() trains a bp_model_copy() of it on its rows. `kinds`:
 * the options of training of each kind, bp_model_kinds() of them; NULL: as they were. `options`:
 * NULL: those of bp_ensemble_continue_options(); `members` is 0 or the number that there is.
 *
 * A member keeps its kind and round, from which and options.seed its seed and, with folds or
 * bootstrap, its rows follow as in bp_ensemble_train(). Columns, scaling and classes are those of
 * the model. With KEPT members have the weights that they had (where one fails, the others theirs
 * over their sum). Factors of classes are not taken over.
 *
 * Rows count as left out only if members have seen none of them before: if the training before was
 * on the same rows in the same order, and `member_rows`, `member_folds` and `seed` are the same.
 * Otherwise bp_ensemble_info.left_reason says why not, there are no figures of rows left out, and
 * weights OUT_OF_FOLD and another decision than GREATEST are refused. For the rest as
 * bp_ensemble_train(). Errors: ARGUMENT, INPUT, as of that function and of
 * bp_ensemble_continue_options(). */
BP_API bp_status bp_ensemble_continue(bp_ensemble **out, const bp_model *from,
                                      const bp_dataset *train, const bp_dataset *valid,
                                      const bp_train_options *kinds,
                                      const bp_ensemble_options *options, bp_error *error);

typedef struct bp_ensemble_info {
    size_t members;
    size_t kinds;
    size_t finished;  /* members that ended well */
    size_t failed;    /* members that did not, but for those that were stopped */
    size_t folds;     /* 0: none */
    bp_task task;     /* CLASSIFY or REGRESS */
    size_t threads;   /* that members were dealt to, of all ranks */
    double seconds;   /* of the whole run */
    size_t rows;      /* that count, of `train` */
    size_t left_rows; /* of them, those that a member of every weighted kind left out: of these are
                         the figures below; 0: none */
    bp_member_weights weights; /* EQUAL (KEPT, if training went on) also where OUT_OF_FOLD was asked
                                  for and no kind is whole, or left_rows is 0 */
    bp_decision decision;      /* GREATEST also where another was asked for and left_rows is 0 */
    const char *left_reason;   /* after bp_ensemble_continue(): why rows that members left out do
                                  not count as such; static; NULL: they do, or there are none */
    uint64_t reserved[7];      /* 0 */
} bp_ensemble_info;

BP_API bp_ensemble_info bp_ensemble_get_info(const bp_ensemble *ensemble);

/* One member. */
typedef struct bp_ensemble_member {
    size_t kind;           /* from 0 */
    size_t round;          /* from 0 */
    uint64_t seed;         /* of its weights and of the order of samples */
    size_t samples;        /* rows that it was trained on; 0: it was not begun */
    double weight;         /* in the model; 0: left out */
    bp_error error;        /* as in bp_trial_result */
    bp_train_result train; /* zero if it failed */
    uint64_t reserved[4];  /* 0 */
} bp_ensemble_member;

/* Member `index`, from 0. Error: ARGUMENT. */
BP_API bp_status bp_ensemble_get_member(const bp_ensemble *ensemble, size_t index,
                                        bp_ensemble_member *member, bp_error *error);

/* One kind: the mean over its members. */
typedef struct bp_ensemble_kind {
    size_t members;
    size_t finished;
    double weight;        /* of its members together; 0: left out */
    bp_metrics metrics;   /* of the rows that its members left out, as bp_ensemble_info.left_rows */
    uint64_t reserved[4]; /* 0 */
} bp_ensemble_kind;

/* Kind `index`, from 0. Error: ARGUMENT. */
BP_API bp_status bp_ensemble_get_kind(const bp_ensemble *ensemble, size_t index,
                                      bp_ensemble_kind *kind, bp_error *error);

/* How good the ensemble is on bp_ensemble_info.left_rows: each row is predicted by the members that
 * did not see it alone, with the weights of their kinds, and classes are decided with the factors
 * of the model. `cross_fitted` (or NULL): the same where weights of kinds and factors were chosen
 * without the rows that they are used on, in five parts, which says how optimistic the first
 * figures are. The texts belong to the ensemble. Error: ARGUMENT (no
 * rows were left out). */
BP_API bp_status bp_ensemble_get_quality(const bp_ensemble *ensemble, bp_quality *quality,
                                         bp_metrics *cross_fitted, bp_error *error);

#define BP_CALIBRATION_BINS 10

/* Some of the rows of bp_ensemble_info.left_rows, by how sure their predictions are.
 * Classes: those whose predicted class has a probability (or output) from k / 10 to (k + 1) / 10.
 * Numbers: a tenth of the rows, sorted by how far the kinds disagree on the target: the standard
 * deviation over them, each with its weight. */
typedef struct bp_calibration_bin {
    size_t count;     /* of the rows; 0: the rest is NaN */
    double predicted; /* classes: mean of that probability; numbers: root of the mean square of
                         that deviation, in the user's units */
    double actual;    /* classes: share of the rows whose class it is; numbers: root of the mean
                         square of the distance between target and prediction */
    double within;    /* numbers: share of the rows whose target is no further from the prediction
                         than twice the deviation; classes: NaN */
    uint64_t reserved[4]; /* 0 */
} bp_calibration_bin;

/* The bins of target `target`, from 0; 0 for classes. Rows count by their weights. Errors: ARGUMENT
 * (no rows were left out, no such target), MEMORY. */
BP_API bp_status bp_ensemble_get_calibration(const bp_ensemble *ensemble, size_t target,
                                             bp_calibration_bin bins[BP_CALIBRATION_BINS],
                                             bp_error *error);

/* The same of classes for any model and rows with targets: how often it is right, by the
 * probability (or output) of the class that it predicts. Errors: as bp_evaluate(), and ARGUMENT
 * (the model predicts numbers). */
BP_API bp_status bp_calibrate(const bp_model *model, const bp_dataset *dataset,
                              const bp_run_options *options,
                              bp_calibration_bin bins[BP_CALIBRATION_BINS], bp_error *error);

/* The predictions of these figures for all rows of `train`, in their order: rows x output neurons,
 * numbers in the user's units; NaN for a row that no member left out, or that does not count.
 * Error: ARGUMENT (no rows were left out). */
BP_API bp_status bp_ensemble_get_left_out(const bp_ensemble *ensemble, double *outputs,
                                          bp_error *error);

/* The model of the members, as bp_model_combine() makes it, which belongs to the caller from now
 * on; once. Error: ARGUMENT (it was taken, or no member ended). */
BP_API bp_status bp_ensemble_take_model(bp_ensemble *ensemble, bp_model **model, bp_error *error);

/* The number of kinds of networks that bp_ensemble_train() made the model from, those of weight 0
 * among them; 0: it is one network, or its file does not say. */
BP_API size_t bp_model_kinds(const bp_model *model);

/* The options of kind `kind`, from 0, as given to bp_ensemble_train(), with the seed of the
 * ensemble. `options` or `train` may be NULL. Errors: ARGUMENT (no such kind), INPUT (as
 * bp_model_get_options()). */
BP_API bp_status bp_model_get_kind(const bp_model *model, size_t kind, bp_model_options *options,
                                   bp_train_options *train, bp_error *error);

/* The kind, from 0, of member `index`. SIZE_MAX: there is no such member, or the file does not say.
 */
BP_API size_t bp_model_member_kind(const bp_model *model, size_t index);

/* The options of the ensemble, `members` as given. Errors: ARGUMENT (no kinds), INPUT. */
BP_API bp_status bp_model_get_ensemble_options(const bp_model *model, bp_ensemble_options *options,
                                               bp_error *error);

/* ---- checking the gradient --------------------------------------------------------------- */

typedef struct bp_gradcheck_options {
    size_t size;    /* of this struct */
    size_t samples; /* rows used, from the first; 0 is all; default 16 */
    size_t
        parameters; /* parameters checked, evenly spread over each layer; 0 is all; default 200 */
} bp_gradcheck_options;

BP_API void bp_gradcheck_options_init(bp_gradcheck_options *options, size_t size);

static inline bp_gradcheck_options bp_gradcheck_options_default(void)
{
    bp_gradcheck_options options;
    bp_gradcheck_options_init(&options, sizeof options);
    return options;
}

typedef struct bp_gradcheck_result {
    size_t samples;
    size_t parameters;     /* checked */
    size_t skipped;        /* not checked: E has a kink there (ReLU at 0, absolute error of 0) */
    size_t failed;         /* parameters whose difference is above the tolerance derived for them */
    double worst_ratio;    /* largest difference / tolerance; at most 1 if none failed */
    double worst_relative; /* largest difference / largest gradient of its layer */
    size_t worst_layer;    /* the place of worst_ratio */
    size_t worst_neuron;
    size_t worst_input;   /* equal to the inputs of the layer: the threshold */
    double analytic;      /* dE/dw there, by the trainer in binary32 */
    double numeric;       /* by central differences in binary64 */
    size_t worst_member;  /* of the place: the network, from 0 */
    size_t unknown;       /* rows of the dataset, used or not, with a category that the model does
                             not know */
    uint64_t reserved[4]; /* 0 */
} bp_gradcheck_result;

/* Compares the trainer's gradient of the loss of the first rows of `dataset` with central
 * differences of the same loss in binary64; of several networks, each for itself, with figures of
 * all. Returns BP_OK also if parameters failed, as those of a model with
 * BP_HIDDEN_DELTA_AS_PRINTED do, whose rule is not the gradient.
 * `options` and `run` may be NULL. Errors: as bp_evaluate(). */
BP_API bp_status bp_gradcheck(const bp_model *model, const bp_dataset *dataset,
                              const bp_gradcheck_options *options, const bp_run_options *run,
                              bp_gradcheck_result *result, bp_error *error);

/* ---- measuring --------------------------------------------------------------------------- */

typedef struct bp_bench_options {
    size_t size;                      /* of this struct */
    size_t layers;                    /* of weights, 1 to BP_LAYERS_MAX; default 2 */
    size_t widths[BP_LAYERS_MAX + 1]; /* inputs, hidden neurons ..., outputs; default 784-128-10 */
    bp_activation activation;         /* of hidden layers; default BP_ACTIVATION_LOGISTIC */
    bp_activation output_activation;  /* default BP_ACTIVATION_LOGISTIC */
    size_t batch_size;                /* from 1; default 64; iRPROP- takes all samples */
    size_t
        samples; /* in memory, at least a batch; 0: as many batches as fit in 4096, at least one */
    size_t shard_size;  /* as in bp_train_options */
    size_t threads;     /* as in bp_train_options */
    bp_backend backend; /* as in bp_train_options */
    bp_isa isa;
    const bp_model_options *model; /* borrowed; NULL: as `activation` and `output_activation` say,
                                      and defaults. Else these two are not read, nor are its
                                      hidden layers, scale, columns and what is missing; with
                                      BP_TASK_REGRESS several outputs are numbers, not classes;
                                      default NULL */
    const bp_train_options *train; /* borrowed; NULL: plain gradient descent. Its optimizer with
                                      the learning rate (0: 0.0001), weight decay, clipping,
                                      dropout, seed, shuffle and ranks (kept) count; what says
                                      how long and where training runs, and how samples are
                                      cut, stands above; default NULL */
} bp_bench_options;

BP_API void bp_bench_options_init(bp_bench_options *options, size_t size);

static inline bp_bench_options bp_bench_options_default(void)
{
    bp_bench_options options;
    bp_bench_options_init(&options, sizeof options);
    return options;
}

/* Training steps to be timed: a network of a given shape, synthetic samples in memory, and the
 * other parts of a trainer. For one thread at a time. Threads of the pthreads backend sleep
 * between calls, so that several benches can be measured in turn; those of OpenMP do what its
 * runtime decides. */
typedef struct bp_bench bp_bench;

/* Makes what is timed. Collective over options->train->ranks. Errors: ARGUMENT (options that do not
 * go together as well), MEMORY, THREADS. */
BP_API bp_status bp_bench_create(bp_bench **out, const bp_bench_options *options, bp_error *error);
BP_API void bp_bench_free(bp_bench *bench);

typedef struct bp_bench_info {
    size_t samples;
    size_t batch_size;
    size_t shards;     /* of a batch */
    size_t parameters; /* weights and thresholds */
    double operations; /* floating-point, for a sample: for each weight 2 in forward, 2 in gradient
                          and, except in the first layer, 2 in delta */
    size_t threads;    /* of the team */
    char threads_reason[BP_REASON_SIZE]; /* why that many, and that plan */
    bp_backend backend;                  /* the one used */
    bp_isa isa;
    size_t data_bytes;      /* samples, their targets and their order */
    size_t parameter_bytes; /* both layouts of the parameters */
    size_t gradient_bytes;  /* partial gradients of all threads */
    size_t workspace_bytes; /* scratch memory of the threads */
    size_t memory_limit;    /* upper bound of the sum of these four: the data, (threads + 4) times
                               the parameters, and the second-level caches of the threads */
    bp_optimizer optimizer; /* what is trained: */
    bp_loss loss;           /* the one that auto stands for */
    bp_activation output_activation; /* the same */
    float dropout;
    float weight_decay;
    float clip_norm;
    bp_plan plan;         /* the one used */
    uint64_t reserved[4]; /* 0 */
} bp_bench_info;

BP_API bp_bench_info bp_bench_get_info(const bp_bench *bench);

/* What the phases of one step have to do at least, by the shape of the network. Bytes count numbers
 * that are read or written once each: cells and what they become; every partial sum; parameters,
 * both layouts, and the optimizer's state. Activations and what fits caches are left out. */
typedef struct bp_bench_work {
    double forward_operations;  /* floating-point: 2 a weight and sample */
    double delta_operations;    /* 2 a weight and sample, but in the first layer */
    double gradient_operations; /* 2 a weight and sample */
    double gather_bytes;
    double reduce_bytes;
    double update_bytes;
    uint64_t reserved[8]; /* 0 */
} bp_bench_work;

BP_API bp_bench_work bp_bench_get_work(const bp_bench *bench);

typedef struct bp_bench_result {
    size_t steps;
    double seconds;
    double samples_per_second;
    bp_phases phases;     /* zero unless asked for */
    double transfer;      /* over ranks, with `phases`: seconds of all steps that the calling thread
                             of this one waited for transfers; within phases.waiting */
    double bytes_sent;    /* over ranks: by this one in a step */
    double messages_sent; /* the same */
    uint64_t reserved[1]; /* 0 */
} bp_bench_result;

/* Trains, batch after batch, until about `seconds` (> 0) have passed, for one step at least. With
 * `phases` the threads read the clock between the phases, which makes steps slower. Over ranks it
 * is collective, and rank 0 looks at the clock. Errors: ARGUMENT, NOT_FINITE, THREADS (the child of
 * a fork()). */
BP_API bp_status bp_bench_run(bp_bench *bench, double seconds, bool phases, bp_bench_result *result,
                              bp_error *error);

/* What the processors can do at most: `rate` becomes the floating-point operations in a second
 * when every thread of the team does nothing but fused multiply-adds on registers, in the
 * instruction set of the bench, for about `seconds` (> 0). Errors: ARGUMENT, MEMORY, THREADS (the
 * child of a fork()). */
BP_API bp_status bp_bench_peak(bp_bench *bench, double seconds, double *rate, bp_error *error);

/* What an empty region of the team costs: from the start of its threads to the join of all, in
 * seconds, if the next region follows at once. 0 for one thread. Errors: ARGUMENT, THREADS (the
 * child of a fork()). */
BP_API bp_status bp_bench_join(bp_bench *bench, double seconds, double *join, bp_error *error);

/* What each further thread would add to that, in seconds, by what two threads of the team can
 * measure: a line of memory that the calling thread writes and the other one has read, and one that
 * it reads and the other one has written, many of them in a row. Takes about `seconds` (> 0). 0 for
 * one thread. Errors: ARGUMENT, MEMORY, THREADS (the child of a fork()). */
BP_API bp_status bp_bench_join_further(bp_bench *bench, double seconds, double *further,
                                       bp_error *error);

/* What is between two ranks, the first and the last: `latency` becomes the seconds until a message
 * of one byte has arrived (half of there and back), `bandwidth` the bytes in a second each way, of
 * messages of 4 MiB both ways at the same time; over about `seconds` (> 0). 0 for one rank, or
 * NULL. Collective. Errors: ARGUMENT, MEMORY. */
BP_API bp_status bp_bench_link(bp_ranks *ranks, double seconds, double *latency, double *bandwidth,
                               bp_error *error);

/* What memory can do: `rate` becomes the bytes in a second that all threads of the team read and
 * write at the same time in numbers far larger than caches (sums of two arrays), for about
 * `seconds` (> 0). Errors: ARGUMENT, MEMORY, THREADS (the child of a fork()). */
BP_API bp_status bp_bench_stream(bp_bench *bench, double seconds, double *rate, bp_error *error);

typedef struct bp_bench_simulation_options {
    size_t size;    /* of this struct */
    size_t threads; /* 1 to 1024; default 1 */
    bp_plan plan;   /* AUTO is SAMPLES here; default BP_PLAN_SAMPLES */
    double seconds; /* of measuring, > 0; more for long steps; default 0.5 */
} bp_bench_simulation_options;

BP_API void bp_bench_simulation_options_init(bp_bench_simulation_options *options, size_t size);

static inline bp_bench_simulation_options bp_bench_simulation_options_default(void)
{
    bp_bench_simulation_options options;
    bp_bench_simulation_options_init(&options, sizeof options);
    return options;
}

typedef struct bp_bench_simulation {
    size_t threads;
    size_t probes;    /* threads whose parts were timed: at most 16, the one with most work among
                        them */
    size_t others;    /* threads that ran the parts of others meanwhile: 1, or 0 where there is one
                        processor, whose caches then hold what others wrote */
    size_t joins;     /* of a step */
    double longest;   /* seconds of a step: the longest part of each region, added up */
    double mean;      /* the same of the part of a thread on the average */
    double alone;     /* in which the calling thread works alone */
    double bytes;     /* that a step reads and writes beyond caches, if these keep nothing from one
                        phase to the next: samples, weights of forward and delta once each, partial
                        sums twice, and what the update reads and writes */
    bp_phases phases; /* seconds of a step that a thread is in them on the average */
    uint64_t reserved[8]; /* 0 */
} bp_bench_simulation;

/* What a step would take with many threads that have a processor each, from this machine: the parts
 * of one thread after the other are timed between two joins while another processor runs those of
 * all others, so that what they write comes from its caches. Joins are not in it. It cannot show
 * shared bandwidth, other sockets, and a lower clock of many busy processors. The network is
 * trained meanwhile. `options` may be NULL. Errors: ARGUMENT, MEMORY, THREADS, NOT_FINITE. */
BP_API bp_status bp_bench_simulate(bp_bench *bench, const bp_bench_simulation_options *options,
                                   bp_bench_simulation *simulation, bp_error *error);

/* A step of one of many ranks, measured here without the others: what it computes between its
 * transfers, and which these are. It is the rank with the most shards; what it would receive is
 * 0. */
typedef struct bp_rank_trace bp_rank_trace;

#define BP_TRACE_RANKS_MAX 1024

/* Runs steps for about `seconds` (> 0), five at least, of a bench that `options` describe, with
 * their threads; options->train->ranks are not read. `ranks`: 2 to BP_TRACE_RANKS_MAX. Errors:
 * ARGUMENT, MEMORY, THREADS, NOT_FINITE. */
BP_API bp_status bp_rank_trace_create(bp_rank_trace **out, const bp_bench_options *options,
                                      size_t ranks, double seconds, bp_error *error);
BP_API void bp_rank_trace_free(bp_rank_trace *trace);

typedef struct bp_rank_prediction {
    double seconds;   /* of a step: compute + bandwidth + latency */
    double compute;   /* of the rank with the most shards */
    double imbalance; /* within compute: what a rank on the average has less */
    double bandwidth; /* waiting for bytes */
    double latency;   /* the same for messages, however short */
    double bytes;     /* sent by the rank in a step */
    double messages;
    uint64_t reserved[8]; /* 0 */
} bp_rank_prediction;

/* What the step takes over a network where each rank sends and receives `bandwidth` (> 0) bytes a
 * second at the same time, and each message takes `latency` (from 0) seconds more than its bytes,
 * one after the other. Errors: ARGUMENT, MEMORY. */
BP_API bp_status bp_rank_trace_predict(const bp_rank_trace *trace, double latency, double bandwidth,
                                       bp_rank_prediction *prediction, bp_error *error);

/* ---- options by name --------------------------------------------------------------------- */

/* For programs that pass options on: bindings, command lines, files of settings. Each field of
 * bp_model_options, bp_train_options, bp_read_options, bp_run_options and bp_ensemble_options that
 * a user may choose is an option with a name and a text for every value. */

/* The struct that an option is a field of. */
typedef enum bp_option_owner {
    BP_OPTION_OF_MODEL = 0,    /* bp_model_options */
    BP_OPTION_OF_TRAINING = 1, /* bp_train_options */
    BP_OPTION_OF_READING = 2,  /* bp_read_options */
    BP_OPTION_OF_RUNNING = 3,  /* bp_run_options */
    BP_OPTION_OF_ENSEMBLE = 4  /* bp_ensemble_options */
} bp_option_owner;

/* What the text of a value looks like, and the type of the field. */
typedef enum bp_option_kind {
    BP_OPTION_FLAG = 0,   /* "true" or "false"; bool, or char where `sign` is set */
    BP_OPTION_WHOLE = 1,  /* digits; size_t */
    BP_OPTION_SEED = 2,   /* digits, up to 2^63 - 1; uint64_t, of any value */
    BP_OPTION_REAL = 3,   /* a decimal number such as 1e-3; float or double, as `size` says */
    BP_OPTION_CHOICE = 4, /* a name of `choice`; an enumeration */
    BP_OPTION_NAMES = 5,  /* names of `choice`, by comma: one for all hidden layers, one for each,
                             or one more for the outputs; an array, and output_activation */
    BP_OPTION_WIDTHS = 6, /* numbers of neurons, by comma, "auto" or "none"; hidden and
                             hidden_count */
    BP_OPTION_SIGN = 7,   /* one character, "tab", or "auto" for 0; char */
    BP_OPTION_SWITCH = 8, /* "on" or "off"; bool */
    BP_OPTION_TEXT = 9    /* any text but an empty one; const char *, or NULL */
} bp_option_kind;

/* What an option is: its name, values, default and help. Texts live as long as the library. */
typedef struct bp_option_info {
    bp_option_owner owner;
    const char *group; /* a title for some options: "The network" */
    const char *name;  /* unique for an owner: "learning-rate" */
    const char *field; /* "learning_rate" */
    size_t offset;     /* of the field in the struct, in bytes */
    size_t size;       /* of the field */
    bp_option_kind kind;
    bp_choice choice; /* CHOICE, NAMES */
    uint64_t allowed; /* CHOICE, NAMES: bit k: value k can be given; 0: every value */
    bool negated;     /* FLAG: the field is false where the option is true */
    char sign;        /* FLAG: what the field is where the option is true, else 0; 0: it is bool */
    double low, high; /* WHOLE: from low to high; REAL: above low and below high,
                         which may be INFINITY */
    bool from_low;    /* REAL: `low` itself is in the range */
    const char *word; /* WHOLE, REAL: the text for a field of `word_value`, such as "auto", which
                         need not be in the range; NULL: none */
    const char *classic;  /* the default as text; NULL: none, as of most texts */
    const char *modern;   /* that of BP_PRESET_MODERN; NULL: presets leave the option alone */
    const char *instead;  /* what the default is, in words, where `classic` does not say it; or
                             NULL */
    const char *argument; /* what a usage calls the value: "RATE"; NULL for flags */
    const char *help;     /* a phrase; the names of `choice` and the default are not in it */
    bp_choice reader;  /* with `readers`: the option of the same owner on which depends whether this
                         one is read */
    uint64_t readers;  /* bit k: value k of `reader` reads it; 0: it is always read, or only with
                          validation rows where `of_validation` is set */
    bool affects_bits; /* of the weights after training */
    bool of_validation;    /* it is read with validation rows; without them by `readers` alone */
    double word_value;     /* 0, or less where 0 is a value of its own */
    const char *high_word; /* WHOLE: the text for a field of `high_word_value`, such as "full";
                              NULL: none */
    const char *ensemble;  /* that of BP_PRESET_ENSEMBLE where it is not `modern`: one for all
                              kinds, or one for each, separated by ';'; NULL: as `modern` */
    const char *quick;     /* that of BP_PRESET_QUICK where it is not `modern`; NULL: as `modern` */
    uint64_t high_word_value; /* `high`, or more where numbers are not that large */
    uint64_t reserved[3];     /* 0 */
} bp_option_info;

/* How many options there are, and option `index`, from 0: all of one owner one after another.
 * Error: ARGUMENT. */
BP_API size_t bp_option_count(void);
BP_API bp_status bp_option_get(size_t index, bp_option_info *info, bp_error *error);

/* Puts the value that `text` stands for into the field of an option; NULL puts the default of the
 * classic preset there. The struct has been filled by its _default(). A field of type const char *
 * points to `text` afterwards, which must live as long as the options are used; of other fields
 * nothing is kept. `hidden` comes before `activation`, whose names are counted against it. Errors:
 * ARGUMENT (no such option, with the nearest name; a text that stands for no value, with what is
 * allowed): a sentence that begins with the name; then the struct is as before. Whether options
 * suit one another is checked where they are used. */
BP_API bp_status bp_model_options_set(bp_model_options *options, const char *name, const char *text,
                                      bp_error *error);
BP_API bp_status bp_train_options_set(bp_train_options *options, const char *name, const char *text,
                                      bp_error *error);
BP_API bp_status bp_read_options_set(bp_read_options *options, const char *name, const char *text,
                                     bp_error *error);
BP_API bp_status bp_run_options_set(bp_run_options *options, const char *name, const char *text,
                                    bp_error *error);
BP_API bp_status bp_ensemble_options_set(bp_ensemble_options *options, const char *name,
                                         const char *text, bp_error *error);

/* Writes the text of an option, which _set() takes for the same value; a text that is NULL gives
 * "". `size` bytes of `text` hold it and a NUL. Errors: ARGUMENT (no such option; too small, with
 * the size that is needed). */
BP_API bp_status bp_model_options_get(const bp_model_options *options, const char *name, char *text,
                                      size_t size, bp_error *error);
BP_API bp_status bp_train_options_get(const bp_train_options *options, const char *name, char *text,
                                      size_t size, bp_error *error);
BP_API bp_status bp_read_options_get(const bp_read_options *options, const char *name, char *text,
                                     size_t size, bp_error *error);
BP_API bp_status bp_run_options_get(const bp_run_options *options, const char *name, char *text,
                                    size_t size, bp_error *error);
BP_API bp_status bp_ensemble_options_get(const bp_ensemble_options *options, const char *name,
                                         char *text, size_t size, bp_error *error);

/* The text of the default of an option under a preset beside `optimizer`, for what a user leaves
 * open. With iRPROP-, which reads none, the schedule is "constant". Of BP_PRESET_ENSEMBLE it holds
 * the texts of all kinds, separated by ';', where these differ. NULL: there is no such option, or
 * the preset leaves it alone. The text lives as long as the library. */
BP_API const char *bp_preset_text(bp_preset preset, bp_optimizer optimizer, bp_option_owner owner,
                                  const char *name);

/* Checks options before there are data, as bp_model_create() and bp_trainer_create() do: every
 * number is in its range, every choice exists, and what is asked for is read by what is chosen
 * beside it. `model` or `train` may be NULL and is not checked then; `train` is checked for the
 * hidden layers of `model`, or of its defaults. `validates`: there will be validation rows.
 * `given` holds the names of `given_count` options that a user asked for, whatever their values;
 * others count as asked for if they differ from the defaults of both presets. Errors: ARGUMENT, a
 * sentence that begins with the name of an option. */
BP_API bp_status bp_options_check(const bp_model_options *model, const bp_train_options *train,
                                  bool validates, const char *const *given, size_t given_count,
                                  bp_error *error);

/* ---- the machine ------------------------------------------------------------------------- */

/* Processors that this process may use: min(affinity, cgroup quota rounded up, cores), from 1. */
BP_API size_t bp_usable_processors(void);

/* The widest instruction set of this processor that the library has kernels for. */
BP_API bp_isa bp_best_isa(void);

/* Whether the library was built with a backend. */
BP_API bool bp_has_backend(bp_backend backend);

/* Whether the processor can run the kernels of an instruction set. */
BP_API bool bp_has_isa(bp_isa isa);

#ifdef __cplusplus
}
#endif

#endif
