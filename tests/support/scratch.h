/*
 * A folder for each test of a suite, and names of files in it:
 *
 *   static char *path;
 *   static void set_up(void) { path = scratch_file("m.safetensors"); }
 *   TestSuite(name, .init = set_up, .fini = scratch_remove);
 */
#ifndef BP_TESTS_SCRATCH_H
#define BP_TESTS_SCRATCH_H

#include "support/folder.h"

/* Of the test that runs; made by the first call of a function below. */
const struct folder *scratch_folder(void);

/* The path of a file in the folder, for the life of the test. */
char *scratch_file(const char *name);

/* Frees the paths, and removes the folder with its files, if there is one. */
void scratch_remove(void);

#endif
