/* The group that a launcher started: found by the environment, opened by a module. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ranks/module.h"
#include "ranks/ranks.h"

/* A launcher says to each process how many there are. */
struct launcher {
    const char *name;   /* as a user knows it */
    const char *sign;   /* a variable of the environment that only it sets */
    const char *count;  /* the one with the number of processes, or NULL */
    const char *module; /* NULL: it starts processes that do not know each other */
};

#define OPENMPI "openmpi"
#define MPICH   "mpich"

/* The first one whose sign is there is meant: srun sets its own beside those of its MPI. */
static const struct launcher launchers[] = {
    {"mpirun of Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", OPENMPI},
    {"mpirun of MPICH, or srun --mpi=pmi2", "PMI_RANK", "PMI_SIZE", MPICH},
    {"srun --mpi=pmix", "PMIX_RANK", "SLURM_STEP_NUM_TASKS", OPENMPI},
    {"srun without MPI", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_NUM_TASKS", NULL},
};

#define LAUNCHERS (sizeof launchers / sizeof launchers[0])

static const struct launcher *find_launcher(void)
{
    for (size_t k = 0; k < LAUNCHERS; k++) {
        if (getenv(launchers[k].sign))
            return &launchers[k];
    }
    return NULL;
}

/* Processes that the launcher started; 1 if it does not say. */
static unsigned long count_processes(const struct launcher *launcher)
{
    const char *text = launcher->count ? getenv(launcher->count) : NULL;
    const unsigned long count = text ? strtoul(text, NULL, 10) : 1;
    return count > 0 ? count : 1;
}

#define PATH_SIZE   4096
#define REASON_SIZE 512

#ifdef __APPLE__
#define MODULE_FILE "libbatchprop-%s.0.dylib"
#else
#define MODULE_FILE "libbatchprop-%s.so.0"
#endif

/* Beside the library itself, or where the loader looks. A module stays: MPI cannot be unloaded. */
#ifdef BP_NO_MODULES
static void *load(const char *name, char reason[REASON_SIZE])
{
    (void)name;
    snprintf(reason, REASON_SIZE,
             "this program is linked statically and opens none: take one that is not");
    return NULL;
}
#else
static void find_file(const char *name, char path[PATH_SIZE])
{
    char file[64];
    Dl_info info;
    snprintf(file, sizeof file, MODULE_FILE, name);
    if (dladdr(__extension__(void *)(size_t) bp_ranks_open, &info) && info.dli_fname) {
        const char *slash = strrchr(info.dli_fname, '/');
        const int folder = slash ? (int)(slash + 1 - info.dli_fname) : 0;
        const int length = snprintf(path, PATH_SIZE, "%.*s%s", folder, info.dli_fname, file);
        if (folder > 0 && length < PATH_SIZE && access(path, F_OK) == 0)
            return;
    }
    snprintf(path, PATH_SIZE, "%s", file);
}

/* What is there and cannot be loaded lacks something else. */
static void *load(const char *name, char reason[REASON_SIZE])
{
    char path[PATH_SIZE];
    find_file(name, path);
    void *module = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (!module && strchr(path, '/'))
        snprintf(reason, REASON_SIZE, "%s", dlerror());
    else if (!module)
        snprintf(reason, REASON_SIZE, "%s; install libbatchprop-%s", dlerror(), name);
    return module;
}
#endif

static bp_status load_module(const struct bp_ranks_module **out, const char *name, const char *who,
                             bp_error *error)
{
    char reason[REASON_SIZE];
    void *library = load(name, reason);
    if (!library)
        return bp_fail(error, BP_ERROR_RANKS,
                       "started by %s, but its module cannot be loaded: %s, or start one process",
                       who, reason);
    void *symbol = dlsym(library, BP_RANKS_MODULE_SYMBOL);
    bp_ranks_module_fn *find = NULL;
    memcpy(&find, &symbol, sizeof find);
    *out = find ? find() : NULL;
    if (*out && (*out)->version == BP_RANKS_MODULE_VERSION)
        return BP_OK;
    return bp_fail(
        error, BP_ERROR_RANKS,
        "libbatchprop-%s is of another version than libbatchprop %s: install both of one "
        "version",
        name, bp_version());
}

/* Where processes were started by another MPI than the module uses, each finds itself alone. */
static bp_status check_count(bp_ranks *ranks, const struct launcher *launcher,
                             const struct bp_ranks_module *module, bp_error *error)
{
    const unsigned long expected = launcher ? count_processes(launcher) : 1;
    if (!launcher || ranks->count == expected)
        return BP_OK;
    return bp_fail(
        error, BP_ERROR_RANKS,
        "started by %s as one of %lu processes, but %s knows of %zu: start them with the "
        "mpirun that belongs to it",
        launcher->name, expected, module->library, ranks->count);
}

bp_status bp_ranks_open(bp_ranks **out, bp_launch launch, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    if (launch < BP_LAUNCH_AUTO || launch > BP_LAUNCH_MPI)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no launch %d", (int)launch);
    const struct launcher *launcher = find_launcher();
    if (launch == BP_LAUNCH_NONE || (launch == BP_LAUNCH_AUTO && !launcher))
        return BP_OK;
    if (launcher && !launcher->module && count_processes(launcher) == 1) {
        if (launch == BP_LAUNCH_AUTO)
            return BP_OK;
        launcher = NULL; /* a group of one */
    }
    if (launcher && !launcher->module)
        return bp_fail(error, BP_ERROR_RANKS,
                       "started by srun %lu times, each without knowing of the others: add "
                       "--mpi=pmix or --mpi=pmi2 to srun, or ask for one task",
                       count_processes(launcher));
    const struct bp_ranks_module *module = NULL;
    bp_status status = load_module(&module, launcher ? launcher->module : OPENMPI,
                                   launcher ? launcher->name : "--ranks mpi", error);
    if (!status)
        status = module->open(out, error);
    if (!status)
        status = check_count(*out, launcher, module, error);
    if (status)
        bp_ranks_close(*out);
    if (status)
        *out = NULL;
    return status;
}
