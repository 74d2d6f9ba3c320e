/* Learning rates in binary64, without the mathematical library. */
#include "train/schedule.h"

#include "base/power.h"
#include "train/train_options.h"

/* sin(pi x / 2) for 0 <= x <= 1/2: the Taylor series up to y^15 by Horner, remainder below
 * 5e-17. */
static double sine_of_quarters(double x)
{
    const double y = 0x1.921fb54442d18p+0 * x, square = y * y;
    double sum = 0.0;
    for (int k = 15; k > 1; k -= 2)
        sum = (1.0 - sum) * square / (double)(k * (k - 1));
    return y * (1.0 - sum);
}

/* (1 + cos(pi x)) / 2 = 1 - sin^2(pi x / 2) = sin^2(pi (1 - x) / 2), by the one that cancels
 * nothing. */
static double fall_as_cosine(double x)
{
    const double sine = sine_of_quarters(x > 0.5 ? 1.0 - x : x);
    return x > 0.5 ? sine * sine : 1.0 - sine * sine;
}

/* Of a schedule, e of n epochs after warm-up. */
struct point {
    double factor;
    size_t epoch;           /* e */
    size_t epochs;          /* n */
    size_t schedule_epochs; /* of the options */
    size_t reductions;      /* of the rate, on plateaus */
};

static double stay(const struct point *point)
{
    (void)point;
    return 1.0;
}

static double fall_in_steps(const struct point *point)
{
    return bp_power(point->factor, point->epoch / point->schedule_epochs);
}

static double fall_each_epoch(const struct point *point)
{
    return bp_power(point->factor, point->epoch);
}

static double fall_on_plateaus(const struct point *point)
{
    return bp_power(point->factor, point->reductions);
}

static double fall_along_cosine(const struct point *point)
{
    return point->epoch < point->epochs
               ? fall_as_cosine((double)point->epoch / (double)point->epochs)
               : 0.0;
}

static const struct row {
    double factor;                              /* where the options have 0 */
    double (*share)(const struct point *point); /* of the rate */
    bool needs_epochs;                          /* the share depends on n */
    bool has_state;                             /* it depends on the reductions */
} rows[] = {
    [BP_SCHEDULE_CONSTANT] = {.share = stay},
    [BP_SCHEDULE_STEP] = {.factor = 0.5, .share = fall_in_steps},
    [BP_SCHEDULE_EXPONENTIAL] = {.factor = 0.95, .share = fall_each_epoch},
    [BP_SCHEDULE_COSINE] = {.share = fall_along_cosine, .needs_epochs = true},
    [BP_SCHEDULE_PLATEAU] = {.factor = 0.1, .share = fall_on_plateaus, .has_state = true},
};

float bp_schedule_rate(const bp_train_options *options, size_t epoch, size_t batch, size_t batches,
                       size_t reductions)
{
    const double rate = (double)bp_train_options_rate(options);
    const size_t warmup = options->warmup_epochs;
    if (epoch < warmup) {
        const double done = (double)epoch * (double)batches + (double)batch + 1.0;
        return (float)(rate * (done / ((double)warmup * (double)batches)));
    }
    const struct row *row = &rows[options->schedule];
    const struct point point = {
        .factor = options->schedule_factor > 0.0f ? (double)options->schedule_factor : row->factor,
        .epoch = epoch - warmup,
        .epochs = options->epochs - warmup,
        .schedule_epochs = options->schedule_epochs,
        .reductions = reductions,
    };
    return (float)(rate * row->share(&point));
}

float bp_schedule_factor(bp_schedule schedule)
{
    const size_t index = (size_t)schedule;
    return index < sizeof rows / sizeof rows[0] ? (float)rows[index].factor : 0.0f;
}

bool bp_schedule_needs_epochs(bp_schedule schedule)
{
    return rows[schedule].needs_epochs;
}

bool bp_schedule_has_state(bp_schedule schedule)
{
    return rows[schedule].has_state;
}

void bp_plateau_note(struct bp_plateau *plateau, const bp_train_options *options, size_t epochs,
                     const struct bp_score *score, const struct bp_score_rule *rule)
{
    if (!rows[options->schedule].has_state || epochs <= options->warmup_epochs)
        return;
    if (plateau->since == 0) {
        plateau->record = bp_record_begin(score);
        plateau->since = epochs;
    } else if (bp_record_add(&plateau->record, score, rule)) {
        plateau->since = epochs;
    } else if (epochs - plateau->since >= options->schedule_epochs) {
        plateau->reductions++;
        plateau->since = epochs;
    }
}
