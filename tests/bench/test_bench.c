/* The measuring part of the library: what a bench is made of, and that its figures fit together. */
#include <math.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "bench/memory_limit.h"
#include "bench/synthetic.h"
#include "team/processors.h"

#define SECONDS 0.01

/* What lies between the steps is in the time of a run, not in that of its phases: reading the
 * clock, little beside a step, unless another program takes the processor just then. */
#define SLACK 0.2
#define RUNS  50 /* until one was not interrupted */

static bp_bench_options shape(size_t inputs, size_t hidden, size_t outputs)
{
    bp_bench_options options = bp_bench_options_default();
    options.layers = 2;
    options.widths[0] = inputs;
    options.widths[1] = hidden;
    options.widths[2] = outputs;
    options.threads = 1;
    return options;
}

static bp_bench *make(const bp_bench_options *options)
{
    bp_bench *bench;
    bp_error error;
    cr_assert_eq(bp_bench_create(&bench, options, &error), BP_OK, "%s", error.message);
    return bench;
}

static bp_bench_result run(bp_bench *bench, bool phases)
{
    bp_bench_result result;
    bp_error error;
    cr_assert_eq(bp_bench_run(bench, SECONDS, phases, &result, &error), BP_OK, "%s", error.message);
    return result;
}

static double sum_of(const bp_phases *phases)
{
    return phases->gather + phases->forward + phases->delta + phases->gradient + phases->reduce +
           phases->update + phases->waiting;
}

static void expect_refused(const bp_bench_options *options, const char *words)
{
    bp_bench *bench = (bp_bench *)&bench;
    bp_error error;
    cr_assert_eq(bp_bench_create(&bench, options, &error), BP_ERROR_ARGUMENT);
    cr_assert_null(bench);
    cr_assert_not_null(strstr(error.message, words), "%s", error.message);
}

Test(bench, operations_are_two_a_weight_in_each_pass_but_deltas_of_inputs)
{
    const bp_bench_options options = shape(5, 7, 3);
    bp_bench *bench = make(&options);

    const bp_bench_info info = bp_bench_get_info(bench);

    const double first = 5 * 7, second = 7 * 3;
    cr_assert_eq(info.operations,
                 2 * (first + second) + 2 * (first + second) + 2 * (first + second - first));
    cr_assert_eq(info.parameters, 5 * 7 + 7 + 7 * 3 + 3);
    bp_bench_free(bench);
}

Test(bench, samples_default_to_the_batches_that_4096_hold)
{
    bp_bench_options options = shape(4, 2, 3);
    options.batch_size = 1000;
    bp_bench *bench = make(&options);
    cr_assert_eq(bp_bench_get_info(bench).samples, 4000);
    bp_bench_free(bench);

    options.batch_size = 5000;
    bench = make(&options);
    cr_assert_eq(bp_bench_get_info(bench).samples, 5000);
    bp_bench_free(bench);
}

Test(bench, shards_are_those_of_training)
{
    bp_bench_options options = shape(4, 2, 3);
    options.batch_size = 65;
    bp_bench *bench = make(&options);
    cr_assert_eq(bp_bench_get_info(bench).shards, 3);
    bp_bench_free(bench);

    options.shard_size = 1000;
    bench = make(&options);
    cr_assert_eq(bp_bench_get_info(bench).shards, 1);
    bp_bench_free(bench);
}

Test(bench, a_run_counts_its_samples)
{
    const bp_bench_options options = shape(10, 8, 3);
    bp_bench *bench = make(&options);

    const bp_bench_result result = run(bench, false);

    cr_assert(result.steps >= 1);
    cr_assert(result.seconds >= SECONDS);
    cr_assert_float_eq(result.samples_per_second * result.seconds,
                       (double)(result.steps * options.batch_size),
                       1e-9 * (double)(result.steps * options.batch_size));
    cr_assert_eq(sum_of(&result.phases), 0, "phases were not asked for");
    bp_bench_free(bench);
}

Test(bench, a_step_longer_than_the_time_is_done_once)
{
    bp_bench_options options = shape(200, 200, 10);
    options.batch_size = 4096;
    bp_bench *bench = make(&options);
    bp_bench_result result;

    cr_assert_eq(bp_bench_run(bench, 1e-9, false, &result, NULL), BP_OK);

    cr_assert_eq(result.steps, 1);
    bp_bench_free(bench);
}

Test(bench, phases_fill_the_time_of_all_threads)
{
    static const size_t counts[] = {1, 2, 3, 8};
    for (size_t k = 0; k < 4; k++) {
        const size_t threads = counts[k], processors = bp_affine_processors();
        bp_bench_options options = shape(50, 40, 10);
        options.batch_size = 256;
        options.threads = threads;
        bp_bench *bench = make(&options);

        const double at_once = (double)(threads < processors ? threads : processors);
        double largest = 0;

        for (int r = 0; r < RUNS && largest <= 1 - SLACK; r++) {
            const bp_bench_result result = run(bench, true);
            const double share = sum_of(&result.phases) / (at_once * result.seconds);
            cr_assert(share <= 1 + 1e-9, "%zu threads: %g", threads, share);
            cr_assert(result.phases.forward > 0 && result.phases.gradient > 0);
            largest = fmax(largest, share);
        }

        cr_assert(largest > 1 - SLACK, "%zu threads: %g", threads, largest);
        bp_bench_free(bench);
    }
}

Test(bench, phases_of_an_earlier_run_do_not_count)
{
    const bp_bench_options options = shape(50, 40, 10);
    bp_bench *bench = make(&options);
    for (int k = 0; k < 5; k++)
        run(bench, true);

    const bp_bench_result result = run(bench, true);

    cr_assert(sum_of(&result.phases) < (1 + SLACK) * result.seconds);
    bp_bench_free(bench);
}

Test(bench, the_smallest_and_odd_shapes_run_at_every_number_of_threads)
{
    static const size_t shapes[][3] = {{1, 1, 1}, {3, 1, 2}, {17, 33, 65}};
    for (size_t s = 0; s < 3; s++) {
        for (size_t threads = 0; threads <= 4; threads++) {
            bp_bench_options options = shape(shapes[s][0], shapes[s][1], shapes[s][2]);
            options.batch_size = s + 1;
            options.threads = threads;
            bp_bench *bench = make(&options);
            cr_assert(run(bench, false).samples_per_second > 0);
            cr_assert(!threads || bp_bench_get_info(bench).threads == threads);
            bp_bench_free(bench);
        }
    }
}

Test(bench, a_network_without_hidden_layer_runs)
{
    bp_bench_options options = bp_bench_options_default();
    options.layers = 1;
    options.widths[1] = 10;
    bp_bench *bench = make(&options);

    cr_assert(run(bench, false).steps > 0);
    cr_assert_eq(bp_bench_get_info(bench).operations, 4 * 784 * 10);
    bp_bench_free(bench);
}

/* Another program that takes the processor from one of the two measurements does not take it from
 * the same one again and again. */
Test(bench, the_peak_is_more_than_a_step_reaches)
{
    bp_bench_options options = shape(64, 64, 16);
    options.threads = 2;
    bp_bench *bench = make(&options);
    const double operations = bp_bench_get_info(bench).operations;
    double rate = 0, reached = INFINITY;

    for (int k = 0; k < 50 && reached >= rate; k++) {
        cr_assert_eq(bp_bench_peak(bench, SECONDS, &rate, NULL), BP_OK);
        cr_assert(rate > 1e6 && isfinite(rate), "%g", rate);
        reached = run(bench, false).samples_per_second * operations;
    }

    cr_assert_lt(reached, rate);
    bp_bench_free(bench);
}

/* The time that processors worked for this process. */
static double processor_seconds(void)
{
    struct timespec now;
    cr_assert_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

Test(bench, the_peak_takes_its_time_once_however_the_threads_share_the_processors)
{
    for (size_t threads = 1; threads <= 8; threads++) {
        bp_bench_options options = shape(4, 4, 2);
        options.threads = threads;
        bp_bench *bench = make(&options);
        double rate = 0, largest = 0;

        for (int k = 0; k < 4; k++) {
            const double start = processor_seconds();
            cr_assert_eq(bp_bench_peak(bench, SECONDS, &rate, NULL), BP_OK);
            largest = fmax(largest, processor_seconds() - start);
            cr_assert(rate > 0);
        }

        /* Threads that share a processor share the time. In turn they would take `threads` times
         * SECONDS. The time of processors does not grow when the machine is busy. */
        const double processors = (double)bp_usable_processors();
        cr_assert((double)threads < 2 * processors ||
                      largest < (processors + (double)threads) / 2 * SECONDS,
                  "%zu threads: %g s", threads, largest);
        bp_bench_free(bench);
    }
}

Test(bench, memory_covers_the_samples_and_both_layouts)
{
    bp_bench_options options = shape(100, 50, 10);
    options.samples = 300;
    bp_bench *bench = make(&options);

    const bp_bench_info info = bp_bench_get_info(bench);

    cr_assert(info.data_bytes >= 300 * 100 * sizeof(float));
    cr_assert(info.parameter_bytes >= info.parameters * sizeof(float) + 50 * 10 * sizeof(float));
    cr_assert(info.gradient_bytes >= info.parameters * sizeof(float));
    cr_assert(info.workspace_bytes > 0);
    cr_assert_eq(info.memory_limit, bp_memory_limit(info.data_bytes, info.parameters, 1));
    bp_bench_free(bench);
}

Test(bench, the_memory_limit_grows_by_the_parameters_and_a_cache_with_each_thread)
{
    const size_t cache = bp_memory_limit(0, 0, 1);

    cr_assert(cache >= 65536);
    cr_assert_eq(bp_memory_limit(1000, 10, 3), 1000 + 7 * 10 * sizeof(float) + 3 * cache);
}

Test(bench, shapes_that_make_no_sense_are_refused)
{
    bp_bench_options options = shape(0, 2, 3);
    expect_refused(&options, "width 0");
    options = shape(4, BP_WIDTH_MAX + 1, 3);
    expect_refused(&options, "width");
    options = shape(4, 2, 3);
    options.layers = 0;
    expect_refused(&options, "layers");
    options.layers = BP_LAYERS_MAX + 1;
    expect_refused(&options, "layers");
    options = shape(4, 2, 3);
    options.batch_size = 0;
    expect_refused(&options, "batch size 0");
    options.batch_size = 10;
    options.samples = 9;
    expect_refused(&options, "9 samples are fewer than a batch of 10");
}

Test(bench, work_follows_from_the_shape)
{
    const bp_bench_options options = shape(20, 17, 3);
    bp_bench *bench = make(&options);

    const bp_bench_work work = bp_bench_get_work(bench);

    const double weights = 20 * 17 + 17 * 3, rows = (double)options.batch_size;
    cr_assert_eq(work.forward_operations, 2 * rows * weights);
    cr_assert_eq(work.gradient_operations, 2 * rows * weights);
    cr_assert_eq(work.delta_operations, 2 * rows * 17 * 3);
    cr_assert_eq(work.gather_bytes, rows * 4 * (20 + 32 + 1 + 16));
    /* Two panels of 20 inputs and a bias, one of 17; second layout: 17 inputs are two panels. */
    const double floats = 2 * 21 * 16 + 18 * 16;
    cr_assert_eq(work.reduce_bytes, 4 * floats, "one partial sum");
    cr_assert_eq(work.update_bytes, 4 * (2 * floats + 2 * 16 * 16));
    bp_bench_free(bench);
}

Test(bench, state_and_clipping_are_more_to_read_and_write)
{
    bp_bench_options options = shape(20, 17, 3);
    bp_train_options train = bp_train_options_default();
    bp_bench *bench = make(&options);
    const bp_bench_work plain = bp_bench_get_work(bench);
    bp_bench_free(bench);
    const double floats = 2 * 21 * 16 + 18 * 16;
    train.optimizer = BP_OPTIMIZER_ADAM;
    train.clip_norm = 1;
    options.train = &train;
    bench = make(&options);

    const bp_bench_work work = bp_bench_get_work(bench);

    cr_assert_eq(work.update_bytes - plain.update_bytes, 4 * floats * (4 + 1));
    cr_assert_eq(work.reduce_bytes - plain.reduce_bytes, 4 * floats, "the gradient of the batch");
    bp_bench_free(bench);
}

Test(bench, the_network_and_its_training_are_those_of_the_options)
{
    bp_bench_options options = shape(6, 5, 3);
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    model.output_activation = BP_ACTIVATION_AUTO;
    model.loss = BP_LOSS_AUTO;
    model.hidden_count = 9; /* not read */
    train.optimizer = BP_OPTIMIZER_ADAMW;
    train.dropout = 0.5f;
    train.batch_size = 7; /* not read */
    options.model = &model;
    options.train = &train;
    bp_bench *bench = make(&options);

    const bp_bench_info info = bp_bench_get_info(bench);

    cr_assert_eq(info.optimizer, BP_OPTIMIZER_ADAMW);
    cr_assert_eq(info.loss, BP_LOSS_CROSS_ENTROPY);
    cr_assert_eq(info.output_activation, BP_ACTIVATION_SOFTMAX);
    cr_assert_eq(info.dropout, 0.5f);
    cr_assert_eq(info.batch_size, 64);
    cr_assert_eq(info.parameters, 6 * 5 + 5 + 5 * 3 + 3);
    cr_assert(run(bench, false).steps > 0);
    bp_bench_free(bench);
}

Test(bench, threads_in_turn_and_tiny_steps_take_the_plan_with_fewer_joins)
{
    bp_bench_options options = shape(4, 8, 3);
    options.batch_size = 16;
    for (options.threads = 2; options.threads <= 1024; options.threads *= 8) {
        bp_bench *bench = make(&options);
        if (options.threads > bp_affine_processors())
            cr_assert_eq(bp_bench_get_info(bench).plan, BP_PLAN_SAMPLES);
        bp_bench_free(bench);
    }
}

Test(bench, the_plan_is_that_of_the_options)
{
    bp_train_options train = bp_train_options_default();
    bp_bench_options options = shape(20, 30, 10);
    options.threads = 2;
    options.train = &train;
    for (train.plan = BP_PLAN_SAMPLES; train.plan <= BP_PLAN_PARAMETERS; train.plan++) {
        bp_bench *bench = make(&options);
        const bp_bench_info info = bp_bench_get_info(bench);
        cr_assert_eq(info.plan, train.plan);
        /* Partial sums are held by samples only. */
        cr_assert_eq(info.gradient_bytes > 0, train.plan == BP_PLAN_SAMPLES);
        bp_bench_free(bench);
    }
}

Test(bench, options_of_training_that_do_not_fit_are_refused)
{
    bp_bench_options options = shape(6, 5, 3);
    bp_train_options train = bp_train_options_default();
    options.train = &train;
    train.optimizer = BP_OPTIMIZER_IRPROP;
    expect_refused(&options, "batch size 64: irprop takes all samples in one batch, and there are");
    train = bp_train_options_default();
    train.momentum = 1.5f;
    expect_refused(&options, "momentum");
    train = bp_train_options_default();
    train.dropout = 0.5f;
    options.layers = 1;
    expect_refused(&options, "dropout");
}

static bp_bench_simulation simulate(bp_bench *bench, size_t threads, bp_plan plan)
{
    bp_bench_simulation_options options = bp_bench_simulation_options_default();
    bp_bench_simulation simulation;
    bp_error error;
    options.threads = threads;
    options.plan = plan;
    options.seconds = SECONDS;
    cr_assert_eq(bp_bench_simulate(bench, &options, &simulation, &error), BP_OK, "%s",
                 error.message);
    return simulation;
}

Test(bench, a_simulated_step_has_the_longest_part_of_each_region)
{
    static const size_t counts[] = {1, 2, 5, 40};
    bp_bench_options options = shape(100, 90, 10);
    options.batch_size = 256;
    bp_bench *bench = make(&options);
    for (size_t k = 0; k < 4; k++) {
        const bp_bench_simulation simulation = simulate(bench, counts[k], BP_PLAN_SAMPLES);
        cr_assert_eq(simulation.threads, counts[k]);
        cr_assert_eq(simulation.probes, counts[k] < 16 ? counts[k] : 16);
        cr_assert_eq(simulation.joins, counts[k] == 1 ? 0 : 2);
        cr_assert_eq(simulation.others, counts[k] > 1 && bp_usable_processors() > 1);
        cr_assert(simulation.mean > 0 && simulation.longest >= simulation.mean * (1 - 1e-9));
        cr_assert(simulation.alone > 0 && simulation.alone < simulation.longest);
        cr_assert(simulation.phases.gradient > 0 && simulation.phases.waiting == 0);
    }
    bp_bench_free(bench);
}

/* 256 samples are 8 shards: eight threads have one each, and of 16 eight have none. */
Test(bench, threads_without_shards_leave_the_longest_part_as_it_is)
{
    bp_bench_options options = shape(100, 90, 10);
    options.batch_size = 256;
    bp_bench *bench = make(&options);
    bool twice = false;

    /* Another program may take the processor from one of the two. */
    for (int k = 0; k < 20 && !twice; k++) {
        const bp_bench_simulation eight = simulate(bench, 8, BP_PLAN_SAMPLES);
        const bp_bench_simulation sixteen = simulate(bench, 16, BP_PLAN_SAMPLES);
        twice = eight.mean / eight.longest > 0.7 && sixteen.mean / sixteen.longest < 0.7 &&
                sixteen.longest > 0.7 * eight.longest;
    }

    cr_assert(twice);
    bp_bench_free(bench);
}

Test(bench, the_bytes_of_a_simulated_step_are_those_of_its_passes)
{
    bp_bench_options options = shape(20, 17, 3);
    options.batch_size = 64;
    bp_bench *bench = make(&options);
    const bp_bench_work work = bp_bench_get_work(bench);
    const double floats = 2 * 21 * 16 + 18 * 16, transposed = 2 * 16 * 16;
    const double rest = work.gather_bytes + work.update_bytes + 4 * (floats + transposed);

    cr_assert_eq(simulate(bench, 1, BP_PLAN_SAMPLES).bytes, rest + 2 * 4 * floats);
    cr_assert_eq(simulate(bench, 2, BP_PLAN_SAMPLES).bytes, rest + 2 * 4 * 2 * floats);
    cr_assert_eq(simulate(bench, 2, BP_PLAN_PARAMETERS).bytes, rest, "no partial sums");
    bp_bench_free(bench);
}

Test(bench, a_join_of_one_thread_costs_nothing_and_memory_has_a_speed)
{
    bp_bench_options options = shape(4, 4, 2);
    for (size_t threads = 1; threads <= 3; threads++) {
        options.threads = threads;
        bp_bench *bench = make(&options);
        double join = -1, further = -1, rate = 0;
        cr_assert_eq(bp_bench_join(bench, SECONDS, &join, NULL), BP_OK);
        cr_assert_eq(bp_bench_join_further(bench, SECONDS, &further, NULL), BP_OK);
        cr_assert_eq(bp_bench_stream(bench, SECONDS, &rate, NULL), BP_OK);
        cr_assert(threads == 1 ? join == 0 : join > 0);
        cr_assert(threads == 1 ? further == 0 : further >= 0 && further < 1, "%g", further);
        cr_assert(rate > 1e6 && isfinite(rate), "%g", rate);
        bp_bench_free(bench);
    }
}

Test(bench, what_cannot_be_simulated_is_refused)
{
    const bp_bench_options options = shape(4, 4, 2);
    bp_bench *bench = make(&options);
    bp_bench_simulation simulation;
    bp_bench_simulation_options wrong = bp_bench_simulation_options_default();
    wrong.threads = 0;
    cr_assert_eq(bp_bench_simulate(bench, &wrong, &simulation, NULL), BP_ERROR_ARGUMENT);
    wrong.threads = 1025;
    cr_assert_eq(bp_bench_simulate(bench, &wrong, &simulation, NULL), BP_ERROR_ARGUMENT);
    wrong = bp_bench_simulation_options_default();
    wrong.plan = (bp_plan)99;
    cr_assert_eq(bp_bench_simulate(bench, &wrong, &simulation, NULL), BP_ERROR_ARGUMENT);
    wrong = bp_bench_simulation_options_default();
    wrong.seconds = 0;
    cr_assert_eq(bp_bench_simulate(bench, &wrong, &simulation, NULL), BP_ERROR_ARGUMENT);
    bp_bench_free(bench);
}

Test(bench, a_time_that_is_none_is_refused)
{
    const double wrong[] = {0.0, -1.0, (double)NAN, (double)INFINITY};
    const bp_bench_options options = shape(4, 2, 3);
    bp_bench *bench = make(&options);
    for (size_t k = 0; k < 4; k++) {
        bp_bench_result result;
        double rate;
        cr_assert_eq(bp_bench_run(bench, wrong[k], false, &result, NULL), BP_ERROR_ARGUMENT);
        cr_assert_eq(bp_bench_peak(bench, wrong[k], &rate, NULL), BP_ERROR_ARGUMENT);
    }
    bp_bench_free(bench);
}

Test(bench, synthetic_inputs_have_mean_0_and_std_1)
{
    enum { count = 1000, inputs = 8 };
    bp_dataset *dataset;
    cr_assert_eq(
        bp_synthetic_create(&dataset, &(struct bp_synthetic_shape){count, inputs, 3, false}, NULL),
        BP_OK);

    double mean = 0, square = 0;
    for (size_t c = 0; c < inputs; c++) {
        bp_column_info info;
        cr_assert_eq(bp_dataset_describe(dataset, c, &info, NULL), BP_OK);
        mean += info.mean / inputs;
        square += info.std * info.std / inputs;
    }

    /* Four standard errors of 8000 draws: 4 / sqrt(8000) for the mean; the variance of x^2 is
     * 4/5. */
    cr_assert_float_eq(mean, 0, 4 / sqrt(8000.0));
    cr_assert_float_eq(square, 1, 4 * sqrt(0.8 / 8000.0));
    bp_dataset_free(dataset);
}

Test(bench, one_output_is_a_number_and_several_are_classes)
{
    for (size_t outputs = 1; outputs <= 3; outputs++) {
        bp_dataset *dataset;
        bp_column_info info;
        cr_assert_eq(bp_synthetic_create(&dataset,
                                         &(struct bp_synthetic_shape){30, 2, outputs, false}, NULL),
                     BP_OK);
        cr_assert_eq(bp_dataset_describe(dataset, 2, &info, NULL), BP_OK);
        cr_assert_eq(info.kind, outputs == 1 ? BP_COLUMN_NUMBER : BP_COLUMN_CATEGORY);
        cr_assert(outputs == 1 || info.distinct == outputs);
        bp_dataset_free(dataset);
    }
}

Test(bench, freeing_nothing_is_legal)
{
    bp_bench_free(NULL);
}
