/* A temporary folder for a test, and whole files in it. */
#include "support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

struct folder folder_create(void)
{
    struct folder folder;
    const char *parent = getenv("TMPDIR");
    int length = snprintf(folder.path, sizeof folder.path, "%s/batchprop-test-XXXXXX",
                          parent && parent[0] ? parent : "/tmp");
    cr_assert(length > 0 && (size_t)length < sizeof folder.path);
    cr_assert_not_null(mkdtemp(folder.path));
    return folder;
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

size_t folder_count(const struct folder *folder)
{
    DIR *stream = opendir(folder->path);
    cr_assert_not_null(stream);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;)
        count += (size_t)is_entry(entry);
    cr_assert_eq(closedir(stream), 0);
    return count;
}

void folder_remove(const struct folder *folder)
{
    DIR *stream = opendir(folder->path);
    cr_assert_not_null(stream);
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        if (!is_entry(entry))
            continue;
        char *path = folder_path(folder, entry->d_name);
        if (unlink(path) != 0) {
            struct folder below;
            cr_assert_lt((size_t)snprintf(below.path, sizeof below.path, "%s", path),
                         sizeof below.path);
            folder_remove(&below);
        }
        free(path);
    }
    cr_assert_eq(closedir(stream), 0);
    cr_assert_eq(rmdir(folder->path), 0);
}

char *folder_path(const struct folder *folder, const char *name)
{
    size_t size = strlen(folder->path) + strlen(name) + 2;
    char *path = malloc(size);
    cr_assert_not_null(path);
    snprintf(path, size, "%s/%s", folder->path, name);
    return path;
}

void file_put(const char *path, const void *data, size_t size)
{
    FILE *stream = fopen(path, "wb");
    cr_assert_not_null(stream, "%s cannot be created", path);
    cr_assert_eq(fwrite(data, 1, size, stream), size);
    cr_assert_eq(fclose(stream), 0);
}

void file_put_text(const char *path, const char *text)
{
    file_put(path, text, strlen(text));
}

char *file_get(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    cr_assert_not_null(stream, "%s cannot be opened", path);
    cr_assert_eq(fseek(stream, 0, SEEK_END), 0);
    long length = ftell(stream);
    cr_assert(length >= 0);
    rewind(stream);
    char *content = malloc((size_t)length + 1);
    cr_assert_not_null(content);
    cr_assert_eq(fread(content, 1, (size_t)length, stream), (size_t)length);
    cr_assert_eq(fclose(stream), 0);
    content[length] = '\0';
    if (size)
        *size = (size_t)length;
    return content;
}
