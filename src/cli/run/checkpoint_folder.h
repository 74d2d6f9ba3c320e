/*
 * A folder of checkpoints. Their names say where they are in the run, so that they sort by it:
 * checkpoint-00000012-0000000640.safetensors is after 12 epochs and 640 samples of the next.
 */
#ifndef BP_CLI_RUN_CHECKPOINT_FOLDER_H
#define BP_CLI_RUN_CHECKPOINT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct checkpoint_mark {
    size_t epochs;
    size_t samples;
};

bool checkpoint_mark_equal(struct checkpoint_mark a, struct checkpoint_mark b);

/* The path of a checkpoint; freed with free(), NULL if there is no memory. */
char *checkpoint_folder_path(const char *folder, struct checkpoint_mark mark);

/* Makes the folder if it is missing, and removes the temporary files of processes that are no more.
 * Returns an exit code. */
int checkpoint_folder_open(const char *folder);

/* The checkpoints in the folder, the furthest first; freed with free(). Returns an exit code. */
int checkpoint_folder_list(const char *folder, struct checkpoint_mark **marks, size_t *count);

/* Removes the checkpoints that are neither of the two. */
void checkpoint_folder_prune(const char *folder, struct checkpoint_mark keep,
                             struct checkpoint_mark also);

#endif
