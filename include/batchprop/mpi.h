/*
 * batchprop in a program that uses MPI itself. Such programs link libbatchprop, and of
 * libbatchprop-openmpi and libbatchprop-mpich the one that belongs to their MPI (pkg-config has
 * names such as batchprop-openmpi). A program without MPI calls bp_ranks_open() instead.
 */
#ifndef BATCHPROP_MPI_H
#define BATCHPROP_MPI_H

#include <mpi.h>

#include <batchprop/batchprop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The processes of `comm` as ranks, each under its number in it; the caller has begun MPI, with
 * MPI_THREAD_FUNNELED at least, and ends it after bp_ranks_close(). Makes a communicator of its
 * own, so that its messages do not meet those of the program. Collective over `comm`. Errors: RANKS
 * (MPI is not begun, or for a single thread), MEMORY. */
BP_API bp_status bp_ranks_from_mpi(bp_ranks **out, MPI_Comm comm, bp_error *error);

#ifdef __cplusplus
}
#endif

#endif
