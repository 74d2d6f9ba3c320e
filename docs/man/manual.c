/*
 * manual PAGE COMMAND_TEXT: writes a manual page for scdoc. Copies PAGE, and fills in what the program knows.
 * COMMAND_TEXT holds what a command prints for --complete and --help: its options are those of the page, which
 * must have all of them. Lines of the page that begin with @:
 *
 *     @include FILE           the lines of a file beside PAGE
 *     @options OWNER GROUP    the options of a group of the library's table, such as: @options training
 *                             Running; those that the command has and that do not stand above by hand
 *     @about NAME             what the lines below it add to the help of an option of that list
 *     @end                    ends the list
 *     @commands               a list of the commands
 *     @see-also               their pages
 *     @example                the example of the help
 *
 * An option by hand is a line such as *--name* _VALUE_, with text below it. What fits nothing is an error.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <batchprop/batchprop.h>

#include "option_text.h"

#define OPTIONS_MAX 256
#define LINE_SIZE   1024
#define ABOUT_SIZE  4096
#define TEXT_SIZE   65536
#define DEPTH_MAX   4 /* of pages that include others */

static const char *const owners[] = {"model", "training", "reading", "running", "ensemble"};

/* A name of COMMAND_TEXT: "--out" or, for the page of the program, "train" too. */
struct name {
    char text[64];
    char summary[LINE_SIZE];
    bool written;
};

static struct name names[OPTIONS_MAX];
static size_t name_count;
static char example[TEXT_SIZE];

/* The table, and of each option what the page adds in the list that is being read. */
static bp_option_info options[OPTIONS_MAX];
static char abouts[OPTIONS_MAX][ABOUT_SIZE];
static size_t option_count;

struct source {
    FILE *file;
    const char *path;
    size_t line_number;
};

static _Noreturn void fail(const struct source *source, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%zu: ", source->path, source->line_number);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static struct source open_source(const char *path)
{
    struct source source = {fopen(path, "r"), path, 0};
    if (!source.file)
        fail(&source, "cannot be opened");
    return source;
}

/* The next line, without its end; false after the last one. */
static bool read_line(struct source *source, char line[LINE_SIZE])
{
    if (!fgets(line, LINE_SIZE, source->file)) {
        if (ferror(source->file))
            fail(source, "cannot be read");
        fclose(source->file);
        return false;
    }
    source->line_number++;
    const size_t length = strcspn(line, "\n");
    if (line[length] == '\0' && !feof(source->file))
        fail(source, "more than %d bytes in a line", LINE_SIZE - 2);
    line[length] = '\0';
    return true;
}

/* COMMAND_TEXT: lines with tabs are names with summaries; below "Example:" is the example. */
static void read_command(const char *path)
{
    struct source source = open_source(path);
    char line[LINE_SIZE];
    bool exemplifies = false;
    while (read_line(&source, line)) {
        const char *summary = strrchr(line, '\t');
        if (exemplifies) {
            if (strlen(example) + strlen(line) + 2 > TEXT_SIZE)
                fail(&source, "the example is longer than %d bytes", TEXT_SIZE);
            strcat(strcat(example, line), "\n");
        } else if (summary) {
            if (name_count == OPTIONS_MAX)
                fail(&source, "there are more than %d options", OPTIONS_MAX);
            struct name *name = &names[name_count++];
            snprintf(name->text, sizeof name->text, "%.*s", (int)strcspn(line, "\t"), line);
            snprintf(name->summary, sizeof name->summary, "%s", summary + 1);
        }
        exemplifies = exemplifies || strcmp(line, "Example:") == 0;
    }
}

static struct name *find_name(const char *text, size_t length)
{
    for (size_t k = 0; k < name_count; k++) {
        if (strlen(names[k].text) == length && strncmp(names[k].text, text, length) == 0)
            return &names[k];
    }
    return NULL;
}

static int find_owner(const struct source *source, const char *text, size_t length)
{
    for (size_t k = 0; k < sizeof owners / sizeof owners[0]; k++) {
        if (strlen(owners[k]) == length && strncmp(owners[k], text, length) == 0)
            return (int)k;
    }
    fail(source, "\"%.*s\" is not model, training, reading, running or ensemble", (int)length,
         text);
}

static bool is_in_list(const bp_option_info *option, int owner, const char *group)
{
    return (int)option->owner == owner && strcmp(option->group, group) == 0;
}

static char *find_about(const struct source *source, int owner, const char *group, const char *name)
{
    for (size_t k = 0; k < option_count; k++) {
        if (is_in_list(&options[k], owner, group) && strcmp(options[k].name, name) == 0)
            return abouts[k];
    }
    fail(source, "%s is no option of this list", name);
}

static void read_abouts(struct source *source, int owner, const char *group)
{
    char line[LINE_SIZE];
    char *about = NULL;
    memset(abouts, 0, sizeof abouts);
    while (read_line(source, line) && strcmp(line, "@end") != 0) {
        if (strncmp(line, "@about ", 7) == 0)
            about = find_about(source, owner, group, line + 7);
        else if (!about || line[0] != '\t')
            fail(source, "give @about NAME, lines that begin with a tab, or @end");
        else if (strlen(about) + strlen(line) + 2 > ABOUT_SIZE)
            fail(source, "more than %d bytes about one option", ABOUT_SIZE);
        else
            strcat(strcat(about, line), "\n");
    }
}

/* `list`: "training Running". */
static void write_list(struct source *source, const char *list)
{
    char group[LINE_SIZE];
    const size_t length = strcspn(list, " ");
    const int owner = find_owner(source, list, length);
    size_t count = 0;
    snprintf(group, sizeof group, "%s", list + length + (list[length] == ' '));
    read_abouts(source, owner, group);
    for (size_t k = 0; k < option_count; k++) {
        char text[sizeof names[0].text];
        snprintf(text, sizeof text, "--%s", options[k].name);
        struct name *name = find_name(text, strlen(text));
        if (!name || name->written || !is_in_list(&options[k], owner, group))
            continue;
        manual_write_option(&options[k], abouts[k]);
        name->written = true;
        count++;
    }
    if (count == 0)
        fail(source, "the command has no option of the group \"%s\"", group);
}

/* "*--valid* _FILE_", "*--help*, *-h*": the options that the line is about. */
static void note_options(const struct source *source, const char *line)
{
    while (strncmp(line, "*--", 3) == 0) {
        const size_t length = strcspn(line + 1, "*");
        struct name *name = find_name(line + 1, length);
        if (!name)
            fail(source, "the command has no option %.*s", (int)length, line + 1);
        name->written = true;
        const char *next = strstr(line, ", ");
        line = next ? next + 2 : "";
    }
}

static void write_commands(const char *after, bool summaries)
{
    for (size_t k = 0; k < name_count; k++) {
        if (names[k].text[0] == '-')
            continue;
        printf("*batchprop-%s*(1)", names[k].text);
        if (summaries) {
            printf("\n\t");
            manual_write_text(names[k].summary);
            putchar('.');
        }
        fputs(after, stdout);
        names[k].written = true;
    }
}

static void write_page(const char *path, int depth);

static void include(const struct source *source, const char *name, int depth)
{
    char path[LINE_SIZE * 2];
    const char *slash = strrchr(source->path, '/');
    if (depth == DEPTH_MAX)
        fail(source, "files include one another");
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - source->path) + 1 : 0, source->path,
             name);
    write_page(path, depth + 1);
}

static void write_page(const char *path, int depth)
{
    struct source source = open_source(path);
    char line[LINE_SIZE];
    while (read_line(&source, line)) {
        if (strncmp(line, "@include ", 9) == 0)
            include(&source, line + 9, depth);
        else if (strncmp(line, "@options ", 9) == 0)
            write_list(&source, line + 9);
        else if (strcmp(line, "@commands") == 0)
            write_commands("\n\n", true);
        else if (strcmp(line, "@see-also") == 0)
            write_commands("\n", false);
        else if (strcmp(line, "@example") == 0)
            printf("```\n%s```\n", example);
        else if (line[0] == '@')
            fail(&source, "\"%s\" is no line of this kind", line);
        else {
            note_options(&source, line);
            puts(line);
        }
    }
}

int main(int argc, char **argv)
{
    struct source none = {NULL, "manual", 0};
    if (argc != 3)
        fail(&none, "give PAGE COMMAND_TEXT");
    option_count = bp_option_count();
    if (option_count > OPTIONS_MAX)
        fail(&none, "there are more than %d options", OPTIONS_MAX);
    for (size_t k = 0; k < option_count; k++) {
        bp_error error;
        if (bp_option_get(k, &options[k], &error))
            fail(&none, "%s", error.message);
    }
    read_command(argv[2]);
    write_page(argv[1], 0);
    none.path = argv[1];
    for (size_t k = 0; k < name_count; k++) {
        if (!names[k].written)
            fail(&none, "the page lacks %s", names[k].text);
    }
    if (fflush(stdout))
        fail(&none, "cannot be written");
    return 0;
}
