/* Learning rates in binary64, without the mathematical library. */
#include "train/schedule.h"

#include "base/power.h"
#include "train/train_options.h"

#define STEP_FACTOR        0.5
#define EXPONENTIAL_FACTOR 0.95

/* sin(pi x / 2) for 0 <= x <= 1/2: the Taylor series up to y^15 by Horner, remainder below 5e-17. */
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

static double choose_factor(const bp_train_options *options)
{
    if (options->schedule_factor > 0.0f)
        return (double)options->schedule_factor;
    return options->schedule == BP_SCHEDULE_STEP ? STEP_FACTOR : EXPONENTIAL_FACTOR;
}

/* The share of the rate after `epoch` of `epochs`. */
static double fall(const bp_train_options *options, size_t epoch, size_t epochs)
{
    switch (options->schedule) {
    case BP_SCHEDULE_STEP:
        return bp_power(choose_factor(options), epoch / options->schedule_epochs);
    case BP_SCHEDULE_EXPONENTIAL:
        return bp_power(choose_factor(options), epoch);
    case BP_SCHEDULE_COSINE:
        return epoch < epochs ? fall_as_cosine((double)epoch / (double)epochs) : 0.0;
    case BP_SCHEDULE_CONSTANT:
        break;
    }
    return 1.0;
}

float bp_schedule_rate(const bp_train_options *options, size_t epoch, size_t batch, size_t batches)
{
    const double rate = (double)bp_train_options_rate(options);
    const size_t warmup = options->warmup_epochs;
    if (epoch < warmup) {
        const double done = (double)epoch * (double)batches + (double)batch + 1.0;
        return (float)(rate * (done / ((double)warmup * (double)batches)));
    }
    return (float)(rate * fall(options, epoch - warmup, options->epochs - warmup));
}
