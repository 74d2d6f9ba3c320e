/*
 * How fast each kernel of each instruction set is on one core: GFLOP/s and the share of the fused
 * multiply-add peak for the products, GB/s of memory read and written for the passes over numbers.
 *
 *   kernel_speed [--seconds S] [--isa NAME] [--kernel NAME] [--shape SAMPLES,SHARD,IN,OUT] [--json]
 *
 * Kernel and peak are timed in turns of S seconds (default 0.002), by the processor time of this
 * thread, so that another program on the machine takes little from either. Figures are medians over
 * the turns; the best turn stands beside them. A share above 1 says that the peak was not measured
 * well in that turn: it is "failed", or null.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/doubles.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "kernels/list.h"

#define TURNS 9

struct shape {
    size_t rows;  /* samples */
    size_t shard; /* samples a shard; gradient only */
    size_t in, out;
};

/* Narrow layers, odd widths, and wide ones that no cache holds. */
static const struct shape shapes[] = {
    {16, 16, 4, 8},       {32, 16, 10, 45},      {32, 16, 45, 45},       {64, 16, 64, 32},
    {64, 16, 128, 10},    {32, 16, 784, 128},    {64, 16, 784, 128},     {256, 32, 784, 128},
    {256, 256, 784, 128}, {256, 32, 1024, 1024}, {256, 256, 1024, 1024},
};

/* Plain C takes seconds for a call of a larger product: only when asked for. */
#define MOST_OF_PORTABLE 2e7

struct bench {
    const struct bp_kernels *kernels;
    double seconds; /* a turn */
    bool json;
    bool first;         /* nothing has been printed */
    const char *kernel; /* this one alone; NULL: all */
    struct shape shape;
    size_t panels;       /* of neurons */
    size_t input_panels; /* of inputs */
    size_t stride;       /* between panels of samples */
    float *input, *weights, *value, *slope, *target, *partial, *gradient;
    /* Of these, with the weights, delta and output make numbers of size 1 call after call: others
     * would fade away, or overflow. */
    float *unit_delta, *unit_slope, *unit_target, *no_value;
};

static double thread_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* A call of a kernel; returns its operations, or the bytes it reads and writes. */
typedef double run_fn(const struct bench *bench);

static double count_operations(const struct shape *shape)
{
    return 2.0 * (double)(shape->rows * shape->in * shape->out);
}

/* Numbers of the samples of a layer. */
static size_t count_values(const struct bench *bench)
{
    return bench->panels * bench->shape.rows * BP_LANES;
}

static double run_peak(const struct bench *bench)
{
    return bench->kernels->peak(2000);
}

static double run_forward(const struct bench *bench)
{
    bench->kernels->forward(&(struct bp_forward_args){
        .rows = bench->shape.rows,
        .in = bench->shape.in,
        .panels = bench->panels,
        .input = bench->input,
        .input_stride = bench->stride,
        .weights = bench->weights,
        .activation = BP_ACTIVATION_LOGISTIC,
        .value = bench->value,
        .slope = bench->slope,
        .stride = bench->stride,
    });
    return count_operations(&bench->shape);
}

static double run_output(const struct bench *bench)
{
    bench->kernels->output(&(struct bp_output_args){
        .rows = bench->shape.rows,
        .out = bench->shape.out,
        .factor = bench->unit_target,
        .value = bench->no_value,
        .target = bench->unit_target,
        .slope = bench->unit_slope,
        .stride = bench->stride,
    });
    return 4.0 * sizeof(float) * (double)count_values(bench);
}

/* Deltas of `in` neurons from those of `out`. */
static double run_delta(const struct bench *bench)
{
    bench->kernels->delta(&(struct bp_delta_args){
        .rows = bench->shape.rows,
        .out = bench->shape.out,
        .panels = bench->input_panels,
        .delta = bench->unit_delta,
        .delta_stride = bench->stride,
        .partial = bench->partial,
        .weights = bench->weights,
        .panel_stride = bench->panels * BP_LANES * BP_LANES,
        .slope = bench->unit_slope,
        .slope_stride = bench->stride,
    });
    return count_operations(&bench->shape);
}

static double run_gradient(const struct bench *bench)
{
    bench->kernels->gradient(&(struct bp_gradient_args){
        .rows = bench->shape.rows,
        .shard_rows = bench->shape.shard,
        .end = bench->shape.in + 1,
        .panels = bench->panels,
        .input = bench->input,
        .input_stride = bench->stride,
        .delta = bench->slope,
        .delta_stride = bench->stride,
        .gradient = bench->gradient,
        .gradient_stride = (bench->shape.in + 1) * BP_LANES,
    });
    return count_operations(&bench->shape);
}

static size_t count_weights(const struct bench *bench)
{
    return bench->panels * (bench->shape.in + 1) * BP_LANES;
}

static double run_activate(const struct bench *bench)
{
    const size_t count = count_values(bench);
    bench->kernels->activate(BP_ACTIVATION_LOGISTIC, bench->target, bench->value, bench->slope,
                             count);
    return 3.0 * sizeof(float) * (double)count;
}

static double run_add(const struct bench *bench)
{
    const size_t count = count_weights(bench);
    bench->kernels->add(bench->gradient, bench->gradient, bench->weights, count);
    return 3.0 * sizeof(float) * (double)count;
}

static double run_sgd(const struct bench *bench)
{
    const size_t count = count_weights(bench);
    bench->kernels->update[BP_OPTIMIZER_SGD](&(struct bp_update_args){
        .count = count, .weight = bench->weights, .gradient = bench->gradient, .rate = 0.0f});
    return 3.0 * sizeof(float) * (double)count;
}

static double run_transpose(const struct bench *bench)
{
    const size_t square = BP_LANES * BP_LANES;
    const size_t squares = bench->panels * (bench->shape.in / BP_LANES);
    for (size_t k = 0; k < squares; k++)
        bench->kernels->transpose(bench->gradient + k * square, bench->weights + k * square);
    return 2.0 * sizeof(float) * (double)(squares * square);
}

static const struct {
    const char *name;
    run_fn *run;
    bool product; /* counted in operations, and beside the peak */
} runs[] = {
    {"forward", run_forward, true},    {"delta", run_delta, true},
    {"gradient", run_gradient, true},  {"output", run_output, false},
    {"activate", run_activate, false}, {"add", run_add, false},
    {"sgd", run_sgd, false},           {"transpose", run_transpose, false},
};

#define RUNS (sizeof runs / sizeof runs[0])

/* Work a second of `run`, repeated until a turn is over. */
static double time_turn(const struct bench *bench, run_fn *run)
{
    double work = 0.0, seconds = 0.0;
    const double start = thread_seconds();
    for (size_t calls = 1; seconds < bench->seconds; calls *= 2) {
        for (size_t k = 0; k < calls; k++)
            work += run(bench);
        seconds = thread_seconds() - start;
    }
    return work / seconds;
}

/* A share in percent, or as JSON. */
static void print_share(const struct bench *bench, const char *key, double share)
{
    if (bench->json)
        printf(share <= 1.0 ? ", \"%s\": %.4f" : ", \"%s\": null", key, share);
    else if (share <= 1.0)
        printf("  %5.1f %%", share * 100.0);
    else
        printf("   failed");
}

static void print_figure(struct bench *bench, size_t run, const double speed[TURNS],
                         const double share[TURNS])
{
    const struct shape *s = &bench->shape;
    const char *isa = bp_choice_name(BP_CHOICE_ISA, (int)bench->kernels->isa);
    const double median = speed[TURNS / 2] * 1e-9, best = speed[TURNS - 1] * 1e-9;
    if (bench->json) {
        printf("%s\n{\"isa\": \"%s\", \"kernel\": \"%s\", \"samples\": %zu, \"shard\": %zu, "
               "\"in\": %zu, \"out\": %zu, \"unit\": \"%s\", \"median\": %.4g, \"best\": %.4g",
               bench->first ? "[" : ",", isa, runs[run].name, s->rows, s->shard, s->in, s->out,
               runs[run].product ? "GFLOP/s" : "GB/s", median, best);
    } else {
        printf("%-9s %-9s %7zu %5zu  %4zu - %-4zu  %7.1f %7.1f %-7s", isa, runs[run].name, s->rows,
               s->shard, s->in, s->out, median, best, runs[run].product ? "GFLOP/s" : "GB/s");
    }
    if (runs[run].product) {
        print_share(bench, "share_of_peak", share[TURNS / 2]);
        print_share(bench, "best_share", share[TURNS - 1]);
    }
    printf(bench->json ? "}" : "\n");
    bench->first = false;
    fflush(stdout);
}

static void measure(struct bench *bench, size_t run)
{
    double speed[TURNS], share[TURNS] = {0.0};
    runs[run].run(bench);
    for (size_t k = 0; k < TURNS; k++) {
        const double before = runs[run].product ? time_turn(bench, run_peak) : 1.0;
        speed[k] = time_turn(bench, runs[run].run);
        const double after = runs[run].product ? time_turn(bench, run_peak) : 1.0;
        share[k] = 2.0 * speed[k] / (before + after);
    }
    bp_doubles_sort(speed, TURNS);
    bp_doubles_sort(share, TURNS);
    print_figure(bench, run, speed, share);
}

/* Numbers between -scale / 2 and scale / 2. */
static float *make_numbers(size_t count, float scale)
{
    float *numbers = bp_aligned_alloc(count, sizeof *numbers);
    if (!numbers) {
        fprintf(stderr, "kernel_speed: out of memory\n");
        exit(6);
    }
    for (size_t k = 0; k < count; k++)
        numbers[k] = scale * ((float)(k * 40503u % 65536u) / 65536.0f - 0.5f);
    return numbers;
}

static float *make_equal(size_t count, float number)
{
    float *numbers = make_numbers(count, 0.0f);
    for (size_t k = 0; k < count; k++)
        numbers[k] = number;
    return numbers;
}

/* The delta of the first neuron is 1, those of the others are 0; the first one's weights are 1
 * in the layout of the delta pass. */
static void make_units(struct bench *bench)
{
    const size_t values = bench->panels * bench->stride;
    bench->unit_delta = make_equal(values, 0.0f);
    bench->unit_slope = make_equal(values + bench->input_panels * bench->stride, 1.0f);
    bench->unit_target = make_equal(values, 1.0f);
    bench->no_value = make_equal(values, 0.0f);
    for (size_t row = 0; row < bench->shape.rows; row++)
        bench->unit_delta[row * BP_LANES] = 1.0f;
    for (size_t j = 0; j < bench->input_panels * BP_LANES; j++)
        bench->weights[j / BP_LANES * bench->panels * BP_LANES * BP_LANES + j % BP_LANES] = 1.0f;
}

static void measure_shape(struct bench *bench)
{
    const struct shape *shape = &bench->shape;
    bench->panels = bp_size_divide_up(shape->out, BP_LANES);
    bench->input_panels = bp_size_divide_up(shape->in, BP_LANES);
    bench->stride = (shape->rows | 1) * BP_LANES;
    /* Weights in the layout of either product. */
    const size_t weights = bench->panels * (bench->input_panels * BP_LANES + 1) * BP_LANES;
    bench->weights = make_numbers(weights, 0.1f);
    bench->gradient = make_numbers(weights, 0.1f);
    bench->input = make_numbers(bench->input_panels * bench->stride, 1.0f);
    bench->partial = make_numbers(bench->input_panels * bench->stride, 1.0f);
    bench->value = make_numbers(bench->panels * bench->stride, 1.0f);
    bench->slope = make_numbers(bench->panels * bench->stride, 1.0f);
    bench->target = make_numbers(bench->panels * bench->stride, 8.0f);
    make_units(bench);
    for (size_t run = 0; run < RUNS; run++) {
        if ((runs[run].run != run_transpose || shape->in >= BP_LANES) &&
            (!bench->kernel || strcmp(bench->kernel, runs[run].name) == 0))
            measure(bench, run);
    }
    float *const memory[] = {bench->weights,     bench->gradient,   bench->input,
                             bench->partial,     bench->value,      bench->slope,
                             bench->target,      bench->unit_delta, bench->unit_slope,
                             bench->unit_target, bench->no_value};
    for (size_t k = 0; k < sizeof memory / sizeof memory[0]; k++)
        bp_aligned_free(memory[k]);
}

#define USAGE                                                                                      \
    "usage: kernel_speed [--seconds S] [--isa NAME] [--kernel NAME] "                              \
    "[--shape SAMPLES,SHARD,IN,OUT] [--json]\n"

static int fail_usage(const char *message)
{
    fprintf(stderr, "kernel_speed: %s\n" USAGE, message);
    return 2;
}

static bool is_kernel(const char *name)
{
    for (size_t run = 0; run < RUNS; run++)
        if (strcmp(name, runs[run].name) == 0)
            return true;
    return false;
}

/* "64,16,784,128"; false if it is anything else. */
static bool read_shape(const char *text, struct shape *shape)
{
    size_t number[4];
    for (size_t k = 0; k < 4; k++) {
        char *end;
        number[k] = strtoul(text, &end, 10);
        if (end == text || number[k] < 1 || number[k] > 16384 || *end != (k < 3 ? ',' : '\0'))
            return false;
        text = end + 1;
    }
    *shape = (struct shape){number[0], number[1], number[2], number[3]};
    return true;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"seconds", required_argument, NULL, 's'},
                                            {"isa", required_argument, NULL, 'i'},
                                            {"kernel", required_argument, NULL, 'k'},
                                            {"shape", required_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    struct bench bench = {.seconds = 0.002, .first = true};
    struct shape only = {0};
    int isa = BP_ISA_AUTO;
    bp_error error;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        char *end = NULL;
        if (option == 'h') {
            fputs(USAGE "Times each kernel of each instruction set in turns of S seconds.\n",
                  stdout);
            return 0;
        }
        if (option == 's')
            bench.seconds = strtod(optarg, &end);
        else if (option == 'j')
            bench.json = true;
        else if (option == 'k')
            bench.kernel = optarg;
        else if (option != 'i' && option != 'p')
            return fail_usage("unknown option");
        if (option == 's' && (*end || !(bench.seconds > 0.0 && bench.seconds < 60.0)))
            return fail_usage("--seconds is a number above 0 and below 60");
        if (option == 'i' && bp_choice_value(BP_CHOICE_ISA, optarg, &isa, &error))
            return fail_usage(error.message);
        if (option == 'k' && !is_kernel(optarg))
            return fail_usage("there is no such kernel");
        if (option == 'p' && !read_shape(optarg, &only))
            return fail_usage("--shape is four numbers from 1 to 16384: SAMPLES,SHARD,IN,OUT");
    }
    if (optind < argc)
        return fail_usage("there are no arguments but options");
    if (!bp_kernels_select((bp_isa)isa))
        return fail_usage("this processor or build has no such instruction set");
    if (!bench.json)
        printf(
            "isa       kernel    samples shard    in - out    median    best             of peak "
            "   best\n");
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        for (size_t s = 0; s < (only.rows ? 1 : sizeof shapes / sizeof shapes[0]); s++) {
            bench.kernels = k;
            bench.shape = only.rows ? only : shapes[s];
            const bool slow = k->isa == BP_ISA_PORTABLE && isa == BP_ISA_AUTO &&
                              count_operations(&bench.shape) > MOST_OF_PORTABLE;
            if ((isa == BP_ISA_AUTO || (bp_isa)isa == k->isa) && !slow)
                measure_shape(&bench);
        }
    }
    if (bench.json)
        printf("\n]\n");
    return 0;
}
