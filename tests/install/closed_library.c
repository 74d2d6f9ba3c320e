/* closed_library LIBRARY: the library may be closed right after threads of OpenMP ran in it; they
 * wait in its runtime for more work, and must still find its code there. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <batchprop/batchprop.h>

/* The function `name` of the library; a pointer to an object is no pointer to a function in C. */
#define FIND(library, function)                                                                    \
    memcpy(&(function), &(void *){dlsym((library), &(#function)[5])}, sizeof(function))

static int run(void *library)
{
    void (*call_bp_bench_options_init)(bp_bench_options * options, size_t size);
    bp_status (*call_bp_bench_create)(bp_bench * *out, const bp_bench_options *options,
                                      bp_error *error);
    bp_status (*call_bp_bench_run)(bp_bench * bench, double seconds, bool phases,
                                   bp_bench_result *result, bp_error *error);
    void (*call_bp_bench_free)(bp_bench * bench);
    bool (*call_bp_has_backend)(bp_backend backend);
    FIND(library, call_bp_has_backend);
    FIND(library, call_bp_bench_options_init);
    FIND(library, call_bp_bench_create);
    FIND(library, call_bp_bench_run);
    FIND(library, call_bp_bench_free);

    if (!call_bp_has_backend(BP_BACKEND_OPENMP)) {
        fprintf(stderr, "built without OpenMP\n");
        return 77;
    }
    bp_bench_options options;
    bp_bench *bench;
    bp_bench_result result;
    bp_error error;
    call_bp_bench_options_init(&options, sizeof options);
    options.threads = 4;
    options.backend = BP_BACKEND_OPENMP;
    if (call_bp_bench_create(&bench, &options, &error) != BP_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    const bp_status status = call_bp_bench_run(bench, 0.05, false, &result, &error);
    call_bp_bench_free(bench);
    return status == BP_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library) {
        fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "usage: closed_library LIBRARY");
        return 1;
    }
    const int code = run(library);
    dlclose(library);
    /* Long enough for the threads to look for work once more. */
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    return code;
}
