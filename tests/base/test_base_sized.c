/* Option structs of two versions of a header: what one has and the other lacks. */
#include <stdint.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/sized.h"

/* What the library knows, and the same struct before it had `rate` and after it gets `later`. */
struct known {
    size_t size;
    size_t epochs;
    double rate;
};
struct older {
    size_t size;
    size_t epochs;
};
struct newer {
    size_t size;
    size_t epochs;
    double rate;
    size_t later;
};

static const struct known defaults = {.epochs = 20, .rate = 0.5};

static bp_status copy(struct known *full, const void *options, bp_error *error)
{
    *full = defaults;
    full->size = sizeof *full;
    return bp_sized_copy(full, sizeof *full, options, "bp_x", error);
}

Test(base_sized, a_struct_is_filled_with_the_defaults_and_its_size)
{
    struct known options;
    bp_sized_init(&options, sizeof options, &defaults, sizeof defaults);
    cr_assert_eq(options.size, sizeof options);
    cr_assert_eq(options.epochs, 20);
    cr_assert_eq(options.rate, 0.5);
}

Test(base_sized, an_older_struct_is_filled_no_further_than_its_end)
{
    struct known options = {.rate = 7};
    bp_sized_init(&options, sizeof(struct older), &defaults, sizeof defaults);
    cr_assert_eq(options.size, sizeof(struct older));
    cr_assert_eq(options.epochs, 20);
    cr_assert_eq(options.rate, 7);
}

Test(base_sized, what_a_newer_struct_has_more_is_zero)
{
    struct newer options;
    memset(&options, 0xAA, sizeof options);
    bp_sized_init(&options, sizeof options, &defaults, sizeof defaults);
    cr_assert_eq(options.size, sizeof options);
    cr_assert_eq(options.rate, 0.5);
    cr_assert_eq(options.later, 0);
}

Test(base_sized, nothing_is_written_where_the_size_cannot_be)
{
    struct known options = {.epochs = 3};
    bp_sized_init(&options, 0, &defaults, sizeof defaults);
    bp_sized_init(&options, sizeof options - 1, &defaults, sizeof defaults);
    bp_sized_init(&options, SIZE_MAX - 7, &defaults, sizeof defaults);
    bp_sized_init(NULL, sizeof options, &defaults, sizeof defaults);
    cr_assert_eq(options.size, 0);
    cr_assert_eq(options.epochs, 3);
}

Test(base_sized, an_older_struct_has_the_defaults_for_the_rest)
{
    const struct older options = {.size = sizeof options, .epochs = 3};
    struct known full;
    cr_assert_eq(copy(&full, &options, NULL), BP_OK);
    cr_assert_eq(full.size, sizeof full);
    cr_assert_eq(full.epochs, 3);
    cr_assert_eq(full.rate, 0.5);
}

Test(base_sized, no_struct_has_all_defaults)
{
    struct known full;
    cr_assert_eq(copy(&full, NULL, NULL), BP_OK);
    cr_assert_eq(full.epochs, 20);
}

Test(base_sized, a_newer_struct_may_set_only_what_is_known)
{
    struct newer options = {.size = sizeof options, .epochs = 3, .rate = 2};
    struct known full;
    bp_error error;
    cr_assert_eq(copy(&full, &options, NULL), BP_OK);
    cr_assert_eq(full.epochs, 3);
    cr_assert_eq(full.rate, 2);
    options.later = 1;
    options.epochs = 4;
    cr_assert_eq(copy(&full, &options, &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(strstr(error.message, "bp_x sets an option that this library"), error.message);
    cr_assert_eq(full.epochs, 4, "what is known is there also then");
}

Test(base_sized, a_size_that_cannot_be_is_an_error_that_says_what_to_do)
{
    static const size_t sizes[] = {
        0, 1, sizeof(size_t), sizeof(struct known) + 1, SIZE_MAX, (size_t)1 << 40};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        const struct known options = {.size = sizes[k], .epochs = 3};
        struct known full;
        bp_error error;
        cr_assert_eq(copy(&full, &options, &error), BP_ERROR_ARGUMENT, "size %zu", sizes[k]);
        cr_assert_not_null(strstr(error.message, "bp_x_default()"));
        cr_assert_eq(full.epochs, 20);
    }
}

Test(base_sized, what_is_stored_stays_within_the_struct)
{
    const struct known full = {.size = sizeof full, .epochs = 4, .rate = 0.25};
    struct known options = {.size = sizeof(struct older), .epochs = 1, .rate = 1};
    bp_sized_store(&options, &full, sizeof full);
    cr_assert_eq(options.size, sizeof(struct older));
    cr_assert_eq(options.epochs, 4);
    cr_assert_eq(options.rate, 1);
}

Test(base_sized, a_member_is_there_if_all_of_its_bytes_are)
{
    const struct older options = {.size = sizeof options};
    cr_assert(bp_sized_has(&options, offsetof(struct known, epochs), sizeof(size_t)));
    cr_assert_not(bp_sized_has(&options, offsetof(struct known, rate), sizeof(double)));
    cr_assert_not(bp_sized_has(&options, SIZE_MAX, 2));
}
