/* The scratch folder of a test. Each test runs in a process of its own, so that there is one. */
#include "support/scratch.h"

#include <stdlib.h>

#include <criterion/criterion.h>

#define FILES_MAX 16

static struct folder folder;
static char *paths[FILES_MAX];
static size_t files;

const struct folder *scratch_folder(void)
{
    if (folder.path[0] == '\0')
        folder = folder_create();
    return &folder;
}

char *scratch_file(const char *name)
{
    cr_assert_lt(files, FILES_MAX, "more files than a scratch folder has names for");
    paths[files] = folder_path(scratch_folder(), name);
    return paths[files++];
}

void scratch_remove(void)
{
    while (files > 0)
        free(paths[--files]);
    if (folder.path[0] != '\0')
        folder_remove(&folder);
    folder.path[0] = '\0';
}
