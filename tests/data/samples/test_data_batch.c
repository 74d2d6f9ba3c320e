/* Gathering: the values of neurons bit by bit, order, and nothing written beyond. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/batch.h"
#include "support/schemas.h"
#include "support/tables.h"

#define GUARD 123.5f

struct bound {
    bp_dataset *dataset;
    struct bp_schema *schema;
    struct bp_samples samples;
};

static struct bound bind_for(bp_dataset *dataset, bp_scale scale, bool once)
{
    bp_error error = {.message = ""};
    struct bp_schema_options options = schema_options();
    options.scale = scale;
    struct bound bound = {.dataset = dataset, .schema = schema_fit(dataset, &options)};
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED, .once = once};
    cr_assert_eq(bp_samples_bind(&bound.samples, bound.schema, dataset, &binding, &error), BP_OK,
                 "%s", error.message);
    return bound;
}

static struct bound bind(bp_dataset *dataset, bp_scale scale)
{
    return bind_for(dataset, scale, false);
}

static void release(struct bound *bound)
{
    bp_samples_release(&bound->samples);
    bp_schema_free(bound->schema);
    bp_dataset_free(bound->dataset);
}

/* `rows` rows of `inputs` numbers and a target, with values that round when scaled. */
static bp_dataset *make_numbers(size_t rows, size_t inputs)
{
    float *values = malloc(rows * (inputs + 1) * sizeof *values);
    for (size_t k = 0; k < rows * (inputs + 1); k++)
        values[k] = (float)((k * 7919 + 13) % 1009) / 7.0f - 31.0f;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, inputs, 1, values);
    free(values);
    return dataset;
}

/* Number i of row r in panels. */
static float at(const float *panels, size_t stride, size_t r, size_t i)
{
    return panels[i / 16 * stride + r * 16 + i % 16];
}

Test(data_batch, every_width_is_gathered_and_nothing_beyond_is_touched)
{
    static const size_t widths[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 127};
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        const size_t inputs = widths[w], panels = (inputs + 15) / 16, stride = 4 * 16;
        struct bound bound = bind(make_numbers(5, inputs), BP_SCALE_STANDARD);
        static const uint32_t order[] = {3, 0, 4};
        float *out = malloc(panels * stride * sizeof *out);
        for (size_t k = 0; k < panels * stride; k++)
            out[k] = GUARD;
        bp_batch_gather(&bound.samples, order, 3, out, stride);
        for (size_t r = 0; r < 4; r++) {
            for (size_t i = 0; i < panels * 16; i++) {
                float expected = GUARD;
                if (r < 3 && i < inputs) {
                    const struct bp_schema_column *column = &bound.schema->column[i];
                    const float cell = bound.dataset->table->values[order[r] * (inputs + 1) + i];
                    expected = (cell - column->shift) * column->scale;
                }
                cr_assert_eq(at(out, stride, r, i), expected, "row %zu, input %zu", r, i);
            }
        }
        free(out);
        release(&bound);
    }
}

/* Row r has an input of 2^(-62 - r) in each column; the target is r. */
static bp_dataset *make_small_numbers(size_t rows, size_t inputs)
{
    float *values = malloc(rows * (inputs + 1) * sizeof *values);
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < inputs; i++)
            values[r * (inputs + 1) + i] = ldexpf(i % 2 ? -1.5f : 1.5f, -62 - (int)r);
        values[r * (inputs + 1) + inputs] = (float)r;
    }
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, inputs, 1, values);
    free(values);
    return dataset;
}

Test(data_batch, inputs_that_are_too_small_to_be_stored_are_zero)
{
    enum { inputs = 21, rows = 4, stride = 16 * rows };
    for (int once = 0; once < 2; once++) {
        struct bound bound = bind_for(make_small_numbers(rows, inputs), BP_SCALE_NONE, once);
        float out[2 * stride];
        bp_batch_gather(&bound.samples, (const uint32_t[]){0, 1, 2, 3}, rows, out, stride);
        for (size_t r = 0; r < rows; r++)
            for (size_t i = 0; i < inputs; i++)
                cr_assert_eq(at(out, stride, r, i),
                             r < 2 ? bound.dataset->table->values[r * (inputs + 1) + i] : 0.0f,
                             "row %zu, input %zu", r, i);
        cr_expect_not(bound.samples.ordinary);
        release(&bound);
    }
}

/* Rows of numbers far from 0, but for column `zero`, which is 1 and -1 in turn, and in the last row
 * 2^-80. */
static bp_dataset *make_one_small(size_t rows, size_t inputs, size_t zero)
{
    float *values = malloc(rows * (inputs + 1) * sizeof *values);
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i <= inputs; i++)
            values[r * (inputs + 1) + i] = 100.0f + (float)((r + i) % 3);
        values[r * (inputs + 1) + zero] = r % 2 ? -1.0f : 1.0f;
    }
    values[(rows - 1) * (inputs + 1) + zero] = 0x1p-80f;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, inputs, 1, values);
    free(values);
    return dataset;
}

/* An odd number of rows: the mean of the column is 0, as that of the numbers around it is not. */
Test(data_batch, one_small_input_is_found_in_any_column_and_row)
{
    static const size_t widths[] = {1, 2, 15, 16, 17, 31, 32, 33, 50};
    static const size_t counts[] = {3, 63, 65, 129, 513};
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
            for (size_t zero = 0; zero < widths[w]; zero++) {
                struct bound bound =
                    bind(make_one_small(counts[k], widths[w], zero), BP_SCALE_STANDARD);
                cr_assert(fabsf(bound.samples.shift[zero]) < 0x1p-80f);
                cr_assert_not(bound.samples.ordinary, "%zu rows, input %zu of %zu", counts[k], zero,
                              widths[w]);
                release(&bound);
            }
}

/* To look takes as long as to compare in the one batch that each of them is in. */
Test(data_batch, samples_that_are_gathered_once_are_not_looked_at_first)
{
    struct bound numbers = bind_for(make_numbers(5, 17), BP_SCALE_NONE, true);
    cr_expect_not(numbers.samples.ordinary);
    release(&numbers);
    struct bound scaled = bind_for(make_numbers(5, 17), BP_SCALE_STANDARD, true);
    cr_expect(scaled.samples.ordinary, "shifts alone say so");
    release(&scaled);
}

Test(data_batch, samples_without_such_inputs_are_found_to_have_none)
{
    static const bp_scale scales[] = {BP_SCALE_STANDARD, BP_SCALE_NONE};
    for (size_t k = 0; k < 2; k++) {
        struct bound numbers = bind(make_numbers(5, 17), scales[k]);
        cr_expect(numbers.samples.ordinary);
        release(&numbers);
        struct bound small = bind(make_small_numbers(2, 3), scales[k]);
        cr_expect(small.samples.ordinary, "the smallest of them are stored");
        release(&small);
        struct bound images = bind(
            table_images(2, 3, (const uint8_t[6]){0, 1, 2, 3, 4, 5}, (const uint32_t[]){0, 1}, 2),
            scales[k]);
        cr_expect(images.samples.ordinary);
        release(&images);
    }
}

Test(data_batch, bytes_become_the_same_floats_as_numbers)
{
    enum { pixels = 37, rows = 4 };
    uint8_t bytes[rows * pixels];
    for (size_t k = 0; k < sizeof bytes; k++)
        bytes[k] = (uint8_t)(k * 53 % 256);
    struct bound bound = bind(table_images(rows, pixels, bytes, (const uint32_t[]){0, 1, 1, 0}, 2),
                              BP_SCALE_STANDARD);
    cr_assert_not_null(bound.samples.bytes);
    float out[3 * 32];
    bp_batch_gather(&bound.samples, (const uint32_t[]){2, 1}, 2, out, 32);
    const struct bp_schema_column *column = &bound.schema->column[0];
    for (size_t r = 0; r < 2; r++) {
        for (size_t i = 0; i < pixels; i++) {
            const float cell = (float)bytes[(2 - r) * pixels + i];
            cr_assert_eq(at(out, 32, r, i), (cell - column->shift) * column->scale);
        }
    }
    release(&bound);
}

Test(data_batch, rows_far_apart_are_gathered_as_near_ones)
{
    enum { rows = 60, inputs = 5, stride = rows * 16 };
    struct bound bound = bind(make_numbers(rows, inputs), BP_SCALE_NONE);
    uint32_t order[rows];
    for (uint32_t x = 0; x < rows; x++)
        order[x] = x * 7 % rows;
    float out[stride];
    bp_batch_prefetch(&bound.samples, order, rows);
    bp_batch_gather(&bound.samples, order, rows, out, stride);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < inputs; i++)
            cr_assert_eq(at(out, stride, r, i),
                         bound.dataset->table->values[order[r] * (inputs + 1) + i]);
    release(&bound);
}

Test(data_batch, the_target_of_a_class_is_1_for_it_and_0_for_all_others)
{
    uint8_t bytes[18];
    uint32_t labels[18];
    for (uint32_t k = 0; k < 18; k++) {
        bytes[k] = (uint8_t)k;
        labels[k] = k;
    }
    struct bound bound = bind(table_images(18, 1, bytes, labels, 18), BP_SCALE_NONE);
    float out[2 * 48];
    for (size_t k = 0; k < 2 * 48; k++)
        out[k] = GUARD;
    bp_batch_gather_targets(&bound.samples, (const uint32_t[]){17, 5}, 2, out, 48);
    for (size_t j = 0; j < 32; j++) {
        cr_assert_eq(at(out, 48, 0, j), (float)(j == bound.samples.labels[17]));
        cr_assert_eq(at(out, 48, 1, j), (float)(j == bound.samples.labels[5]));
    }
    cr_assert_eq(out[32], GUARD, "the place of a third sample");
    release(&bound);
}

Test(data_batch, targets_that_are_numbers_are_copied)
{
    struct bound bound = bind(make_numbers(4, 2), BP_SCALE_NONE);
    float out[2 * 16];
    bp_batch_gather_targets(&bound.samples, (const uint32_t[]){3, 1}, 2, out, 32);
    cr_assert_eq(out[0], bound.samples.targets[3]);
    cr_assert_eq(out[16], bound.samples.targets[1]);
    for (size_t j = 1; j < 16; j++)
        cr_assert(out[j] == 0.0f && out[16 + j] == 0.0f);
    release(&bound);
}

Test(data_batch, a_category_is_one_neuron_that_is_1)
{
    struct bound bound =
        bind(table_csv("n,color,m,c\n1,red,4,x\n2,blue,5,y\n3,green,6,x\n", true), BP_SCALE_NONE);
    static const float expected[3][5] = {{1, 0, 0, 1, 4}, {2, 1, 0, 0, 5}, {3, 0, 1, 0, 6}};
    float out[3 * 16];
    for (size_t k = 0; k < 3 * 16; k++)
        out[k] = GUARD;
    bp_batch_gather(&bound.samples, (const uint32_t[]){0, 1, 2}, 3, out, 48);
    for (size_t r = 0; r < 3; r++)
        for (size_t i = 0; i < 16; i++)
            cr_assert_eq(out[r * 16 + i], i < 5 ? expected[r][i] : 0.0f);
    release(&bound);
}

Test(data_batch, the_rows_of_a_part_are_its_own)
{
    bp_dataset *dataset = table_show(make_numbers(6, 3), 2, (const uint32_t[]){5, 1});
    struct bound bound = bind(dataset, BP_SCALE_NONE);
    float out[2 * 16];
    bp_batch_gather(&bound.samples, (const uint32_t[]){1, 0}, 2, out, 32);
    cr_assert_eq(out[0], dataset->table->values[1 * 4]);
    cr_assert_eq(out[16 + 2], dataset->table->values[5 * 4 + 2]);
    release(&bound);
}

Test(data_batch, nothing_is_written_for_no_rows)
{
    struct bound bound = bind(make_numbers(2, 3), BP_SCALE_NONE);
    float out[1] = {GUARD};
    bp_batch_gather(&bound.samples, NULL, 0, out, 16);
    cr_assert_eq(out[0], GUARD);
    release(&bound);
}
