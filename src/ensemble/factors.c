/*
 * For one class after the other, all steps of its factor at once: a row is given to this class from
 * one step on, which is found by bisection, and to the best of the others before. So rows move at
 * their step, and macro F1 is made of the sums after each step.
 */
#include "ensemble/factors.h"

#include <stdlib.h>
#include <string.h>

#include "base/exponential.h"
#include "base/memory.h"
#include "base/random.h"

#define STEPS_AROUND 30 /* of 1 */
#define STEPS        (2 * STEPS_AROUND + 1)
#define STEP         0.1 /* of the logarithm */

/* The two classes that lead for a row; without `second` where there is one class. */
struct leaders {
    uint32_t first;
    uint32_t second;
};

/* A fit, one sample after the other. */
struct fitting {
    size_t rows, classes;
    float *outputs;          /* rows x classes */
    uint32_t *truth;         /* of each row */
    double *own;             /* weight of each row */
    uint32_t *times;         /* that a row is in the sample */
    struct leaders *leaders; /* of each row, with the factors of now */
    uint32_t *moves;         /* rows by the step from which on they are of the class in work */
    uint32_t *step;          /* of each row */
    double *factor;          /* of each class, in the sample */
    double *support;         /* of each class, in the sample: weight of its rows */
    double *hits;            /* as in docs/metrics.md */
    double *predicted;       /* weight, */
    size_t *answers;         /* and number of the rows given to each class */
    uint32_t *order;         /* of classes */
    int64_t *logarithms;     /* of each class: steps, summed over samples */
    double value[STEPS];     /* of the factor */
};

static void release(struct fitting *fitting)
{
    free(fitting->outputs);
    free(fitting->truth);
    free(fitting->own);
    free(fitting->times);
    free(fitting->leaders);
    free(fitting->moves);
    free(fitting->step);
    free(fitting->factor);
    free(fitting->support);
    free(fitting->hits);
    free(fitting->predicted);
    free(fitting->answers);
    free(fitting->order);
    free(fitting->logarithms);
}

static bool reserve(struct fitting *fitting, size_t rows, size_t classes)
{
    *fitting = (struct fitting){.classes = classes};
    fitting->outputs = bp_array_alloc(rows, classes * sizeof *fitting->outputs);
    fitting->truth = bp_array_alloc(rows, sizeof *fitting->truth);
    fitting->own = bp_array_alloc(rows, sizeof *fitting->own);
    fitting->times = bp_array_alloc(rows, sizeof *fitting->times);
    fitting->leaders = bp_array_alloc(rows, sizeof *fitting->leaders);
    fitting->moves = bp_array_alloc(rows, sizeof *fitting->moves);
    fitting->step = bp_array_alloc(rows, sizeof *fitting->step);
    fitting->factor = bp_array_alloc(classes, sizeof *fitting->factor);
    fitting->support = bp_array_alloc(classes, sizeof *fitting->support);
    fitting->hits = bp_array_alloc(classes, sizeof *fitting->hits);
    fitting->predicted = bp_array_alloc(classes, sizeof *fitting->predicted);
    fitting->answers = bp_array_alloc(classes, sizeof *fitting->answers);
    fitting->order = bp_array_alloc(classes, sizeof *fitting->order);
    fitting->logarithms = calloc(classes, sizeof *fitting->logarithms);
    return fitting->outputs && fitting->truth && fitting->own && fitting->times &&
           fitting->leaders && fitting->moves && fitting->step && fitting->factor &&
           fitting->support && fitting->hits && fitting->predicted && fitting->answers &&
           fitting->order && fitting->logarithms;
}

static void take_rows(struct fitting *fitting, const struct bp_factors_fit *fit)
{
    const struct bp_samples *samples = fit->selection->samples;
    for (size_t x = 0; x < samples->count; x++) {
        if (x % BP_SELECTION_PARTS == fit->without)
            continue;
        const size_t row = fitting->rows++;
        bp_selection_mix(fit->selection, fit->share, x, fitting->outputs + row * fitting->classes);
        fitting->truth[row] = samples->labels[x];
        fitting->own[row] = bp_samples_weight(samples, x);
    }
    for (int k = 0; k < STEPS; k++)
        fitting->value[k] = bp_exp(STEP * (k - STEPS_AROUND));
    fitting->value[STEPS_AROUND] = 1.0;
}

static double get_weight(const struct fitting *fitting, size_t x)
{
    return (double)fitting->times[x] * fitting->own[x];
}

static double get_score(const struct fitting *fitting, size_t x, size_t c)
{
    return fitting->factor[c] * (double)fitting->outputs[x * fitting->classes + c];
}

/* Whether class a, with value, is before class b, with value_b: a larger value, or the same and a
 * smaller index, as bp_decide() has it. */
static bool is_before(size_t a, double value_a, size_t b, double value_b)
{
    return value_a > value_b || (value_a == value_b && a < b);
}

static void find_leaders(struct fitting *fitting, size_t x)
{
    size_t first = 0, second = 1;
    double most = get_score(fitting, x, 0), next = get_score(fitting, x, 1);
    if (next > most) {
        const double value = most;
        most = next;
        next = value;
        first = 1;
        second = 0;
    }
    for (size_t c = 2; c < fitting->classes; c++) {
        const double value = get_score(fitting, x, c);
        if (value > most) {
            next = most;
            second = first;
            most = value;
            first = c;
        } else if (is_before(c, value, second, next)) {
            next = value;
            second = c;
        }
    }
    fitting->leaders[x] = (struct leaders){(uint32_t)first, (uint32_t)second};
}

static void draw_sample(struct fitting *fitting, uint64_t seed, size_t sample)
{
    const uint64_t stream = bp_stream(BP_STREAM_DECISION, (uint32_t)sample);
    memset(fitting->times, 0, fitting->rows * sizeof *fitting->times);
    for (size_t k = 0; k < fitting->rows; k++)
        fitting->times[bp_random_below(seed, stream, k, fitting->rows)]++;
    for (size_t c = 0; c < fitting->classes; c++) {
        fitting->factor[c] = 1.0;
        fitting->support[c] = 0.0;
    }
    for (size_t x = 0; x < fitting->rows; x++) {
        fitting->support[fitting->truth[x]] += get_weight(fitting, x);
        find_leaders(fitting, x);
    }
    for (size_t c = 0; c < fitting->classes; c++) {
        size_t at = c;
        for (; at > 0 && fitting->support[fitting->order[at - 1]] > fitting->support[c]; at--)
            fitting->order[at] = fitting->order[at - 1];
        fitting->order[at] = (uint32_t)c;
    }
}

/* Of the classes that occur or are predicted. */
static double measure_f1(const struct fitting *fitting)
{
    double sum = 0.0, met = 0.0;
    for (size_t c = 0; c < fitting->classes; c++) {
        const double predicted = fitting->answers[c] > 0 ? fitting->predicted[c] : 0.0;
        if (!(predicted + fitting->support[c] > 0.0))
            continue;
        if (fitting->answers[c] > 0)
            sum += 2.0 * fitting->hits[c] / (predicted + fitting->support[c]);
        met += 1.0;
    }
    return met > 0.0 ? sum / met : 0.0;
}

/* Gives row x to class c, or takes it away. */
static void give_row(struct fitting *fitting, size_t x, size_t c, bool give)
{
    const double weight = give ? get_weight(fitting, x) : -get_weight(fitting, x);
    fitting->predicted[c] += weight;
    fitting->answers[c] += give ? 1 : (size_t)-1;
    if (fitting->truth[x] == c)
        fitting->hits[c] += weight;
}

/* The best class for row x but for c. */
static size_t find_rival(const struct fitting *fitting, size_t x, size_t c)
{
    const struct leaders *leaders = &fitting->leaders[x];
    return leaders->first == c ? leaders->second : leaders->first;
}

/* The first step of the factor of class c at which row x is given to it; STEPS: none. */
static uint32_t find_step(const struct fitting *fitting, size_t x, size_t c)
{
    const size_t rival = find_rival(fitting, x, c);
    const double output = (double)fitting->outputs[x * fitting->classes + c];
    const double other = get_score(fitting, x, rival);
    uint32_t low = 0, high = STEPS;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (is_before(c, fitting->value[middle] * output, rival, other))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Rows of the sample with their step, and fitting->moves in the order of steps; begin[k] is where
 * step k begins. Rows are given to others than class c. */
static void sort_rows(struct fitting *fitting, size_t c, size_t begin[STEPS + 2])
{
    memset(begin, 0, (STEPS + 2) * sizeof *begin);
    for (size_t k = 0; k < fitting->classes; k++) {
        fitting->hits[k] = fitting->predicted[k] = 0.0;
        fitting->answers[k] = 0;
    }
    for (size_t x = 0; x < fitting->rows; x++) {
        if (fitting->times[x] == 0)
            continue;
        fitting->step[x] = find_step(fitting, x, c);
        begin[fitting->step[x] + 1]++;
        give_row(fitting, x, find_rival(fitting, x, c), true);
    }
    for (size_t k = 0; k <= STEPS; k++)
        begin[k + 1] += begin[k];
    size_t next[STEPS + 1];
    memcpy(next, begin, sizeof next);
    for (size_t x = 0; x < fitting->rows; x++) {
        if (fitting->times[x] > 0)
            fitting->moves[next[fitting->step[x]]++] = (uint32_t)x;
    }
}

/* Macro F1 with each value of the factor of class c. */
static void try_class(struct fitting *fitting, size_t c, double f1[STEPS])
{
    size_t begin[STEPS + 2];
    sort_rows(fitting, c, begin);
    for (size_t k = 0; k < STEPS; k++) {
        for (size_t i = begin[k]; i < begin[k + 1]; i++) {
            const size_t x = fitting->moves[i];
            give_row(fitting, x, find_rival(fitting, x, c), false);
            give_row(fitting, x, c, true);
        }
        f1[k] = k > 0 && begin[k] == begin[k + 1] ? f1[k - 1] : measure_f1(fitting);
    }
}

static void set_factor(struct fitting *fitting, size_t c, size_t step)
{
    fitting->factor[c] = fitting->value[step];
    for (size_t x = 0; x < fitting->rows; x++) {
        const struct leaders *leaders = &fitting->leaders[x];
        if (leaders->first == c || leaders->second == c ||
            !(get_score(fitting, x, c) < get_score(fitting, x, leaders->second)))
            find_leaders(fitting, x);
    }
}

static void fit_sample(struct fitting *fitting)
{
    double f1[STEPS];
    for (size_t i = 0; i < fitting->classes; i++) {
        const size_t c = fitting->order[i];
        try_class(fitting, c, f1);
        size_t best = STEPS_AROUND;
        for (size_t k = 0; k < STEPS; k++) {
            if (f1[k] > f1[best] + BP_FACTORS_GAIN)
                best = k;
        }
        fitting->logarithms[c] += (int64_t)best - STEPS_AROUND;
        if (best != STEPS_AROUND)
            set_factor(fitting, c, best);
    }
}

/* So that the factors of the rows have the mean 1. */
static void normalize(const double *support, size_t classes, double *factor)
{
    double sum = 0.0, weight = 0.0;
    for (size_t c = 0; c < classes; c++) {
        sum += support[c] * factor[c];
        weight += support[c];
    }
    for (size_t c = 0; c < classes; c++)
        factor[c] = support[c] > 0.0 ? factor[c] * weight / sum : 1.0;
}

bp_status bp_factors_fit_f1(const struct bp_factors_fit *fit, const double *support, double *factor,
                            bp_error *error)
{
    const size_t classes = fit->selection->samples->outputs;
    struct fitting fitting;
    bool plain = true;
    for (size_t c = 0; c < classes; c++)
        factor[c] = 1.0;
    if (classes < 2)
        return BP_OK;
    if (!reserve(&fitting, fit->selection->samples->count, classes)) {
        release(&fitting);
        return bp_fail_memory(error, "the factors of classes");
    }
    take_rows(&fitting, fit);
    for (size_t s = 0; fitting.rows > 0 && s < BP_FACTORS_SAMPLES; s++) {
        draw_sample(&fitting, fit->seed, s);
        fit_sample(&fitting);
    }
    for (size_t c = 0; c < classes; c++) {
        factor[c] = bp_exp(STEP * (double)fitting.logarithms[c] / BP_FACTORS_SAMPLES);
        plain = plain && fitting.logarithms[c] == fitting.logarithms[0];
    }
    release(&fitting);
    for (size_t c = 0; plain && c < classes; c++)
        factor[c] = 1.0;
    if (!plain)
        normalize(support, classes, factor);
    return BP_OK;
}

void bp_factors_balance(const double *support, size_t classes, double *factor)
{
    double weight = 0.0, met = 0.0;
    for (size_t c = 0; c < classes; c++) {
        weight += support[c];
        met += support[c] > 0.0 ? 1.0 : 0.0;
    }
    for (size_t c = 0; c < classes; c++)
        factor[c] = support[c] > 0.0 ? weight / (met * support[c]) : 1.0;
}
