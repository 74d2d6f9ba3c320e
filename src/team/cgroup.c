/* The processor quota of a container: control groups, version 1 and 2 (Linux, cgroups(7)). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "team/processors.h"
#include "team/small_file.h"

#define PATH_SIZE   4096
#define GROUPS_SIZE (4 * PATH_SIZE) /* of the list of groups, mostly some hundred bytes */

/* The first line of a file without its end; false if there is none. */
static bool read_line(const char *path, char *line, size_t size)
{
    if (!bp_small_file_read(path, line, size))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* ceil(quota / period), or 0 for no quota. */
static size_t divide_quota(long long quota, long long period)
{
    if (quota <= 0 || period <= 0)
        return 0;
    return (size_t)((quota - 1) / period + 1);
}

/* Version 2: cpu.max holds "max 100000" or "150000 100000". */
static size_t read_v2(const char *folder)
{
    char path[PATH_SIZE + 16], line[128];
    long long quota, period;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (!read_line(path, line, sizeof line) || sscanf(line, "%lld %lld", &quota, &period) != 2)
        return 0;
    return divide_quota(quota, period);
}

/* Version 1: cpu.cfs_quota_us (-1 for none) and cpu.cfs_period_us. */
static size_t read_v1(const char *folder)
{
    char path[PATH_SIZE + 32], quota[64], period[64];
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (!read_line(path, quota, sizeof quota))
        return 0;
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    if (!read_line(path, period, sizeof period))
        return 0;
    return divide_quota(strtoll(quota, NULL, 10), strtoll(period, NULL, 10));
}

/* The tightest quota from `mount` + `group` up to `mount`. Inside a container the path of the group
 * may be that of the host; folders that do not exist have no quota. */
static size_t read_upwards(const char *mount, const char *group, size_t (*read)(const char *))
{
    char folder[PATH_SIZE];
    const int length = snprintf(folder, sizeof folder, "%s%s", mount, group);
    if (length < 0 || (size_t)length >= sizeof folder)
        return read(mount);
    const size_t mount_length = strlen(mount);
    size_t smallest = 0;
    for (;;) {
        const size_t quota = read(folder);
        if (quota && (!smallest || quota < smallest))
            smallest = quota;
        char *slash = strrchr(folder, '/');
        if (!slash || (size_t)(slash - folder) < mount_length)
            return smallest;
        *slash = '\0';
    }
}

/* Whether the comma-separated list of controllers holds "cpu". */
static bool controls_cpu(const char *controllers)
{
    for (const char *p = controllers; *p;) {
        const size_t length = strcspn(p, ",");
        if (length == 3 && strncmp(p, "cpu", 3) == 0)
            return true;
        p += length + (p[length] == ',');
    }
    return false;
}

/* A line of /proc/self/cgroup: "0::/group" (version 2) or "4:cpu,cpuacct:/group" (version 1). */
static size_t read_group(const char *root, char *line)
{
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group)
        return 0;
    *group++ = '\0';
    controllers++;
    char mount[PATH_SIZE / 2];
    if (*controllers == '\0') {
        snprintf(mount, sizeof mount, "%s/sys/fs/cgroup", root);
        const size_t quota = read_upwards(mount, group, read_v2);
        if (quota)
            return quota;
        /* Beside version 1, systemd mounts version 2 here. */
        snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/unified", root);
        return read_upwards(mount, group, read_v2);
    }
    if (!controls_cpu(controllers))
        return 0;
    snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/cpu", root);
    const size_t quota = read_upwards(mount, group, read_v1);
    if (quota)
        return quota;
    snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, controllers);
    return read_upwards(mount, group, read_v1);
}

size_t bp_cgroup_processors(const char *root)
{
    char path[PATH_SIZE], groups[GROUPS_SIZE];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (!bp_small_file_read(path, groups, sizeof groups))
        return 0;
    size_t smallest = 0;
    char *rest = groups, *line;
    while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
        const size_t quota = read_group(root, line);
        if (quota && (!smallest || quota < smallest))
            smallest = quota;
    }
    return smallest;
}
