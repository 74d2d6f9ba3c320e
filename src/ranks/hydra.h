/* The launcher of MPICH. */
#ifndef BP_RANKS_HYDRA_H
#define BP_RANKS_HYDRA_H

/* Where it has started this process, tells it to end all of the job with `code`, after a moment in
 * which it hands on what was printed: for a process that has not begun MPI. It would wait for that,
 * and so would all others. */
void bp_hydra_abort(int code);

#endif
