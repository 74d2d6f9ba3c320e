/* Temporary files: what a killed run left goes, what a run that is alive writes stays. */
#include <criterion/criterion.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files/file.h"
#include "base/files/temporary.h"
#include "support/scratch.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("model");
}

TestSuite(temporary, .init = set_up, .fini = scratch_remove);

static struct bp_file *begin(const char *to)
{
    struct bp_file *file;
    cr_assert_eq(bp_file_begin(&file, to, NULL), BP_OK);
    cr_assert_eq(bp_file_write(file, to, strlen(to), NULL), BP_OK);
    return file;
}

static void write_whole(const char *to)
{
    cr_assert_eq(bp_file_commit(begin(to), NULL), BP_OK);
}

/* A process that has begun to write the `count` files and waits for its end. */
static pid_t start_writer(const char *const *paths, size_t count)
{
    int ends[2];
    char byte;
    cr_assert_eq(pipe(ends), 0);
    fflush(NULL);
    const pid_t writer = fork();
    cr_assert(writer >= 0);
    if (writer == 0) {
        struct bp_file *file;
        for (size_t k = 0; k < count; k++) {
            if (bp_file_begin(&file, paths[k], NULL) != BP_OK)
                _exit(1);
        }
        if (write(ends[1], "", 1) == 1)
            pause();
        _exit(0);
    }
    cr_assert_eq(close(ends[1]), 0);
    cr_assert_eq(read(ends[0], &byte, 1), 1);
    cr_assert_eq(close(ends[0]), 0);
    return writer;
}

static void kill_writer(pid_t writer)
{
    cr_assert_eq(kill(writer, SIGKILL), 0);
    cr_assert_eq(waitpid(writer, NULL, 0), writer);
}

/* The path of the only file in the folder. */
static char *find_only(void)
{
    DIR *entries = opendir(scratch_folder()->path);
    char *found = NULL;
    cr_assert_not_null(entries);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            cr_assert_null(found);
            found = folder_path(scratch_folder(), entry->d_name);
        }
    }
    cr_assert_eq(closedir(entries), 0);
    cr_assert_not_null(found);
    return found;
}

/* The name that a temporary file of `path` has first. */
static char *find_name(void)
{
    struct bp_file *file = begin(path);
    char *name = find_only();
    bp_file_abandon(file);
    cr_assert_eq(folder_count(scratch_folder()), 0);
    return name;
}

Test(temporary, what_a_killed_run_left_is_removed_by_the_next_one)
{
    kill_writer(start_writer((const char *const[]){path, path, path}, 3));
    cr_assert_eq(folder_count(scratch_folder()), 3);
    write_whole(path);
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(temporary, a_leftover_is_found_where_an_earlier_one_was_removed)
{
    char *first = find_name();
    kill_writer(start_writer((const char *const[]){path, path, path, path}, 4));
    cr_assert_eq(unlink(first), 0);
    write_whole(path);
    cr_assert_eq(folder_count(scratch_folder()), 1);
    free(first);
}

Test(temporary, what_a_run_that_is_alive_writes_stays)
{
    const pid_t writer = start_writer((const char *const[]){path}, 1);
    write_whole(path);
    bp_temporary_clean(scratch_folder()->path);
    cr_assert_eq(folder_count(scratch_folder()), 2);
    kill_writer(writer);
    bp_temporary_clean(scratch_folder()->path);
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(temporary, two_writers_of_one_process_have_files_of_their_own)
{
    struct bp_file *first = begin(path), *second = begin(path);
    cr_assert_eq(folder_count(scratch_folder()), 2);
    cr_assert_eq(bp_file_commit(first, NULL), BP_OK);
    cr_assert_eq(bp_file_commit(second, NULL), BP_OK);
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(temporary, cleaning_a_folder_removes_the_leftovers_of_all_targets)
{
    char *other = folder_path(scratch_folder(), "other"),
         *notes = folder_path(scratch_folder(), "notes.tmp");
    kill_writer(start_writer((const char *const[]){path, other}, 2));
    file_put_text(notes, "notes");
    bp_temporary_clean(scratch_folder()->path);
    cr_assert_eq(folder_count(scratch_folder()), 1);
    cr_assert_eq(access(notes, F_OK), 0);
    free(other);
    free(notes);
}

Test(temporary, names_that_only_look_alike_stay)
{
    static const char *const names[] = {".batchprop--1-0.tmp",
                                        ".batchprop-1-0.tmp",
                                        ".batchprop-99999999999999999999-0.tmp",
                                        ".batchprop-0123456789abcdef-.tmp",
                                        ".batchprop-0123456789abcdef-0.tmp~",
                                        ".batchprop-0123456789abcdeg-0.tmp"};
    const size_t count = sizeof names / sizeof names[0];
    for (size_t k = 0; k < count; k++) {
        char *name = folder_path(scratch_folder(), names[k]);
        file_put_text(name, "x");
        free(name);
    }
    bp_temporary_clean(scratch_folder()->path);
    write_whole(path);
    cr_assert_eq(folder_count(scratch_folder()), count + 1);
}

Test(temporary, a_link_in_its_place_is_neither_followed_nor_removed)
{
    char *name = find_name(), *victim = folder_path(scratch_folder(), "victim");
    file_put_text(victim, "content");
    cr_assert_eq(symlink("victim", name), 0);
    write_whole(path);
    bp_temporary_clean(scratch_folder()->path);
    char *content = file_get(victim, NULL);
    cr_assert_str_eq(content, "content");
    cr_assert_eq(folder_count(scratch_folder()), 3);
    free(content);
    free(victim);
    free(name);
}

Test(temporary, a_second_name_of_a_file_goes_and_the_file_stays)
{
    char *name = find_name(), *victim = folder_path(scratch_folder(), "victim");
    file_put_text(victim, "content");
    cr_assert_eq(link(victim, name), 0);
    write_whole(path);
    char *content = file_get(victim, NULL);
    cr_assert_str_eq(content, "content");
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(content);
    free(victim);
    free(name);
}

Test(temporary, a_pipe_in_its_place_does_not_stop_the_run)
{
    char *name = find_name();
    cr_assert_eq(mkfifo(name, 0600), 0);
    write_whole(path);
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(name);
}
