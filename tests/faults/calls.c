/*
 * Loaded before the C library (LD_PRELOAD), it lets one system call of a program fail:
 *     BATCHPROP_FAULT=CALL:N:WHAT    the N-th CALL (from 1; with "N+" all from it on) does WHAT:
 *                                    the name of an errno, "short" (half of the bytes are read or
 *                                    written) or the name of a signal, which comes just before it
 *     BATCHPROP_FAULT_FOLDER=PATH    only calls on files below it count, and on the standard output
 *     BATCHPROP_FAULT_COUNT=FILE     gets a line "CALL NUMBER" for each kind of call in the end
 * Streams of stdio are made anew on these calls: those of the C library do not go through them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum call {
    CALL_OPEN,
    CALL_READ,
    CALL_WRITE,
    CALL_CLOSE,
    CALL_FSYNC,
    CALL_RENAME,
    CALL_UNLINK,
    CALL_FTRUNCATE,
    CALL_LSEEK,
    CALL_FSTAT,
    CALL_STAT,
    CALL_LSTAT,
    CALL_FLOCK,
    CALL_FCHMOD,
    CALL_FCHOWN,
    CALL_MKDIR,
    CALL_OPENDIR,
    CALL_READDIR,
    CALL_READLINK,
    CALL_FACCESSAT,
    CALL_FCNTL,
    CALL_MMAP,
    CALL_TMPFILE,
    CALL_SPAWN,
    CALL_WAITPID,
    CALL_COUNT
};

static const char *const call_names[CALL_COUNT] = {
    "open",      "read",    "write",   "close",   "fsync",    "rename",    "unlink",
    "ftruncate", "lseek",   "fstat",   "stat",    "lstat",    "flock",     "fchmod",
    "fchown",    "mkdir",   "opendir", "readdir", "readlink", "faccessat", "fcntl",
    "mmap",      "tmpfile", "spawn",   "waitpid"};

static const struct {
    const char *name;
    int number;
} reasons[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EINTR", EINTR},
               {"EMFILE", EMFILE}, {"EDQUOT", EDQUOT}, {"EACCES", EACCES},
               {"ENOENT", ENOENT}, {"EAGAIN", EAGAIN}, {"EFBIG", EFBIG}},
  signals[] = {{"SIGKILL", SIGKILL},
               {"SIGTERM", SIGTERM},
               {"SIGINT", SIGINT},
               {"SIGHUP", SIGHUP},
               {"SIGPIPE", SIGPIPE}};

#define FILES_MAX 4096

static atomic_ulong counts[CALL_COUNT];
static atomic_uchar ours[FILES_MAX]; /* descriptors of files below the folder */
static const char *folder, *count_path;
static enum call failing = CALL_COUNT;
static unsigned long failing_number;
static bool failing_on, is_short;
static int reason, signal_number;

/* The function of the C library: `next`, looked for once. */
#define NEXT(result, name, ...)                                                                    \
    static result (*next)(__VA_ARGS__);                                                            \
    if (!next)                                                                                     \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

static bool is_ours(const char *path)
{
    return !folder || strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_file_ours(int file)
{
    return file >= 0 && file < FILES_MAX && atomic_load(&ours[file]) != 0;
}

static int note_file(int file, bool is)
{
    if (file >= 0 && file < FILES_MAX)
        atomic_store(&ours[file], is);
    return file;
}

/* What happens to this call: 0 nothing, -1 it fails with errno, 1 it is short. */
static int meet(enum call call, bool counted)
{
    if (!counted)
        return 0;
    const unsigned long number = atomic_fetch_add(&counts[call], 1) + 1;
    if (call != failing || (failing_on ? number < failing_number : number != failing_number))
        return 0;
    if (signal_number)
        raise(signal_number);
    if (reason)
        errno = reason;
    return reason ? -1 : is_short;
}

static int find(const char *name, const void *table, size_t count)
{
    const struct {
        const char *name;
        int number;
    } *row = table;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(row[i].name, name) == 0)
            return row[i].number;
    }
    return 0;
}

static void stop_wrong(const char *text)
{
    dprintf(2, "BATCHPROP_FAULT: what is \"%s\"?\n", text);
    _exit(99);
}

static void read_fault(const char *text)
{
    char call[32], number[32], what[32], *end;
    if (sscanf(text, "%31[^:]:%31[^:]:%31s", call, number, what) != 3)
        stop_wrong(text);
    for (int k = 0; k < CALL_COUNT; k++)
        failing = strcmp(call, call_names[k]) == 0 ? (enum call)k : failing;
    failing_number = strtoul(number, &end, 10);
    failing_on = *end == '+';
    is_short = strcmp(what, "short") == 0;
    reason = find(what, reasons, sizeof reasons / sizeof reasons[0]);
    signal_number = find(what, signals, sizeof signals / sizeof signals[0]);
    if (failing == CALL_COUNT || failing_number == 0 || (!is_short && !reason && !signal_number))
        stop_wrong(text);
}

/* ---- streams ---- */

/* Goes on as stdio does after a part, and as the kernel does after a signal with SA_RESTART. */
static ssize_t write_stream(void *cookie, const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t written = write((int)(intptr_t)cookie, bytes + done, size - done);
        if (written < 0 && errno != EINTR)
            return 0;
        done += written < 0 ? 0 : (size_t)written;
    }
    return (ssize_t)size;
}

static ssize_t read_stream(void *cookie, char *bytes, size_t size)
{
    ssize_t got;
    do
        got = read((int)(intptr_t)cookie, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

static int seek_stream(void *cookie, off64_t *offset, int whence)
{
    *offset = lseek64((int)(intptr_t)cookie, *offset, whence);
    return *offset < 0 ? -1 : 0;
}

static int close_stream(void *cookie)
{
    return close((int)(intptr_t)cookie);
}

static FILE *make_stream(int file, const char *mode)
{
    return fopencookie((void *)(intptr_t)file, mode,
                       (cookie_io_functions_t){.read = read_stream,
                                               .write = write_stream,
                                               .seek = seek_stream,
                                               .close = close_stream});
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("BATCHPROP_FAULT");
    folder = getenv("BATCHPROP_FAULT_FOLDER");
    count_path = getenv("BATCHPROP_FAULT_COUNT");
    unsetenv("LD_PRELOAD"); /* not for programs that this one starts */
    if (text)
        read_fault(text);
    note_file(STDOUT_FILENO, true);
    FILE *stream = make_stream(STDOUT_FILENO, "w");
    if (stream)
        stdout = stream;
}

static void write_counts(void)
{
    char text[CALL_COUNT * 32] = "";
    size_t size = 0;
    for (int k = 0; k < CALL_COUNT; k++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s %lu\n", call_names[k],
                                 atomic_load(&counts[k]));
    NEXT(int, open64, const char *, int, ...);
    const int file = next(count_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    note_file(file, false);
    if (file < 0 || write(file, text, size) != (ssize_t)size)
        _exit(98);
    close(file);
}

__attribute__((destructor)) static void end(void)
{
    fflush(stdout);
    if (count_path)
        write_counts();
}

/* ---- calls that fail or are made ---- */

int fsync(int file)
{
    NEXT(int, fsync, int);
    return meet(CALL_FSYNC, is_file_ours(file)) < 0 ? -1 : next(file);
}

int ftruncate64(int file, off64_t size)
{
    NEXT(int, ftruncate64, int, off64_t);
    return meet(CALL_FTRUNCATE, is_file_ours(file)) < 0 ? -1 : next(file, size);
}

off64_t lseek64(int file, off64_t offset, int whence)
{
    NEXT(off64_t, lseek64, int, off64_t, int);
    return meet(CALL_LSEEK, is_file_ours(file)) < 0 ? -1 : next(file, offset, whence);
}

int fstat64(int file, struct stat64 *status)
{
    NEXT(int, fstat64, int, struct stat64 *);
    return meet(CALL_FSTAT, is_file_ours(file)) < 0 ? -1 : next(file, status);
}

int stat64(const char *path, struct stat64 *status)
{
    NEXT(int, stat64, const char *, struct stat64 *);
    return meet(CALL_STAT, is_ours(path)) < 0 ? -1 : next(path, status);
}

int lstat64(const char *path, struct stat64 *status)
{
    NEXT(int, lstat64, const char *, struct stat64 *);
    return meet(CALL_LSTAT, is_ours(path)) < 0 ? -1 : next(path, status);
}

int flock(int file, int operation)
{
    NEXT(int, flock, int, int);
    return meet(CALL_FLOCK, is_file_ours(file)) < 0 ? -1 : next(file, operation);
}

int fchmod(int file, mode_t mode)
{
    NEXT(int, fchmod, int, mode_t);
    return meet(CALL_FCHMOD, is_file_ours(file)) < 0 ? -1 : next(file, mode);
}

int fchown(int file, uid_t owner, gid_t group)
{
    NEXT(int, fchown, int, uid_t, gid_t);
    return meet(CALL_FCHOWN, is_file_ours(file)) < 0 ? -1 : next(file, owner, group);
}

int rename(const char *path, const char *to)
{
    NEXT(int, rename, const char *, const char *);
    return meet(CALL_RENAME, is_ours(path)) < 0 ? -1 : next(path, to);
}

int unlink(const char *path)
{
    NEXT(int, unlink, const char *);
    return meet(CALL_UNLINK, is_ours(path)) < 0 ? -1 : next(path);
}

int mkdir(const char *path, mode_t mode)
{
    NEXT(int, mkdir, const char *, mode_t);
    return meet(CALL_MKDIR, is_ours(path)) < 0 ? -1 : next(path, mode);
}

DIR *opendir(const char *path)
{
    NEXT(DIR *, opendir, const char *);
    return meet(CALL_OPENDIR, is_ours(path)) < 0 ? NULL : next(path);
}

ssize_t readlink(const char *path, char *text, size_t size)
{
    NEXT(ssize_t, readlink, const char *, char *, size_t);
    return meet(CALL_READLINK, is_ours(path)) < 0 ? -1 : next(path, text, size);
}

int faccessat(int at, const char *path, int mode, int flags)
{
    NEXT(int, faccessat, int, const char *, int, int);
    return meet(CALL_FACCESSAT, is_ours(path)) < 0 ? -1 : next(at, path, mode, flags);
}

FILE *tmpfile64(void)
{
    NEXT(FILE *, tmpfile64, void);
    return meet(CALL_TMPFILE, true) < 0 ? NULL : next();
}

pid_t waitpid(pid_t process, int *status, int options)
{
    NEXT(pid_t, waitpid, pid_t, int *, int);
    return meet(CALL_WAITPID, true) < 0 ? -1 : next(process, status, options);
}

struct dirent64 *readdir64(DIR *entries)
{
    NEXT(struct dirent64 *, readdir64, DIR *);
    return meet(CALL_READDIR, true) < 0 ? NULL : next(entries);
}

void *mmap64(void *place, size_t size, int protection, int flags, int file, off64_t offset)
{
    NEXT(void *, mmap64, void *, size_t, int, int, int, off64_t);
    return meet(CALL_MMAP, is_file_ours(file)) < 0
               ? MAP_FAILED
               : next(place, size, protection, flags, file, offset);
}

/* It returns its errno. */
int posix_spawnp(pid_t *process, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const *argv, char *const *environment)
{
    NEXT(int, posix_spawnp, pid_t *, const char *, const posix_spawn_file_actions_t *,
         const posix_spawnattr_t *, char *const *, char *const *);
    return meet(CALL_SPAWN, true) < 0 ? errno
                                      : next(process, file, actions, attributes, argv, environment);
}

/* ---- calls that transfer bytes ---- */

ssize_t read(int file, void *bytes, size_t size)
{
    NEXT(ssize_t, read, int, void *, size_t);
    const int met = meet(CALL_READ, is_file_ours(file));
    return met < 0 ? -1 : next(file, bytes, met > 0 && size > 1 ? size / 2 : size);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    NEXT(ssize_t, write, int, const void *, size_t);
    const int met = meet(CALL_WRITE, is_file_ours(file));
    return met < 0 ? -1 : next(file, bytes, met > 0 && size > 1 ? size / 2 : size);
}

/* ---- calls that make and drop descriptors ---- */

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    NEXT(int, open64, const char *, int, ...);
    return meet(CALL_OPEN, is_ours(path)) < 0 ? -1
                                              : note_file(next(path, flags, mode), is_ours(path));
}

/* All three arguments that the program gives: a number, or none. */
int fcntl64(int file, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    const long argument = va_arg(rest, long);
    va_end(rest);
    NEXT(int, fcntl64, int, int, ...);
    if (meet(CALL_FCNTL, is_file_ours(file)) < 0)
        return -1;
    const int made = next(file, command, argument);
    return command == F_DUPFD_CLOEXEC ? note_file(made, is_file_ours(file)) : made;
}

/* The descriptor is gone also where it fails. */
int close(int file)
{
    NEXT(int, close, int);
    const bool counted = is_file_ours(file);
    note_file(file, false);
    const int met = meet(CALL_CLOSE, counted), number = errno;
    const int result = next(file);
    errno = met < 0 ? number : errno;
    return met < 0 ? -1 : result;
}

FILE *fdopen(int file, const char *mode)
{
    return make_stream(file, mode[0] == 'r' ? "r" : "w");
}

FILE *fopen64(const char *path, const char *mode)
{
    const int file = open64(path,
                            mode[0] == 'r'   ? O_RDONLY
                            : mode[0] == 'a' ? O_WRONLY | O_CREAT | O_APPEND
                                             : O_WRONLY | O_CREAT | O_TRUNC,
                            0666);
    return file < 0 ? NULL : make_stream(file, mode[0] == 'r' ? "r" : "w");
}
