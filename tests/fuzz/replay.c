/* The main program of a target without libFuzzer: runs it on files, and on the files of folders. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#define PATH_SIZE 4096

static size_t replayed;

static bool replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size + 1);
    /* A block of its own, so that the address sanitizer sees a byte read after its end. */
    const bool whole = file && data && fread(data, 1, size + 1, file) == size && !ferror(file);
    uint8_t *exact = whole ? realloc(data, size ? size : 1) : NULL;
    if (exact) {
        LLVMFuzzerTestOneInput(exact, size);
        replayed++;
    } else
        fprintf(stderr, "%s: cannot be read\n", path);
    free(exact ? exact : data);
    if (file)
        fclose(file);
    return exact != NULL;
}

static bool replay(const char *path);

static bool replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        char file[PATH_SIZE];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        good = replay(file) && good;
    }
    if (folder)
        closedir(folder);
    return good;
}

static bool replay(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        fprintf(stderr, "%s: cannot be found\n", path);
        return false;
    }
    return S_ISDIR(about.st_mode) ? replay_folder(path) : replay_file(path, (size_t)about.st_size);
}

int main(int argc, char **argv)
{
    bool good = argc > 1;
    for (int k = 1; k < argc; k++)
        good = replay(argv[k]) && good;
    printf("%zu inputs\n", replayed);
    return good && replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
