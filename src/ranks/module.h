/* What a module that carries bytes exports beside the functions of batchprop/mpi.h. */
#ifndef BP_RANKS_MODULE_H
#define BP_RANKS_MODULE_H

#include "base/status.h"

struct bp_ranks;

/* Changes whenever struct bp_ranks or its functions do: a module of another version is refused. */
#define BP_RANKS_MODULE_VERSION 3

struct bp_ranks_module {
    unsigned version;
    const char *library; /* "Open MPI v4.1.4" */
    /* Begins MPI unless that is done. Errors: RANKS, MEMORY. */
    bp_status (*open)(struct bp_ranks **out, bp_error *error);
};

typedef const struct bp_ranks_module *bp_ranks_module_fn(void);

/* The name under which it is looked up. */
#define BP_RANKS_MODULE_SYMBOL "bp_ranks_module"
BP_API const struct bp_ranks_module *bp_ranks_module(void);

#endif
