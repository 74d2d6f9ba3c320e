/* The quota of control groups, read from synthetic trees in a temporary folder. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "team/processors.h"

/* The root of a synthetic file system. */
struct tree {
    char root[256];
};

static struct tree create_tree(void)
{
    struct tree tree;
    const char *parent = getenv("TMPDIR");
    snprintf(tree.root, sizeof tree.root, "%s/batchprop-test-XXXXXX",
             parent && parent[0] ? parent : "/tmp");
    cr_assert_not_null(mkdtemp(tree.root));
    return tree;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Writes a file and the folders above it. */
static void put(const struct tree *tree, const char *path, const char *text)
{
    char full[512];
    const int length = snprintf(full, sizeof full, "%s%s", tree->root, path);
    cr_assert(length > 0 && (size_t)length < sizeof full);
    for (char *p = full + strlen(tree->root) + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        cr_assert(mkdir(full, 0700) == 0 || errno == EEXIST);
        *p = '/';
    }
    FILE *file = fopen(full, "w");
    cr_assert_not_null(file, "%s", full);
    cr_assert(fputs(text, file) >= 0);
    cr_assert_eq(fclose(file), 0);
}

/* Reads the quota and removes the tree. */
static void expect_processors(const struct tree *tree, size_t expected)
{
    const size_t processors = bp_cgroup_processors(tree->root);
    cr_assert_eq(nftw(tree->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    cr_assert_eq(processors, expected, "%zu processors, expected %zu", processors, expected);
}

/* A tree with one version 2 group. */
static void expect_of_cpu_max(const char *cpu_max, size_t expected)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/job\n");
    put(&tree, "/sys/fs/cgroup/job/cpu.max", cpu_max);
    expect_processors(&tree, expected);
}

Test(team_cgroup, a_system_without_control_groups_has_no_quota)
{
    const struct tree tree = create_tree();
    expect_processors(&tree, 0);
}

Test(team_cgroup, version_2_quota_is_rounded_up_to_processors)
{
    expect_of_cpu_max("200000 100000\n", 2);
    expect_of_cpu_max("200001 100000\n", 3);
    expect_of_cpu_max("150000 100000\n", 2);
    expect_of_cpu_max("1600000 50000", 32);
}

Test(team_cgroup, a_quota_below_one_processor_is_one)
{
    expect_of_cpu_max("1000 100000\n", 1);
    expect_of_cpu_max("1 1000000\n", 1);
}

Test(team_cgroup, max_is_no_quota)
{
    expect_of_cpu_max("max 100000\n", 0);
    expect_of_cpu_max("max\n", 0);
}

Test(team_cgroup, a_malformed_quota_is_no_quota)
{
    expect_of_cpu_max("", 0);
    expect_of_cpu_max("\n", 0);
    expect_of_cpu_max("many 100000\n", 0);
    expect_of_cpu_max("100000\n", 0);
    expect_of_cpu_max("100000 0\n", 0);
    expect_of_cpu_max("-1 100000\n", 0);
    expect_of_cpu_max("100000 -100000\n", 0);
    expect_of_cpu_max("0 100000\n", 0);
}

Test(team_cgroup, a_tighter_parent_counts)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/slice/service/job\n");
    put(&tree, "/sys/fs/cgroup/slice/cpu.max", "300000 100000\n");
    put(&tree, "/sys/fs/cgroup/slice/service/cpu.max", "max 100000\n");
    put(&tree, "/sys/fs/cgroup/slice/service/job/cpu.max", "400000 100000\n");
    expect_processors(&tree, 3);
}

Test(team_cgroup, a_looser_parent_does_not_count)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/slice/job\n");
    put(&tree, "/sys/fs/cgroup/slice/cpu.max", "800000 100000\n");
    put(&tree, "/sys/fs/cgroup/slice/job/cpu.max", "400000 100000\n");
    expect_processors(&tree, 4);
}

Test(team_cgroup, a_neighbour_with_a_longer_name_does_not_count)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/job\n");
    put(&tree, "/sys/fs/cgroup/job/cpu.max", "400000 100000\n");
    put(&tree, "/sys/fs/cgroup/job2/cpu.max", "100000 100000\n");
    expect_processors(&tree, 4);
}

Test(team_cgroup, in_a_container_the_mount_itself_holds_the_quota)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/\n");
    put(&tree, "/sys/fs/cgroup/cpu.max", "250000 100000\n");
    expect_processors(&tree, 3);
}

Test(team_cgroup, a_path_of_the_host_that_the_container_does_not_see_leads_up_to_the_mount)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/docker/0123456789abcdef\n");
    put(&tree, "/sys/fs/cgroup/cpu.max", "500000 100000\n");
    expect_processors(&tree, 5);
}

Test(team_cgroup, a_path_above_the_namespace_finds_the_mount)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "0::/../other\n");
    put(&tree, "/sys/fs/cgroup/cpu.max", "200000 100000\n");
    expect_processors(&tree, 2);
}

static const char *const v1_groups = "12:memory:/job\n"
                                     "4:cpu,cpuacct:/job\n"
                                     "3:cpuset:/tight\n"
                                     "1:name=systemd:/job\n";

Test(team_cgroup, version_1_quota_over_period_is_rounded_up)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", v1_groups);
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "350000\n");
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    expect_processors(&tree, 4);
}

Test(team_cgroup, version_1_minus_one_is_no_quota)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", v1_groups);
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    expect_processors(&tree, 0);
}

Test(team_cgroup, version_1_may_be_mounted_under_the_joined_name)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", v1_groups);
    put(&tree, "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
    put(&tree, "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    expect_processors(&tree, 2);
}

Test(team_cgroup, version_1_without_a_period_has_no_quota)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", v1_groups);
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "200000\n");
    expect_processors(&tree, 0);
}

Test(team_cgroup, controllers_whose_names_begin_with_cpu_are_not_cpu)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "3:cpuset:/tight\n2:cpuacct:/tight\n");
    put(&tree, "/sys/fs/cgroup/cpu/tight/cpu.cfs_quota_us", "100000\n");
    put(&tree, "/sys/fs/cgroup/cpu/tight/cpu.cfs_period_us", "100000\n");
    expect_processors(&tree, 0);
}

Test(team_cgroup, in_a_hybrid_the_tightest_of_both_versions_counts)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "4:cpu,cpuacct:/job\n0::/job\n");
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "300000\n");
    put(&tree, "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    put(&tree, "/sys/fs/cgroup/job/cpu.max", "700000 100000\n");
    expect_processors(&tree, 3);
}

Test(team_cgroup, in_a_hybrid_version_2_may_be_mounted_as_unified)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "4:memory:/job\n0::/slice/job\n");
    put(&tree, "/sys/fs/cgroup/unified/slice/cpu.max", "300000 100000\n");
    put(&tree, "/sys/fs/cgroup/unified/slice/job/cpu.max", "max 100000\n");
    expect_processors(&tree, 3);
}

Test(team_cgroup, version_1_groups_within_groups_have_the_tightest_quota)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "4:cpu,cpuacct:/pod/job\n");
    put(&tree, "/sys/fs/cgroup/cpu/pod/cpu.cfs_quota_us", "250000\n");
    put(&tree, "/sys/fs/cgroup/cpu/pod/cpu.cfs_period_us", "50000\n");
    put(&tree, "/sys/fs/cgroup/cpu/pod/job/cpu.cfs_quota_us", "600000\n");
    put(&tree, "/sys/fs/cgroup/cpu/pod/job/cpu.cfs_period_us", "100000\n");
    expect_processors(&tree, 5);
}

Test(team_cgroup, lines_that_are_not_groups_are_passed_over)
{
    const struct tree tree = create_tree();
    put(&tree, "/proc/self/cgroup", "\nnothing\n7\n7:\n:::\n0:\n0::/job\n");
    put(&tree, "/sys/fs/cgroup/job/cpu.max", "200000 100000\n");
    expect_processors(&tree, 2);
}

Test(team_cgroup, a_group_path_that_is_too_long_leads_to_the_mount)
{
    const struct tree tree = create_tree();
    char line[4090] = "0::/";
    memset(line + 4, 'a', sizeof line - 5);
    put(&tree, "/proc/self/cgroup", line);
    put(&tree, "/sys/fs/cgroup/cpu.max", "200000 100000\n");
    expect_processors(&tree, 2);
}

Test(team_cgroup, the_processors_of_this_machine_are_at_least_one_and_within_the_quota)
{
    const size_t usable = bp_usable_processors(), quota = bp_cgroup_processors("");
    cr_assert_geq(usable, 1);
    cr_assert(!quota || usable <= quota);
    cr_assert_leq(usable, (size_t)sysconf(_SC_NPROCESSORS_ONLN));
}
