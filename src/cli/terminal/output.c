/*
 * Output files. The new content is written beside the old one, synchronized, then renamed over it:
 * whatever happens, the path holds one of the two.
 */
#define _XOPEN_SOURCE 700 /* realpath() */

#include "cli/terminal/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/terminal/messages.h"

#define TEMPORARY_SUFFIX ".XXXXXX"

/* The folder that holds `path`; NULL if there is no memory. */
static char *copy_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int output_check(const char *option, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return message_failure(EXIT_IO, "%s: %s is a folder, not a file", option, path);
        if (access(path, W_OK) != 0)
            return message_failure(EXIT_IO, "%s: cannot write %s: %s", option, path,
                                   strerror(errno));
        if (!S_ISREG(status.st_mode))
            return EXIT_DONE;
    }
    char *folder = copy_folder(path);
    if (!folder)
        return message_no_memory();
    int code = EXIT_DONE;
    if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode))
        code = message_failure(EXIT_IO, "%s: cannot write into %s: it is not a folder", option,
                               folder);
    else if (access(folder, W_OK | X_OK) != 0)
        code = message_failure(EXIT_IO, "%s: cannot write into the folder %s: %s", option, folder,
                               strerror(errno));
    else if (path[strlen(path) - 1] == '/')
        code = message_failure(EXIT_IO, "%s: %s names a folder, not a file", option, path);
    free(folder);
    return code;
}

/* Whether two paths, of which one does not exist yet, are the same name in the same folder; false
 * if there is no memory. */
static bool name_same_entry(const char *path, const char *other, bool *same)
{
    struct stat a, b;
    const char *slash = strrchr(path, '/'), *other_slash = strrchr(other, '/');
    char *folder = copy_folder(path), *other_folder = copy_folder(other);
    bool done = folder && other_folder;
    *same = done && strcmp(slash ? slash + 1 : path, other_slash ? other_slash + 1 : other) == 0 &&
            stat(folder, &a) == 0 && stat(other_folder, &b) == 0 && a.st_dev == b.st_dev &&
            a.st_ino == b.st_ino;
    free(folder);
    free(other_folder);
    return done;
}

int output_check_distinct(const char *command, const char *option, const char *path,
                          const char *input)
{
    struct stat a, b;
    if (!input)
        return EXIT_DONE;
    bool same = strcmp(path, input) == 0;
    if (!same && stat(path, &a) == 0 && stat(input, &b) == 0)
        same = S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    else if (!same && !name_same_entry(path, input, &same))
        return message_no_memory();
    if (same)
        return message_usage(command, "%s: %s would overwrite %s, which this command needs", option,
                             path, input);
    return EXIT_DONE;
}

/* The mode of the file that is replaced, or that of a new file. */
static mode_t choose_mode(const char *target)
{
    struct stat status;
    if (stat(target, &status) == 0)
        return status.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_temporary(struct output *output)
{
    size_t size = strlen(output->target) + sizeof TEMPORARY_SUFFIX;
    output->temporary = malloc(size);
    if (!output->temporary)
        return message_no_memory();
    snprintf(output->temporary, size, "%s%s", output->target, TEMPORARY_SUFFIX);
    int descriptor = mkstemp(output->temporary);
    if (descriptor < 0) {
        free(output->temporary);
        output->temporary = NULL;
        return message_io("create", output->path);
    }
    if (fchmod(descriptor, choose_mode(output->target)) == 0)
        output->stream = fdopen(descriptor, "w");
    if (!output->stream) {
        int code = message_io("create", output->path);
        close(descriptor);
        return code;
    }
    return EXIT_DONE;
}

int output_open(struct output *output, const char *path)
{
    *output = (struct output){.path = path};
    if (!path) {
        output->stream = stdout;
        return EXIT_DONE;
    }
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        output->stream = fopen(path, "w");
        return output->stream ? EXIT_DONE : message_io("open", path);
    }
    output->target = exists ? realpath(path, NULL) : strdup(path);
    if (!output->target)
        return message_io("open", path);
    return open_temporary(output);
}

/* Makes a rename durable. Some file systems cannot synchronize a folder (EINVAL): the file is in
 * place then all the same. */
static bool synchronize_folder(const char *path)
{
    char *folder = copy_folder(path);
    int descriptor = folder ? open(folder, O_RDONLY) : -1;
    free(folder);
    if (descriptor < 0)
        return false;
    bool done = fsync(descriptor) == 0 || errno == EINVAL;
    return close(descriptor) == 0 && done;
}

int output_commit(struct output *output)
{
    if (!output->path)
        return EXIT_DONE; /* message_finish() looks after stdout */
    bool written = !ferror(output->stream) && fflush(output->stream) == 0;
    if (written && output->temporary)
        written = fsync(fileno(output->stream)) == 0;
    if (fclose(output->stream) != 0)
        written = false;
    output->stream = NULL;
    if (written && output->temporary)
        written = rename(output->temporary, output->target) == 0;
    if (!written) {
        int code = message_io("write", output->path);
        output_abandon(output);
        return code;
    }
    bool replaced = output->temporary != NULL;
    free(output->temporary);
    output->temporary = NULL;
    int code = EXIT_DONE;
    if (replaced && !synchronize_folder(output->target))
        code = message_io("synchronize the folder of", output->path);
    output_abandon(output);
    return code;
}

void output_abandon(struct output *output)
{
    if (output->path && output->stream)
        fclose(output->stream);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->target);
    *output = (struct output){0};
}
