/*
 * A command that a launcher (mpirun, srun) has started several times behaves as one program: rank 0
 * prints and writes files. The others keep what they would print of a failure until all of them
 * settle what has become of it.
 */
#ifndef BP_CLI_TERMINAL_RANKS_H
#define BP_CLI_TERMINAL_RANKS_H

#include "batchprop/batchprop.h"

/* Opens the group, as the option --ranks among the arguments says; auto where it is not there, or
 * has a value that the command will refuse. Returns EXIT_DONE, or an exit code after a message. */
int ranks_begin(int argc, char *const *argv);

/* NULL for a process alone. */
bp_ranks *ranks_get(void);

/* Rank 0, or a process alone. */
bool ranks_leads(void);

/* Collective, until one has failed: the exit code of the first rank that has not got EXIT_DONE,
 * after its message if that is not rank 0, which has printed its own. */
int ranks_settle(int code);

/* A note of what this rank alone has met; after its number and host, if that is not rank 0. */
void ranks_note(const char *sentence);

/* Collective: ranks_settle() of a command, or a command line, that was understood; an error if
 * `course`, bits that say which collective calls follow, is not the same on all ranks. */
int ranks_compare(unsigned course);

/* Collective. After a failure rank 0 ends a little later than the others, so that the launcher
 * learns of it. */
void ranks_end(void);

#endif
