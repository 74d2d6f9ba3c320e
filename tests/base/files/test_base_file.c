/* Output files: the old content or the new one, and never anything between. */
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/files/file.h"
#include "support/scratch.h"

#define LARGE (3 * 65536 + 17) /* several buffers of the writer, and a part of one */

static char *path;

static void set_up(void)
{
    path = scratch_file("model");
}

TestSuite(base_file, .init = set_up, .fini = scratch_remove);

static bp_status write_text(const char *to, const char *text, bp_error *error)
{
    struct bp_file *file;
    bp_status status = bp_file_begin(&file, to, error);
    if (status != BP_OK)
        return status;
    status = bp_file_write(file, text, strlen(text), error);
    if (status == BP_OK)
        return bp_file_commit(file, error);
    bp_file_abandon(file);
    return status;
}

static void check_content(const char *of, const char *expected)
{
    char *content = file_get(of, NULL);
    cr_assert_str_eq(content, expected);
    free(content);
}

static mode_t get_mode(const char *of)
{
    struct stat status;
    cr_assert_eq(stat(of, &status), 0);
    return status.st_mode & 0777;
}

Test(base_file, a_new_file_holds_what_was_written)
{
    cr_assert_eq(write_text(path, "new", NULL), BP_OK);
    check_content(path, "new");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(base_file, the_old_content_stays_until_the_commit)
{
    file_put_text(path, "old");
    struct bp_file *file;
    cr_assert_eq(bp_file_begin(&file, path, NULL), BP_OK);
    char *large = calloc(1, LARGE);
    cr_assert_not_null(large);
    cr_assert_eq(bp_file_write(file, large, LARGE, NULL), BP_OK);
    check_content(path, "old");
    cr_assert_eq(bp_file_commit(file, NULL), BP_OK);
    size_t size;
    free(file_get(path, &size));
    cr_assert_eq(size, LARGE);
    free(large);
}

Test(base_file, pieces_of_every_size_arrive_in_order)
{
    char *expected = malloc(LARGE);
    cr_assert_not_null(expected);
    for (size_t i = 0; i < LARGE; i++)
        expected[i] = (char)(i * 31 >> 3);
    struct bp_file *file;
    cr_assert_eq(bp_file_begin(&file, path, NULL), BP_OK);
    for (size_t begin = 0, size = 0; begin < LARGE; begin += size) {
        size = (size * 3 + 1) % 70001;
        size = size < LARGE - begin ? size : LARGE - begin;
        cr_assert_eq(bp_file_write(file, expected + begin, size, NULL), BP_OK);
    }
    cr_assert_eq(bp_file_commit(file, NULL), BP_OK);
    size_t size;
    char *content = file_get(path, &size);
    cr_assert_eq(size, LARGE);
    cr_assert_eq(memcmp(content, expected, LARGE), 0);
    free(content);
    free(expected);
}

Test(base_file, abandoning_leaves_the_old_content_and_nothing_else)
{
    file_put_text(path, "old");
    struct bp_file *file;
    cr_assert_eq(bp_file_begin(&file, path, NULL), BP_OK);
    cr_assert_eq(bp_file_write(file, "new", 3, NULL), BP_OK);
    bp_file_abandon(file);
    bp_file_abandon(NULL);
    check_content(path, "old");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(base_file, a_failed_write_leaves_the_old_content_and_nothing_else)
{
    file_put_text(path, "old");
    cr_assert_neq(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    const struct rlimit limit = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    char *large = calloc(1, LARGE);
    cr_assert_not_null(large);
    struct bp_file *file;
    bp_error error;
    cr_assert_eq(bp_file_begin(&file, path, NULL), BP_OK);
    cr_assert_eq(bp_file_write(file, large, LARGE, &error), BP_ERROR_IO);
    bp_file_abandon(file);
    cr_assert_eq(strncmp(error.message, path, strlen(path)), 0);
    cr_assert_not_null(strstr(error.message, strerror(EFBIG)));
    check_content(path, "old");
    cr_assert_eq(folder_count(scratch_folder()), 1);
    free(large);
}

Test(base_file, a_write_that_fails_only_at_the_end_fails_the_commit)
{
    file_put_text(path, "old");
    cr_assert_neq(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    const struct rlimit limit = {.rlim_cur = 2, .rlim_max = RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(write_text(path, "new content", NULL), BP_ERROR_IO);
    check_content(path, "old");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(base_file, a_full_device_is_an_error)
{
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    bp_error error;
    cr_assert_eq(write_text("/dev/full", "new", &error), BP_ERROR_IO);
    cr_assert_not_null(strstr(error.message, strerror(ENOSPC)));
}

Test(base_file, a_device_is_written_and_not_replaced)
{
    cr_assert_eq(write_text("/dev/null", "new", NULL), BP_OK);
    struct stat status;
    cr_assert_eq(stat("/dev/null", &status), 0);
    cr_assert(S_ISCHR(status.st_mode));
}

Test(base_file, a_fifo_is_written_and_not_replaced)
{
    cr_assert_eq(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    cr_assert(reader >= 0);
    cr_assert_eq(write_text(path, "new", NULL), BP_OK);
    char content[8] = "";
    cr_assert_eq(read(reader, content, sizeof content - 1), 3);
    cr_assert_str_eq(content, "new");
    cr_assert_eq(close(reader), 0);
}

Test(base_file, a_descriptor_by_name_is_written_where_it_stands)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    cr_assert(descriptor >= 0);
    cr_assert_eq(write(descriptor, "before ", 7), 7);
    char name[32];
    snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    cr_assert_eq(write_text(name, "new", NULL), BP_OK);
    cr_assert_eq(write(descriptor, " after", 6), 6);
    cr_assert_eq(close(descriptor), 0);
    check_content(path, "before new after");
}

Test(base_file, the_mode_of_the_old_file_is_kept)
{
    file_put_text(path, "old");
    cr_assert_eq(chmod(path, 0640), 0);
    cr_assert_eq(write_text(path, "new", NULL), BP_OK);
    cr_assert_eq(get_mode(path), 0640);
}

Test(base_file, the_owner_of_the_old_file_is_kept)
{
    if (geteuid() != 0)
        cr_skip_test("only the superuser gives files away");
    file_put_text(path, "old");
    cr_assert_eq(chown(path, 65534, 65534), 0);
    cr_assert_eq(write_text(path, "new", NULL), BP_OK);
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_uid, 65534);
    cr_assert_eq(status.st_gid, 65534);
}

Test(base_file, the_mode_of_a_new_file_obeys_the_mask)
{
    umask(027);
    cr_assert_eq(write_text(path, "new", NULL), BP_OK);
    cr_assert_eq(get_mode(path), 0640);
}

Test(base_file, a_file_that_may_not_be_written_is_not_replaced)
{
    file_put_text(path, "old");
    cr_assert_eq(chmod(path, 0444), 0);
    cr_assert_eq(chmod(scratch_folder()->path, 0777), 0);
    /* The superuser may write every file. */
    uid_t user = geteuid();
    if (user == 0)
        cr_assert_eq(seteuid(65534), 0);
    bp_error error;
    bp_status status = write_text(path, "new", &error);
    cr_assert_eq(seteuid(user), 0);
    cr_assert_eq(status, BP_ERROR_IO);
    cr_assert_not_null(strstr(error.message, strerror(EACCES)));
    check_content(path, "old");
}

Test(base_file, a_symbolic_link_stays_and_its_target_is_replaced)
{
    char *link = folder_path(scratch_folder(), "link");
    file_put_text(path, "old");
    cr_assert_eq(symlink("model", link), 0);
    cr_assert_eq(write_text(link, "new", NULL), BP_OK);
    check_content(path, "new");
    struct stat status;
    cr_assert_eq(lstat(link, &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
    free(link);
}

Test(base_file, a_symbolic_link_to_nothing_yet_creates_its_target)
{
    char *link = folder_path(scratch_folder(), "link");
    cr_assert_eq(symlink(path, link), 0);
    cr_assert_eq(write_text(link, "new", NULL), BP_OK);
    check_content(path, "new");
    free(link);
}

Test(base_file, a_link_to_itself_is_an_error)
{
    cr_assert_eq(symlink("model", path), 0);
    bp_error error;
    cr_assert_eq(write_text(path, "new", &error), BP_ERROR_IO);
    cr_assert_not_null(strstr(error.message, strerror(ELOOP)));
}

Test(base_file, a_link_to_a_descriptor_is_that_descriptor)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    cr_assert(descriptor >= 0);
    cr_assert_eq(write(descriptor, "before ", 7), 7);
    char name[32], *link = folder_path(scratch_folder(), "link");
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    cr_assert_eq(symlink(name, link), 0);
    cr_assert_eq(write_text(link, "new", NULL), BP_OK);
    cr_assert_eq(write(descriptor, " after", 6), 6);
    cr_assert_eq(close(descriptor), 0);
    check_content(path, "before new after");
    free(link);
}

Test(base_file, a_descriptor_for_reading_is_refused_at_once)
{
    file_put_text(path, "old");
    int descriptor = open(path, O_RDONLY);
    char name[32];
    snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    bp_error error;
    cr_assert_eq(bp_file_check(name, true, &error), BP_ERROR_IO);
    cr_assert_not_null(strstr(error.message, "is open for reading only"), "%s", error.message);
    cr_assert_eq(close(descriptor), 0);
}

Test(base_file, a_name_of_255_bytes_is_replaced)
{
    char name[256];
    memset(name, 'm', 255);
    name[255] = '\0';
    char *longest = folder_path(scratch_folder(), name);
    cr_assert_eq(write_text(longest, "old", NULL), BP_OK);
    cr_assert_eq(write_text(longest, "new", NULL), BP_OK);
    check_content(longest, "new");
    cr_assert_eq(folder_count(scratch_folder()), 1);
    free(longest);
}

static void ignore(int number)
{
    (void)number;
}

/* Interrupts a write to a pipe that is full, then empties it. */
Test(base_file, a_signal_interrupts_no_write)
{
    const struct sigaction action = {.sa_handler = ignore};
    cr_assert_eq(sigaction(SIGUSR1, &action, NULL), 0);
    cr_assert_eq(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    cr_assert(reader >= 0);
    fflush(NULL);
    const pid_t writer = fork();
    cr_assert(writer >= 0);
    if (writer == 0) {
        struct bp_file *file;
        static char large[LARGE];
        bool done = bp_file_begin(&file, path, NULL) == BP_OK &&
                    bp_file_write(file, large, LARGE, NULL) == BP_OK &&
                    bp_file_commit(file, NULL) == BP_OK;
        _exit(done ? 0 : 1);
    }
    static char piece[4096];
    size_t got = 0;
    /* The first signals find a part written, the next ones nothing. */
    for (int k = 0; k < 20; k++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        kill(writer, SIGUSR1);
    }
    /* The writer is there; from here on reads wait, and the pipe ends where the writer does. */
    cr_assert_eq(poll(&(struct pollfd){.fd = reader, .events = POLLIN}, 1, 60000), 1);
    cr_assert_eq(fcntl(reader, F_SETFL, 0), 0);
    for (ssize_t size; (size = read(reader, piece, sizeof piece)) > 0;)
        got += (size_t)size;
    int status;
    cr_assert_eq(waitpid(writer, &status, 0), writer);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    cr_assert_eq(got, LARGE);
    cr_assert_eq(close(reader), 0);
}

/* ---- files that grow ---- */

static void open_and_write(const char *to, bool *continued, const char *text)
{
    struct bp_file *file;
    cr_assert_eq(bp_file_open(&file, to, continued, NULL), BP_OK);
    cr_assert_eq(bp_file_write(file, text, strlen(text), NULL), BP_OK);
    cr_assert_eq(bp_file_flush(file, NULL), BP_OK);
    bp_file_abandon(file);
}

Test(base_file, what_is_flushed_is_seen_and_stays)
{
    file_put_text(path, "an older and longer content");
    open_and_write(path, NULL, "line\n");
    check_content(path, "line\n");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(base_file, a_file_is_continued_after_its_last_whole_line)
{
    bool continued = false;
    file_put_text(path, "one\ntwo\na line that was cut off");
    open_and_write(path, &continued, "three\n");
    cr_assert(continued);
    check_content(path, "one\ntwo\nthree\n");
}

Test(base_file, there_is_nothing_to_continue_where_no_line_is_whole)
{
    bool continued = true;
    open_and_write(path, &continued, "on");
    cr_assert_not(continued);
    continued = true;
    open_and_write(path, &continued, "one\n");
    cr_assert_not(continued);
    check_content(path, "one\n");
}

Test(base_file, a_file_that_grows_needs_no_folder_that_can_be_written)
{
    file_put_text(path, "old");
    cr_assert_eq(chmod(path, 0666), 0);
    cr_assert_eq(chmod(scratch_folder()->path, 0555), 0);
    uid_t user = geteuid();
    if (user == 0)
        cr_assert_eq(seteuid(65534), 0);
    open_and_write(path, NULL, "line\n");
    const bp_status replaced = bp_file_check(path, true, NULL);
    cr_assert_eq(seteuid(user), 0);
    cr_assert_eq(chmod(scratch_folder()->path, 0755), 0);
    cr_assert_eq(replaced, BP_ERROR_IO);
    check_content(path, "line\n");
}

/* ---- what cannot be written ---- */

static void check_unwritable(const char *to, const char *reason)
{
    bp_error error;
    struct bp_file *file = (struct bp_file *)&error;
    cr_assert_eq(bp_file_begin(&file, to, &error), BP_ERROR_IO);
    cr_assert_null(file);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
}

Test(base_file, what_cannot_be_a_file_is_refused_at_once)
{
    char *below_nothing = folder_path(scratch_folder(), "no/model"),
         *slash = folder_path(scratch_folder(), "no/");
    check_unwritable("", "empty");
    check_unwritable(scratch_folder()->path, "is a folder");
    check_unwritable(slash, "name of a folder");
    check_unwritable(below_nothing, strerror(ENOENT));
    check_unwritable("/dev/fd/999999", strerror(EBADF));
    cr_assert_eq(folder_count(scratch_folder()), 0);
    free(below_nothing);
    free(slash);
}

Test(base_file, a_name_without_folder_is_of_the_current_folder)
{
    cr_assert_eq(chdir(scratch_folder()->path), 0);
    cr_assert_eq(write_text("model", "new", NULL), BP_OK);
    check_content(path, "new");
}
