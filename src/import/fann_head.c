/*
 * The first word is the version; then each parameter is NAME=VALUE. Those that say how FANN trains
 * are passed over, since training here has options of its own.
 */
#include "import/fann_head.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "data/text/text.h"

/* Of inputs, or outputs: scaled = ((number - mean) / deviation + 1) * factor + new minimum. */
enum { MEAN, DEVIATION, NEW_MIN, FACTOR, PARTS };
struct scale {
    double *part[PARTS]; /* numbers of each neuron, or NULL */
};

struct reading {
    struct bp_fann_head *head;
    struct bp_foreign *foreign;
    struct bp_fann_words *words;
    struct scale scale[2]; /* of inputs and outputs */
    bool scaled;
};

static bp_status fail(const struct reading *reading, const char *why, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: %s", reading->foreign->path, why);
}

static bp_status read_version(const struct reading *reading, bp_error *error)
{
    struct bp_fann_words *words = reading->words;
    if (bp_fann_is(words, "FANN_FLO_2.1") || bp_fann_is(words, "FANN_FLO_2.0"))
        return bp_fann_next(words, error);
    if (words->length > 9 && memcmp(words->text, "FANN_FIX_", 9) == 0)
        return fail(reading,
                    "is a network of whole numbers (FANN_FIX), whose weights have lost what they "
                    "were: save it with fann_save(), not fann_save_to_fixed()",
                    error);
    if (words->length > 9 && memcmp(words->text, "FANN_FLO_", 9) == 0)
        return fail(reading,
                    "is of a version of FANN other than 2.0 and 2.1 of the format: read it with "
                    "FANN 2.1 or later, and save it again",
                    error);
    return fail(reading, "is no network of FANN, which begins with FANN_FLO_2.1", error);
}

static bp_status read_sizes(struct reading *reading, bp_error *error)
{
    static const struct bp_fann_count allowed = {"the number of the neurons of a layer", 2,
                                                 BP_WIDTH_MAX + 1};
    struct bp_fann_head *head = reading->head;
    bp_status status = BP_OK;
    if (head->layers == 0 || head->sizes[0] > 0)
        return fail(reading, "has layer_sizes before num_layers, or twice", error);
    for (size_t l = 0; l < head->layers && !status; l++)
        status = bp_fann_take_count(reading->words, "", "", &allowed, &head->sizes[l], error);
    return status;
}

/* A list of numbers, of each input or output; memory follows what is read. */
static bp_status read_scale(struct reading *reading, size_t side, size_t part, bp_error *error)
{
    const struct bp_fann_head *head = reading->head;
    double **numbers = &reading->scale[side].part[part];
    size_t capacity = 0;
    bp_status status = BP_OK;
    if (head->sizes[0] == 0)
        return fail(reading, "has scale_mean_in and the like before layer_sizes", error);
    if (*numbers)
        return fail(reading, "has a list of scale_mean_in and the like twice", error);
    const size_t count = head->sizes[side ? head->layers - 1 : 0] - 1;
    for (size_t i = 0; i < count && !status; i++) {
        double *grown = bp_array_grow(*numbers, &capacity, i + 1, sizeof *grown);
        if (!grown)
            return bp_fail_memory(error, "the scaling of a network");
        *numbers = grown;
        status = bp_fann_take_number(reading->words, "", "", "a number of the scaling", &grown[i],
                                     error);
    }
    return status;
}

/* Where it is a list of the scaling. */
static bool is_scale(struct reading *reading, bp_status *status, bp_error *error)
{
    static const char *const names[2][PARTS] = {
        {"scale_mean_in=", "scale_deviation_in=", "scale_new_min_in=", "scale_factor_in="},
        {"scale_mean_out=", "scale_deviation_out=", "scale_new_min_out=", "scale_factor_out="}};
    for (size_t side = 0; side < 2; side++) {
        for (size_t part = 0; part < PARTS; part++) {
            if (!bp_fann_cut(reading->words, names[side][part], status, error))
                continue;
            if (!*status)
                *status = read_scale(reading, side, part, error);
            return true;
        }
    }
    return false;
}

static bp_status read_layers(struct reading *reading, bp_error *error)
{
    static const struct bp_fann_count allowed = {"the number of layers, with that of the inputs", 2,
                                                 BP_LAYERS_MAX + 1};
    if (reading->head->layers > 0)
        return fail(reading, "has num_layers twice", error);
    return bp_fann_take_count(reading->words, "", "", &allowed, &reading->head->layers, error);
}

static bp_status read_rate(struct reading *reading, bp_error *error)
{
    double rate;
    const bp_status status =
        bp_fann_take_number(reading->words, "", "", "the connection rate", &rate, error);
    if (status || rate >= 1)
        return status;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: has the connection_rate %g: only networks whose layers are connected in "
                   "full are read",
                   reading->foreign->path, rate);
}

static bp_status read_kind(struct reading *reading, bp_error *error)
{
    static const struct bp_fann_count allowed = {"a network_type", 0, 1};
    size_t kind;
    const bp_status status = bp_fann_take_count(reading->words, "", "", &allowed, &kind, error);
    if (status || kind == 0)
        return status;
    return fail(reading,
                "has shortcut connections (network_type=1), as cascade training makes them: only "
                "networks whose layers read the one before are read",
                error);
}

static bp_status read_scaled(struct reading *reading, bp_error *error)
{
    static const struct bp_fann_count allowed = {"scale_included", 0, 1};
    size_t scaled;
    const bp_status status = bp_fann_take_count(reading->words, "", "", &allowed, &scaled, error);
    reading->scaled = scaled == 1;
    return status;
}

/* Passes over a parameter with all of its values. */
static bp_status skip(struct reading *reading, bp_error *error)
{
    struct bp_fann_words *words = reading->words;
    if (!memchr(words->text, '=', words->length))
        return bp_fann_fail(words, "NAME=VALUE", error);
    bp_status status;
    do
        status = bp_fann_next(words, error);
    while (!status && words->length > 0 && !memchr(words->text, '=', words->length) &&
           !bp_fann_is(words, "neurons"));
    return status;
}

static bp_status read_parameter(struct reading *reading, bp_error *error)
{
    static const struct {
        const char *name;
        bp_status (*read)(struct reading *reading, bp_error *error);
    } read[] = {
        {"num_layers=", read_layers},     {"connection_rate=", read_rate},
        {"network_type=", read_kind},     {"layer_sizes=", read_sizes},
        {"scale_included=", read_scaled},
    };
    bp_status status;
    for (size_t k = 0; k < sizeof read / sizeof read[0]; k++)
        if (bp_fann_cut(reading->words, read[k].name, &status, error))
            return status ? status : read[k].read(reading, error);
    return is_scale(reading, &status, error) ? status : skip(reading, error);
}

/* FANN leaves a neuron alone whose deviation is 0. */
static bool convert(const struct scale *scale, size_t count, struct bp_foreign_scaling *to)
{
    for (size_t i = 0; i < count; i++) {
        const double deviation = scale->part[DEVIATION][i], factor = scale->part[FACTOR][i];
        to[i] = (struct bp_foreign_scaling){0, 1};
        if (deviation == 0)
            continue;
        to[i].scale = factor / deviation;
        to[i].shift =
            scale->part[MEAN][i] - deviation - scale->part[NEW_MIN][i] * deviation / factor;
        if (!isfinite(to[i].shift) || !isfinite(to[i].scale) || to[i].scale == 0)
            return false;
    }
    return true;
}

static bp_status take_scale(struct reading *reading, size_t side, struct bp_foreign_scaling **out,
                            bp_error *error)
{
    const struct bp_fann_head *head = reading->head;
    const size_t count = head->sizes[side ? head->layers - 1 : 0] - 1;
    for (size_t part = 0; part < PARTS; part++)
        if (!reading->scale[side].part[part])
            return fail(reading, "has scale_included=1, but not all of the scaling", error);
    *out = calloc(count, sizeof **out);
    if (!*out)
        return bp_fail_memory(error, "the scaling of a network");
    if (convert(&reading->scale[side], count, *out))
        return BP_OK;
    return fail(reading,
                side ? "has a scaling of an output that is 0 or not finite"
                     : "has a scaling of an input that is 0 or not finite",
                error);
}

static bp_status read_all(struct reading *reading, bp_error *error)
{
    struct bp_fann_words *words = reading->words;
    bp_status status = bp_fann_next(words, error);
    if (!status)
        status = read_version(reading, error);
    while (!status && words->length > 0 && !bp_fann_is(words, "neurons"))
        status = read_parameter(reading, error);
    if (!status && words->length == 0)
        return bp_fann_fail(words, "the neurons", error);
    if (!status && reading->head->sizes[0] == 0)
        return fail(reading, "has no layer_sizes before its neurons", error);
    if (!status && reading->scaled)
        status = take_scale(reading, 0, &reading->foreign->inputs, error);
    if (!status && reading->scaled)
        status = take_scale(reading, 1, &reading->foreign->outputs, error);
    return status;
}

bp_status bp_fann_head_read(struct bp_fann_head *head, struct bp_foreign *foreign,
                            struct bp_fann_words *words, bp_error *error)
{
    *head = (struct bp_fann_head){0};
    struct reading reading = {.head = head, .foreign = foreign, .words = words};
    const bp_status status = read_all(&reading, error);
    for (size_t side = 0; side < 2; side++)
        for (size_t part = 0; part < PARTS; part++)
            free(reading.scale[side].part[part]);
    return status;
}
