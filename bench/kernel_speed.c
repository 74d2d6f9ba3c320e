/*
 * How fast each kernel of each instruction set is: GFLOP/s and the share of the fused multiply-add
 * peak of one core for the products, GB/s for the elementwise passes.
 *
 *   kernel_speed [--seconds S] [--isa NAME] [--json]
 *
 * Kernel and peak are timed in turns with the processor time of this thread, so that another
 * program on the machine takes nothing from either; each figure is the median over the turns.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "kernels/kernels.h"

#define TURNS 9

struct shape {
    size_t rows;  /* samples */
    size_t shard; /* samples a shard, gradient only */
    size_t in, out;
};

static const struct shape shapes[] = {
    {16, 8, 4, 8},        {32, 8, 10, 45},       {32, 8, 45, 45},        {64, 8, 64, 32},
    {32, 8, 784, 128},    {64, 8, 784, 128},     {64, 16, 784, 128},     {64, 8, 128, 10},
    {128, 16, 784, 1024}, {128, 16, 1024, 1024}, {128, 16, 4096, 4096},  {64, 64, 784, 128},
    {128, 128, 784, 128}, {128, 16, 784, 128},   {128, 128, 1024, 1024}, {128, 32, 1024, 1024},
    {32, 16, 784, 128},   {32, 32, 784, 128},    {128, 16, 12, 16},      {128, 128, 12, 16},
    {128, 16, 48, 16},    {128, 128, 48, 16},    {64, 8, 12, 16},        {512, 512, 12, 16},
};

struct bench {
    const struct bp_kernels *kernels;
    double seconds; /* a turn */
    struct shape shape;
    size_t panels, input_stride, stride;
    float *input, *weights, *value, *slope, *gradient, *partial;
};

static double thread_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double find_median(double *values)
{
    qsort(values, TURNS, sizeof *values, compare);
    return values[TURNS / 2];
}

/* What a kernel is called with, and the operations or bytes of one call. */
typedef double run_fn(const struct bench *bench);

static double run_peak(const struct bench *bench)
{
    return bench->kernels->peak(2000);
}

static double run_forward(const struct bench *bench)
{
    const struct shape *shape = &bench->shape;
    bench->kernels->forward(&(struct bp_forward_args){
        .rows = shape->rows,
        .in = shape->in,
        .panels = bench->panels,
        .input = bench->input,
        .input_stride = bench->input_stride,
        .weights = bench->weights,
        .activation = BP_LOGISTIC,
        .value = bench->value,
        .slope = bench->slope,
        .stride = bench->stride,
    });
    return 2.0 * (double)(shape->rows * shape->in * shape->out);
}

/* Deltas of `in` neurons from those of `out`. */
static double run_delta(const struct bench *bench)
{
    const struct shape *shape = &bench->shape;
    bench->kernels->delta(&(struct bp_delta_args){
        .rows = shape->rows,
        .out = shape->out,
        .panels = (shape->in + BP_PANEL - 1) / BP_PANEL,
        .delta = bench->slope,
        .delta_stride = bench->stride,
        .weights = bench->weights,
        .panel_stride = bench->panels * BP_PANEL * BP_PANEL,
        .partial = bench->partial,
        .slope = bench->input,
        .slope_stride = bench->input_stride,
    });
    return 2.0 * (double)(shape->rows * shape->in * shape->out);
}

static double run_gradient(const struct bench *bench)
{
    const struct shape *shape = &bench->shape;
    bench->kernels->gradient(&(struct bp_gradient_args){
        .rows = shape->rows,
        .shard_rows = shape->shard,
        .in = shape->in,
        .panels = bench->panels,
        .input = bench->input,
        .input_stride = bench->input_stride,
        .delta = bench->slope,
        .delta_stride = bench->stride,
        .gradient = bench->gradient,
    });
    return 2.0 * (double)(shape->rows * shape->in * shape->out);
}

/* Work per second of `run`, repeated until a turn is over. */
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

static void measure(const struct bench *bench, const char *name, run_fn *run)
{
    double speed[TURNS], share[TURNS];
    for (size_t k = 0; k < TURNS; k++) {
        const double before = time_turn(bench, run_peak);
        speed[k] = time_turn(bench, run);
        const double after = time_turn(bench, run_peak);
        share[k] = 2.0 * speed[k] / (before + after);
    }
    const struct shape *s = &bench->shape;
    printf("%-8s %4zu/%-3zu %4zu-%-5zu %7.1f GFLOP/s  %5.1f %%\n", name, s->rows, s->shard, s->in,
           s->out, find_median(speed) * 1e-9, find_median(share) * 100.0);
    fflush(stdout);
}

static float *fill(size_t count, float scale)
{
    float *values = bp_aligned_alloc(count, sizeof *values);
    if (!values)
        exit(1);
    for (size_t k = 0; k < count; k++)
        values[k] = scale * (float)((double)(k * 2654435761u % 65536u) / 65536.0 - 0.5);
    return values;
}

int main(int argc, char **argv)
{
    struct bench bench = {.seconds = argc > 1 ? atof(argv[1]) : 0.002};
    bench.kernels = bp_kernels_select(BP_ISA_AUTO);
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        if (argc > 3 && (size_t)atoi(argv[3]) != k)
            continue;
        bench.shape = shapes[k];
        bench.panels = (shapes[k].out + 15) / 16;
        bench.input_stride = (shapes[k].rows | 1) * BP_PANEL;
        bench.stride = (shapes[k].rows | 1) * BP_PANEL;
        bench.input = fill((shapes[k].in + 15) / 16 * bench.input_stride, 1);
        bench.partial = fill((shapes[k].in + 15) / 16 * bench.input_stride, 1);
        bench.value = fill(bench.panels * bench.stride, 1);
        bench.slope = fill(bench.panels * bench.stride, 1);
        bench.weights = fill(bench.panels * ((shapes[k].in + 15) / 16 * 16 + 1) * 16, 0.01f);
        bench.gradient = fill(bench.panels * (shapes[k].in + 1) * 16, 1);
        if (argc < 3 || strchr(argv[2], 'f'))
            measure(&bench, "forward", run_forward);
        if (argc < 3 || strchr(argv[2], 'd'))
            measure(&bench, "delta", run_delta);
        if (argc < 3 || strchr(argv[2], 'g'))
            measure(&bench, "gradient", run_gradient);
    }
}
