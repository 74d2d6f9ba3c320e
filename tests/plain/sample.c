/* A suite with every outcome that a test can have, for test_runner.sh: what the plain runner makes
 * of them. */
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

static void set_up(void)
{
    puts("# set up");
}

static void tear_down(void)
{
    puts("# torn down");
}

TestSuite(sample, .init = set_up, .fini = tear_down);

Test(sample, passes)
{
    cr_assert_eq(1 + 1, 2);
    cr_assert_str_eq("a", "a", "with %s", "a message");
}

Test(sample, fails_at_once)
{
    cr_assert_eq(1, 2, "one is not %d", 2);
    puts("# unreachable");
}

Test(sample, fails_and_goes_on)
{
    cr_expect_str_neq("a", "a");
    cr_expect_null("b");
    puts("# gone on");
}

Test(sample, fails_without_a_claim)
{
    cr_assert_fail("for reason %d", 7);
}

Test(sample, is_skipped)
{
    cr_skip_test("nothing to do");
}

Test(sample, crashes)
{
    abort();
}

Test(of_no_suite, passes_too)
{
}
