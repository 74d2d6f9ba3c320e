/* Runs the tests of a program one after the other, each in a process of its own, and reports them
 * in TAP. Arguments are ignored. */
#include "criterion/criterion.h"

#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED = 0, FAILED = 1, SKIPPED = 77 };

static struct plain_suite *suites;
static struct plain_test *tests, **tests_end = &tests;
static bool failed; /* of the test that this process runs */

void plain_add_suite(struct plain_suite *suite)
{
    suite->next = suites;
    suites = suite;
}

void plain_add_test(struct plain_test *test)
{
    *tests_end = test;
    tests_end = &test->next;
}

_Noreturn static void end_test(int result)
{
    fflush(NULL);
    _exit(result);
}

void plain_fail(const char *place, const char *claim, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# %s: %s:", place, claim);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    failed = true;
}

void plain_abort(void)
{
    end_test(FAILED);
}

void plain_skip(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("# ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    end_test(SKIPPED);
}

_Noreturn static void run_body(const struct plain_test *test)
{
    const struct plain_suite *suite = suites;
    while (suite && strcmp(suite->name, test->suite) != 0)
        suite = suite->next;
    if (suite && suite->init)
        suite->init();
    test->body();
    if (suite && suite->fini)
        suite->fini();
    end_test(failed ? FAILED : PASSED);
}

/* The exit status of the test, or 128 + the signal that ended it. */
static int run_test(const struct plain_test *test)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        run_body(test);
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return FAILED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void)
{
    int count = 0, failures = 0;
    for (const struct plain_test *test = tests; test; test = test->next)
        count++;
    printf("TAP version 13\n1..%d\n", count);
    int number = 0;
    for (const struct plain_test *test = tests; test; test = test->next) {
        const int result = run_test(test);
        const bool passed = result == PASSED || result == SKIPPED;
        printf("%s %d - %s::%s", passed ? "ok" : "not ok", ++number, test->suite, test->name);
        if (result == SKIPPED)
            printf(" # SKIP");
        else if (!passed)
            printf(" (status %d)", result);
        putchar('\n');
        failures += !passed;
    }
    return failures > 0 ? FAILED : PASSED;
}
