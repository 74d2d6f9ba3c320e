/*
 * The part of Criterion's interface that the suites use, for places where Criterion itself cannot
 * run: it starts each test as a new process from the program's file, which an emulator of another
 * processor's programs cannot do. Here a test is a fork of the program (criterion.c).
 */
#ifndef BP_TESTS_PLAIN_CRITERION_H
#define BP_TESTS_PLAIN_CRITERION_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC system_header

typedef void plain_fn(void);

struct plain_suite {
    const char *name;
    plain_fn *init;
    plain_fn *fini;
    struct plain_suite *next;
};

struct plain_test {
    const char *suite;
    const char *name;
    plain_fn *body;
    struct plain_test *next;
};

void plain_add_suite(struct plain_suite *suite);
void plain_add_test(struct plain_test *test);

/* Notes a failure, after which the test goes on. The rest is as for printf(). */
__attribute__((format(printf, 3, 4))) void plain_fail(const char *place, const char *claim,
                                                      const char *format, ...);
/* Ends the test as one that failed. */
__attribute__((noreturn)) void plain_abort(void);
__attribute__((format(printf, 1, 2), noreturn)) void plain_skip(const char *format, ...);

/* A semicolon follows. */
#define TestSuite(suite_name, ...)                                                                 \
    static struct plain_suite suite_name##_suite = {.name = #suite_name, __VA_ARGS__};             \
    __attribute__((constructor)) static void suite_name##_add(void)                                \
    {                                                                                              \
        plain_add_suite(&suite_name##_suite);                                                      \
    }                                                                                              \
    struct plain_suite

#define Test(suite_name, test_name)                                                                \
    static void suite_name##_##test_name##_body(void);                                             \
    __attribute__((constructor)) static void suite_name##_##test_name##_add(void)                  \
    {                                                                                              \
        static struct plain_test test = {#suite_name, #test_name, suite_name##_##test_name##_body, \
                                         NULL};                                                    \
        plain_add_test(&test);                                                                     \
    }                                                                                              \
    static void suite_name##_##test_name##_body(void)

#define PLAIN_TEXT_OF(line) #line
#define PLAIN_TEXT(line)    PLAIN_TEXT_OF(line)
#define PLAIN_PLACE         __FILE__ ":" PLAIN_TEXT(__LINE__)

/* A message begins with a string literal, which joins the blank. */
#define PLAIN_CHECK(fatal, holds, claim, ...)                                                      \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            plain_fail(PLAIN_PLACE, claim, " " __VA_ARGS__);                                       \
            if (fatal)                                                                             \
                plain_abort();                                                                     \
        }                                                                                          \
    } while (0)

#define PLAIN_COMPARE(fatal, a, relation, b, ...)                                                  \
    PLAIN_CHECK(fatal, (a)relation(b), #a " " #relation " " #b, __VA_ARGS__)

#define PLAIN_STRINGS(fatal, a, relation, b, ...)                                                  \
    PLAIN_CHECK(fatal, strcmp(a, b) relation 0, #a " " #relation " " #b, __VA_ARGS__)

#define PLAIN_ARRAYS(fatal, a, relation, b, size, ...)                                             \
    PLAIN_CHECK(fatal, memcmp(a, b, size) relation 0, #a " " #relation " " #b, __VA_ARGS__)

#define PLAIN_NEAR(fatal, a, b, epsilon, ...)                                                      \
    PLAIN_CHECK(fatal, (a) - (b) <= (epsilon) && (b) - (a) <= (epsilon), #a " is near " #b,        \
                __VA_ARGS__)

#define cr_assert_fail(...)           PLAIN_CHECK(true, false, "failure", __VA_ARGS__)
#define cr_assert(holds, ...)         PLAIN_CHECK(true, holds, #holds, __VA_ARGS__)
#define cr_assert_not(holds, ...)     PLAIN_CHECK(true, !(holds), "not " #holds, __VA_ARGS__)
#define cr_assert_null(p, ...)        PLAIN_COMPARE(true, p, ==, NULL, __VA_ARGS__)
#define cr_assert_not_null(p, ...)    PLAIN_COMPARE(true, p, !=, NULL, __VA_ARGS__)
#define cr_assert_eq(a, b, ...)       PLAIN_COMPARE(true, a, ==, b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...)      PLAIN_COMPARE(true, a, !=, b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...)       PLAIN_COMPARE(true, a, <, b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...)      PLAIN_COMPARE(true, a, <=, b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...)       PLAIN_COMPARE(true, a, >, b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...)      PLAIN_COMPARE(true, a, >=, b, __VA_ARGS__)
#define cr_assert_str_empty(a, ...)   PLAIN_STRINGS(true, a, ==, "", __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...)   PLAIN_STRINGS(true, a, ==, b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...)  PLAIN_STRINGS(true, a, !=, b, __VA_ARGS__)
#define cr_assert_arr_eq(a, b, ...)   PLAIN_ARRAYS(true, a, ==, b, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, ...)  PLAIN_ARRAYS(true, a, !=, b, __VA_ARGS__)
#define cr_assert_float_eq(a, b, ...) PLAIN_NEAR(true, a, b, __VA_ARGS__)

#define cr_expect(holds, ...)         PLAIN_CHECK(false, holds, #holds, __VA_ARGS__)
#define cr_expect_not(holds, ...)     PLAIN_CHECK(false, !(holds), "not " #holds, __VA_ARGS__)
#define cr_expect_null(p, ...)        PLAIN_COMPARE(false, p, ==, NULL, __VA_ARGS__)
#define cr_expect_not_null(p, ...)    PLAIN_COMPARE(false, p, !=, NULL, __VA_ARGS__)
#define cr_expect_eq(a, b, ...)       PLAIN_COMPARE(false, a, ==, b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...)      PLAIN_COMPARE(false, a, !=, b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...)       PLAIN_COMPARE(false, a, <, b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...)      PLAIN_COMPARE(false, a, <=, b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...)       PLAIN_COMPARE(false, a, >, b, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...)   PLAIN_STRINGS(false, a, ==, b, __VA_ARGS__)
#define cr_expect_str_neq(a, b, ...)  PLAIN_STRINGS(false, a, !=, b, __VA_ARGS__)
#define cr_expect_arr_eq(a, b, ...)   PLAIN_ARRAYS(false, a, ==, b, __VA_ARGS__)
#define cr_expect_float_eq(a, b, ...) PLAIN_NEAR(false, a, b, __VA_ARGS__)

#define cr_skip_test(...) plain_skip(__VA_ARGS__)

#endif
