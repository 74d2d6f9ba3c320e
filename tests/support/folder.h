/* A temporary folder for a test, and whole files in it. Every function asserts that it works. */
#ifndef BP_TESTS_FOLDER_H
#define BP_TESTS_FOLDER_H

#include <stddef.h>

struct folder {
    char path[256];
};

/* A new empty folder under $TMPDIR or /tmp. */
struct folder folder_create(void);

/* Removes the folder with all files and folders in it. */
void folder_remove(const struct folder *folder);

/* The path of a file in the folder; freed with free(). */
char *folder_path(const struct folder *folder, const char *name);

/* How many files the folder holds. */
size_t folder_count(const struct folder *folder);

void file_put(const char *path, const void *data, size_t size);
void file_put_text(const char *path, const char *text);

/* The content of a file with NUL after it; freed with free(). `size` may be NULL. */
char *file_get(const char *path, size_t *size);

#endif
