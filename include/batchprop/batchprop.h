/*
 * batchprop: train fully connected feed-forward networks by batch backpropagation, on every core.
 *
 * Intended use
 *   1. bp_dataset_read() or bp_dataset_from_arrays()   the samples
 *   2. bp_model_create()                               a network that fits them
 *   3. bp_trainer_create(), bp_trainer_run()           training
 *   4. bp_model_save(), bp_model_load()                the model file (safetensors)
 *   5. bp_evaluate(), bp_predict()                     use
 *   bp_bench_create(), bp_bench_run()                  how fast, for a shape of network
 *
 * General rules
 *   Errors     Every call that can fail returns a bp_status and fills `error`, if it is not NULL,
 *              with a sentence. On failure an `out` argument is set to NULL.
 *   Pointers   An argument may be NULL only where its comment says so.
 *   Ownership  A call borrows its arguments unless its comment says otherwise: "copies" (the caller
 *              may free at once), "keeps" (the argument must outlive the new object), "takes"
 *              (owned by the library, on success only). Every _free accepts NULL.
 *   Threads    Objects are independent: different objects may be used by different threads at the
 *              same time. `const` objects may be shared. A trainer and the model that it trains
 *              belong to one thread at a time.
 *   Process    The library never prints, exits, forks, changes the locale, signal handlers,
 *              floating-point modes or process-wide thread settings, and has no mutable globals.
 *   Bits       Weights after training depend on the data, the options and the seed alone: not on
 *              the number of threads, the backend or the instruction set (docs/numerics.md).
 *   Text       Every string is UTF-8 and ends in NUL. Strings returned belong to the object.
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

/* Families with gaps: a caller may test `status / 10`. */
typedef enum bp_status {
    BP_OK = 0,
    BP_STOPPED = 1,           /* not an error: the callback asked for the end of the run */
    BP_ERROR_ARGUMENT = 20,   /* an option or argument is out of its range */
    BP_ERROR_INPUT = 30,      /* the content of a file is wrong */
    BP_ERROR_IO = 40,         /* a file cannot be opened, read or written */
    BP_ERROR_NOT_FINITE = 50, /* training met an infinity or a NaN */
    BP_ERROR_MEMORY = 60,     /* out of memory */
    BP_ERROR_THREADS = 61,    /* threads cannot be started */
    BP_ERROR_INTERNAL = 90    /* a defect of the library */
} bp_status;

/* "out of memory" and so on: a few words for a status. */
BP_API const char *bp_status_text(bp_status status);

#define BP_ERROR_MESSAGE_SIZE 1024

/* What went wrong, as a sentence without a final dot: `iris.csv:17:3: "abc" is not a number`
 * (file, line and column count from 1; the column is the number of the field). */
typedef struct bp_error {
    bp_status status;
    char message[BP_ERROR_MESSAGE_SIZE];
} bp_error;

/* ---- names of choices -------------------------------------------------------------------- */

typedef enum bp_activation {
    BP_LOGISTIC = 0, /* 1 / (1 + exp(-n)), range (0, 1); the default */
    BP_IDENTITY = 1  /* n */
} bp_activation;

typedef enum bp_loss {
    BP_LOSS_MSE = 0 /* (1/n) sum over samples of the sum over outputs of (o - t)^2 */
} bp_loss;

typedef enum bp_optimizer {
    BP_SGD = 0 /* w -= learning rate * gradient */
} bp_optimizer;

/* How a hidden neuron's delta is formed (docs/derivation.md). */
typedef enum bp_hidden_delta {
    BP_CHAIN_RULE = 0, /* sigma'(n_j) * sum over l of delta_l w_jl: the gradient */
    BP_AS_PRINTED = 1  /* sum over l of delta_l w_jl: the equation as the text prints it */
} bp_hidden_delta;

typedef enum bp_backend {
    BP_BACKEND_AUTO = 0,
    BP_BACKEND_SERIAL = 1,
    BP_BACKEND_OPENMP = 2,
    BP_BACKEND_PTHREADS = 3
} bp_backend;

typedef enum bp_isa {
    BP_ISA_AUTO = 0, /* the widest that the processor has */
    BP_ISA_PORTABLE = 1,
    BP_ISA_AVX2 = 2, /* AVX2 and FMA */
    BP_ISA_AVX512 = 3,
    BP_ISA_NEON = 4 /* 64-bit ARM */
} bp_isa;

typedef enum bp_scale {
    BP_SCALE_STANDARD = 0, /* mean 0, standard deviation 1 over the training rows */
    BP_SCALE_MINMAX = 1,   /* least value 0, greatest 1 over the training rows */
    BP_SCALE_NONE = 2
} bp_scale;

typedef enum bp_task {
    BP_TASK_AUTO = 0,     /* classes for text, and for integers with at most 100 distinct values */
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
    BP_HEADER_AUTO = 0, /* a first row without any number above a row with one */
    BP_HEADER_YES = 1,
    BP_HEADER_NO = 2
} bp_header;

/* The lists of choices; CHOICE_BACKEND stands for bp_backend and so on. */
typedef enum bp_choice {
    BP_CHOICE_ACTIVATION = 0,
    BP_CHOICE_LOSS,
    BP_CHOICE_OPTIMIZER,
    BP_CHOICE_HIDDEN_DELTA,
    BP_CHOICE_BACKEND,
    BP_CHOICE_ISA,
    BP_CHOICE_SCALE,
    BP_CHOICE_TASK,
    BP_CHOICE_FORMAT,
    BP_CHOICE_HEADER
} bp_choice;

/* The name of a value as the command writes it ("chain-rule"), or NULL if there is none. */
BP_API const char *bp_choice_name(bp_choice choice, int value);

/* The value of a name. Error: BP_ERROR_ARGUMENT with the names allowed and the nearest one. */
BP_API bp_status bp_choice_value(bp_choice choice, const char *name, int *value, bp_error *error);

/* The entry of `names` (count of them) nearest to `word` by edit distance, or NULL if none is near
 * enough to be what was meant. */
BP_API const char *bp_nearest_name(const char *word, const char *const *names, size_t count);

/* ---- datasets ---------------------------------------------------------------------------- */

/* A table in memory, immutable: rows of numbers, bytes and categories. Sharing: any thread. */
typedef struct bp_dataset bp_dataset;

typedef struct bp_read_options {
    bp_format format;
    bp_header header;        /* CSV only */
    const char *labels;      /* IDX and NPY: path of a file of labels or targets, of either format,
                                or NULL */
    const char *categorical; /* CSV: columns (names or numbers from 1, by comma) whose cells are
                                categories even where they look like numbers; or NULL */
    size_t threads;          /* that parse a large CSV file; 0: bp_usable_processors() */
} bp_read_options;

BP_API bp_read_options bp_read_options_default(void);

/* Reads a CSV, IDX, FANN or NPY file, plain or gzip. Copies what it needs of the options. The cells
 * of a plain NPY file may stay in it (docs/data.md says which): while the dataset lives, nobody may
 * change or shorten the file; to replace it by another one of the same name is harmless.
 * Errors: BP_ERROR_IO, BP_ERROR_INPUT (with file, line and field), BP_ERROR_ARGUMENT, _MEMORY. */
BP_API bp_status bp_dataset_read(bp_dataset **out, const char *path, const bp_read_options *options,
                                 bp_error *error);

/* Arrays in memory for bp_dataset_from_arrays(); `targets` or `labels` or neither (NULL). */
typedef struct bp_arrays {
    size_t count;           /* samples */
    size_t inputs;          /* numbers in a sample, from 1 */
    size_t outputs;         /* columns of targets; 0 with labels */
    const float *input;     /* count x inputs, row-major, finite */
    const float *targets;   /* count x outputs, row-major, finite */
    const uint32_t *labels; /* count, each below classes */
    size_t classes;         /* from 2 to 65536, with labels */
} bp_arrays;

/* Copies the arrays into a dataset; columns are called "x1", "x2", ... and "y1", ... or "class". */
BP_API bp_status bp_dataset_from_arrays(bp_dataset **out, const bp_arrays *arrays, bp_error *error);

/* Splits off floor(fraction * rows) rows, chosen by `seed`, as `part`; the others are `rest`. Both
 * share the storage of `dataset` and keep it. 0 < fraction < 1, and neither side may be empty. */
BP_API bp_status bp_dataset_split(const bp_dataset *dataset, double fraction, uint64_t seed,
                                  bp_dataset **rest, bp_dataset **part, bp_error *error);

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
} bp_dataset_info;

BP_API bp_dataset_info bp_dataset_get_info(const bp_dataset *dataset);

typedef enum bp_column_kind {
    BP_COLUMN_NUMBER = 0,
    BP_COLUMN_CATEGORY = 1 /* text, or integer labels of an IDX file */
} bp_column_kind;

typedef enum bp_column_role {
    BP_ROLE_UNKNOWN = 0, /* CSV: the roles are chosen in bp_model_create() */
    BP_ROLE_INPUT = 1,
    BP_ROLE_TARGET = 2
} bp_column_role;

typedef struct bp_column_info {
    const char *name;
    bp_column_kind kind;
    bp_column_role role;
    bool integral;  /* numbers: every value is an integer */
    double minimum; /* numbers */
    double maximum;
    double mean;
    double deviation; /* population standard deviation */
    size_t distinct;  /* distinct values; numbers: counted up to 1001 */
} bp_column_info;

/* Describes column `column` (from 0) over all rows. Cost: one pass over the column. */
BP_API bp_status bp_dataset_describe(const bp_dataset *dataset, size_t column, bp_column_info *info,
                                     bp_error *error);

/* One distinct value of a column and how many rows have it. Categories come in order of their
 * codes, numbers in ascending order. `index` < info.distinct and at most 1000. */
typedef struct bp_value_count {
    const char *name; /* categories; NULL for numbers */
    double number;    /* numbers */
    size_t count;
} bp_value_count;

/* Fills `counts` with the first `capacity` distinct values of a column; returns how many: 0 also if
 * there is no memory. */
BP_API size_t bp_dataset_value_counts(const bp_dataset *dataset, size_t column,
                                      bp_value_count *counts, size_t capacity);

/* ---- models ------------------------------------------------------------------------------ */

/* A network, its parameters, and what its inputs and outputs mean. Sharing: `const`, any thread. */
typedef struct bp_model bp_model;

#define BP_LAYERS_MAX 64
#define BP_WIDTH_MAX  1048576 /* neurons in a layer, and inputs */

typedef struct bp_model_options {
    size_t hidden_count;             /* hidden layers, 0 to BP_LAYERS_MAX - 1; default 1 */
    size_t hidden[BP_LAYERS_MAX];    /* neurons in each; default 16 */
    bp_activation activation;        /* of hidden layers; default BP_LOGISTIC */
    bp_activation output_activation; /* default BP_LOGISTIC */
    bp_loss loss;                    /* default BP_LOSS_MSE */
    bp_hidden_delta hidden_delta;    /* default BP_CHAIN_RULE */
    bp_scale scale;                  /* of inputs; default BP_SCALE_STANDARD */
    bp_task task;                    /* default BP_TASK_AUTO */
    const char *target;              /* CSV: column by name or number from 1; NULL: the last */
    uint64_t seed;                   /* of the initial parameters; default 1 */
} bp_model_options;

BP_API bp_model_options bp_model_options_default(void);

/* Creates a network for `dataset`: fits scaling, categories and classes to its rows and draws the
 * initial parameters: weights uniform in +-sqrt(6 / (inputs + neurons)) (Glorot and Bengio 2010);
 * thresholds 0. Copies. Errors: ARGUMENT, INPUT, MEMORY. */
BP_API bp_status bp_model_create(bp_model **out, const bp_dataset *dataset,
                                 const bp_model_options *options, bp_error *error);

/* Reads a model file. Errors: IO, INPUT (anything a file may not hold), MEMORY. */
BP_API bp_status bp_model_load(bp_model **out, const char *path, bp_error *error);

/* Writes a model file atomically: `path` holds the old or the new content, never part of one.
 * Errors: IO, NOT_FINITE (a parameter; nothing is written), MEMORY. */
BP_API bp_status bp_model_save(const bp_model *model, const char *path, bp_error *error);

BP_API void bp_model_free(bp_model *model);

#define BP_DIGEST_SIZE 33 /* 32 hexadecimal digits and NUL */

typedef struct bp_model_info {
    size_t layers;                            /* of weights: hidden layers + 1 */
    size_t widths[BP_LAYERS_MAX + 1];         /* inputs, hidden neurons ..., outputs */
    bp_activation activations[BP_LAYERS_MAX]; /* of layer 0 ... layers - 1 */
    size_t parameters;                        /* weights and thresholds */
    bp_loss loss;
    bp_hidden_delta hidden_delta;
    bp_task task; /* BP_TASK_CLASSIFY or BP_TASK_REGRESS */
    bp_scale scale;
    uint64_t seed;
    unsigned numerics;    /* version of the numeric contract */
    size_t input_columns; /* columns of a table, before one-hot encoding */
    size_t target_columns;
    char weights_digest[BP_DIGEST_SIZE]; /* XXH3-128 of the parameters in file order */
} bp_model_info;

BP_API bp_model_info bp_model_get_info(const bp_model *model);

/* One column that the model reads (an input) or predicts (a target). */
typedef struct bp_model_column {
    const char *name;
    bp_column_role role;
    bp_column_kind kind;
    size_t first;                  /* its first input or output neuron */
    size_t neurons;                /* 1 for numbers, one a category for categories */
    float shift, scale;            /* numbers: neuron value = (number - shift) * scale */
    const char *const *categories; /* `neurons` names, or NULL */
} bp_model_column;

/* Columns 0 ... input_columns - 1 are inputs, the target columns follow. */
BP_API bp_status bp_model_get_column(const bp_model *model, size_t column, bp_model_column *info,
                                     bp_error *error);

/* Copies the parameters of layer `layer` (from 0): weights (neurons x inputs, row-major: a row is
 * a neuron of the next layer) and thresholds (neurons; subtracted, as in the text). Either pointer
 * may be NULL. */
BP_API bp_status bp_model_get_parameters(const bp_model *model, size_t layer, float *weights,
                                         float *thresholds, bp_error *error);
BP_API bp_status bp_model_set_parameters(bp_model *model, size_t layer, const float *weights,
                                         const float *thresholds, bp_error *error);

/* ---- training ---------------------------------------------------------------------------- */

typedef struct bp_train_options {
    size_t batch_size;      /* samples in a batch; 0, or more than there are: all; default 32 */
    size_t epochs;          /* default 20 */
    float learning_rate;    /* finite, > 0; default 1 */
    bp_optimizer optimizer; /* default BP_SGD */
    uint64_t seed;          /* of the order of samples; default 1 */
    bool shuffle;           /* a new order in each epoch; default true */
    size_t shard_size;      /* samples in a shard; 0 chooses (docs/numerics.md) */
    size_t threads;         /* 0: min(affinity, cgroup quota, cores), fewer if timing says so */
    bp_backend backend;
    bp_isa isa;
} bp_train_options;

BP_API bp_train_options bp_train_options_default(void);

/* What an epoch callback gets, and a progress callback within an epoch. */
typedef struct bp_progress {
    size_t epoch;         /* epochs done; in an epoch, those before it */
    size_t epochs;        /* asked for */
    size_t samples;       /* samples done in this epoch */
    size_t samples_total; /* samples of an epoch */
    double train_loss;    /* mean over the samples done in this epoch, each at the weights it met */
    double valid_loss;    /* after an epoch with a validation set, else NaN */
    double seconds;       /* since the start of the run */
    double samples_per_second; /* of training, without validation */
    bool epoch_done;
} bp_progress;

/* Returns true to go on, false to stop after the current batch. Runs on the caller's thread. */
typedef bool bp_progress_fn(const bp_progress *progress, void *user);

typedef struct bp_train_result {
    size_t epochs;     /* done */
    size_t samples;    /* rows of the training set */
    double train_loss; /* of the last epoch, as far as it went */
    double valid_loss; /* after the last complete epoch, or NaN */
    double seconds;
    double samples_per_second;
    size_t threads;
    const char *threads_reason; /* why that many */
    bp_backend backend;         /* the one used */
    bp_isa isa;
    char weights_digest[BP_DIGEST_SIZE];
} bp_train_result;

/* Trains one model on one dataset; owns the team of threads and all scratch memory. */
typedef struct bp_trainer bp_trainer;

/* Keeps `model` (which it changes), `train` and `valid` (or NULL). Columns are matched by name.
 * Errors: ARGUMENT, INPUT (a column missing, a class or category unknown to the model), MEMORY,
 * THREADS. */
BP_API bp_status bp_trainer_create(bp_trainer **out, bp_model *model, const bp_dataset *train,
                                   const bp_dataset *valid, const bp_train_options *options,
                                   bp_error *error);

/* Trains for options.epochs epochs; may be called again to go on. `progress` (or NULL) is called
 * about ten times a second and after every epoch. Returns BP_OK; BP_STOPPED (the callback said so;
 * `result` is filled; an epoch cut short begins anew in the next call); BP_ERROR_NOT_FINITE (the
 * parameters are then of no use); BP_ERROR_MEMORY. Allocates nothing within an epoch. */
BP_API bp_status bp_trainer_run(bp_trainer *trainer, bp_progress_fn *progress, void *user,
                                bp_train_result *result, bp_error *error);

BP_API void bp_trainer_free(bp_trainer *trainer);

/* ---- using a model ----------------------------------------------------------------------- */

typedef struct bp_run_options {
    size_t threads; /* 0: min(affinity, cgroup quota, cores), fewer for little work */
    bp_backend backend;
    bp_isa isa;
    const char *target; /* CSV: the column of the targets if it is not called as in training */
} bp_run_options;

BP_API bp_run_options bp_run_options_default(void);

typedef struct bp_metrics {
    size_t samples;
    double loss;
    double accuracy; /* classes: share of rows whose greatest output is their class, else NaN */
    double rmse;     /* numbers, in the user's units, over all targets; else NaN */
    double mae;
    double r2; /* 1 - residual / total sum of squares; mean over targets; NaN if constant */
} bp_metrics;

/* Errors: as bp_trainer_create(), and INPUT if `dataset` has no targets. */
BP_API bp_status bp_evaluate(const bp_model *model, const bp_dataset *dataset,
                             const bp_run_options *options, bp_metrics *metrics, bp_error *error);

/* Predicts every row of `dataset`; targets need not be there. `outputs`: rows x output neurons;
 * numbers in the user's units, classes as the values of their output neurons. */
BP_API bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                            const bp_run_options *options, float *outputs, bp_error *error);

/* Scratch memory for bp_predict_rows(), for one thread at a time. Keeps `model`. */
typedef struct bp_workspace bp_workspace;

BP_API bp_status bp_workspace_create(bp_workspace **out, const bp_model *model, bp_error *error);
BP_API void bp_workspace_free(bp_workspace *workspace);

/* Predicts `rows` rows of numbers in the user's units (rows x input neurons, one-hot where a column
 * is a category), on the calling thread; allocates nothing. `outputs` as in bp_predict(). Errors:
 * ARGUMENT (a workspace of another model). */
BP_API bp_status bp_predict_rows(const bp_model *model, bp_workspace *workspace,
                                 const float *inputs, size_t rows, float *outputs, bp_error *error);

/* ---- checking the gradient --------------------------------------------------------------- */

typedef struct bp_gradcheck_options {
    size_t samples; /* rows used, from the first; 0 is all; default 16 */
    size_t
        parameters; /* parameters checked, evenly spread over each layer; 0 is all; default 200 */
} bp_gradcheck_options;

BP_API bp_gradcheck_options bp_gradcheck_options_default(void);

typedef struct bp_gradcheck_result {
    size_t samples;
    size_t parameters;     /* checked */
    size_t failed;         /* parameters whose difference is above the tolerance derived for them */
    double worst_ratio;    /* greatest difference / tolerance; at most 1 if none failed */
    double worst_relative; /* greatest difference / largest gradient of its layer */
    size_t worst_layer;    /* where worst_ratio was met */
    size_t worst_neuron;
    size_t worst_input; /* equal to the inputs of the layer: the threshold */
    double analytic;    /* dE/dw there, by the trainer in binary32 */
    double numeric;     /* by central differences in binary64 */
} bp_gradcheck_result;

/* Compares the trainer's gradient of the loss of the first rows of `dataset` with central
 * differences of the same loss in binary64. BP_OK also if parameters failed, as those of
 * a model with BP_AS_PRINTED do: its rule is not the gradient. */
BP_API bp_status bp_gradcheck(const bp_model *model, const bp_dataset *dataset,
                              const bp_gradcheck_options *options, const bp_run_options *run,
                              bp_gradcheck_result *result, bp_error *error);

/* ---- measuring --------------------------------------------------------------------------- */

typedef struct bp_bench_options {
    size_t layers;                    /* of weights, 1 to BP_LAYERS_MAX; default 2 */
    size_t widths[BP_LAYERS_MAX + 1]; /* inputs, hidden neurons ..., outputs; default 784-128-10 */
    bp_activation activation;         /* of hidden layers; default BP_LOGISTIC */
    bp_activation output_activation;  /* default BP_LOGISTIC */
    size_t batch_size;                /* from 1; default 64 */
    size_t samples; /* in memory, not fewer than a batch; 0: the batches that hold 4096, or one */
    size_t shard_size;  /* as in bp_train_options */
    size_t threads;     /* as in bp_train_options */
    bp_backend backend; /* as in bp_train_options */
    bp_isa isa;
} bp_bench_options;

BP_API bp_bench_options bp_bench_options_default(void);

/* Training steps to be timed: a network of a given shape, made-up samples in memory, and what a
 * trainer has besides. One thread at a time may use it. With pthreads its own threads sleep between
 * calls, so that several can be measured in turn; those of OpenMP wait as its runtime has them. */
typedef struct bp_bench bp_bench;

/* Errors: ARGUMENT, MEMORY, THREADS. */
BP_API bp_status bp_bench_create(bp_bench **out, const bp_bench_options *options, bp_error *error);
BP_API void bp_bench_free(bp_bench *bench);

typedef struct bp_bench_info {
    size_t samples;
    size_t batch_size;
    size_t shards;              /* of a batch */
    size_t parameters;          /* weights and thresholds */
    double operations;          /* floating-point, a sample: 2 a weight forward, 2 in the gradient
                                   and, but for the weights of the first layer, 2 in the deltas */
    size_t threads;             /* of the team */
    const char *threads_reason; /* why that many */
    bp_backend backend;         /* the one used */
    bp_isa isa;
    size_t data_bytes;      /* samples, their targets and their order */
    size_t parameter_bytes; /* both layouts of the parameters */
    size_t gradient_bytes;  /* partial gradients of all threads */
    size_t workspace_bytes; /* what the threads compute in */
    size_t memory_limit;    /* what the four may come to: the data, (threads + 4) times the
                               parameters, and the second-level caches of the threads */
} bp_bench_info;

BP_API bp_bench_info bp_bench_get_info(const bp_bench *bench);

/* Seconds that the threads together spent in each part of the steps (src/README.md). They add up to
 * the time of the steps times the threads that ran at once: min(threads, processors of the
 * affinity). OpenMP's threads beyond the processors add the time that they are held up. */
typedef struct bp_bench_phases {
    double gather;
    double forward;
    double delta;
    double gradient;
    double reduce;
    double update;
    double waiting; /* for one another, and for work */
} bp_bench_phases;

typedef struct bp_bench_result {
    size_t steps;
    double seconds;
    double samples_per_second;
    bp_bench_phases phases; /* zero unless asked for */
} bp_bench_result;

/* Trains, batch after batch, until about `seconds` (> 0) have passed, for one step at least. With
 * `phases` the threads look at the clock at every turn, which makes steps slower. Errors: ARGUMENT,
 * NOT_FINITE. */
BP_API bp_status bp_bench_run(bp_bench *bench, double seconds, bool phases, bp_bench_result *result,
                              bp_error *error);

/* What the processors can do at most: `rate` becomes the floating-point operations in a second when
 * every thread of the team does nothing but fused multiply-adds on registers, in the instruction
 * set of the bench, for about `seconds` (> 0). Errors: ARGUMENT, MEMORY. */
BP_API bp_status bp_bench_peak(bp_bench *bench, double seconds, double *rate, bp_error *error);

/* ---- the machine ------------------------------------------------------------------------- */

/* Processors that this process may use: min(affinity, cgroup quota rounded up, cores), from 1. */
BP_API size_t bp_usable_processors(void);

/* The widest instruction set of this processor that the library has kernels for. */
BP_API bp_isa bp_best_isa(void);

/* Whether the library was built with a backend, and the machine can run an instruction set. */
BP_API bool bp_has_backend(bp_backend backend);
BP_API bool bp_has_isa(bp_isa isa);

#ifdef __cplusplus
}
#endif

#endif
