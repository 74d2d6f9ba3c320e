/*
 * Writes the manual page for scdoc: copies the page that it is given, and fills in the lists of
 * options from the table of the library. Lines of the page that begin with @:
 *
 *     @options OWNER GROUP    the options of a group, such as: @options training Running
 *     @about NAME             what the lines below it add to the help of an option of that list
 *     @end                    ends the list
 *
 * A word of the page that fits nothing, and an option that no list has, are errors.
 */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <batchprop/batchprop.h>

#define OPTIONS_MAX 256
#define LINE_SIZE   1024
#define ABOUT_SIZE  4096

static const char *const owners[] = {"model", "training", "reading", "running", "ensemble"};

/* The table, and of each option what the page adds in the list that is being read. */
static bp_option_info options[OPTIONS_MAX];
static char abouts[OPTIONS_MAX][ABOUT_SIZE];
static bool written[OPTIONS_MAX];
static size_t option_count;
static size_t line_number;

static _Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "manual page, line %zu: ", line_number);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* The signs of scdoc stand for themselves; names of options are bold. */
static void write_text(const char *text)
{
    bool in_name = false;
    for (const char *c = text; *c; c++) {
        const bool begins = !in_name && strncmp(c, "--", 2) == 0 && islower((unsigned char)c[2]);
        const bool ends = in_name && *c != '-' && !isalnum((unsigned char)*c);
        if (begins || ends) {
            putchar('*');
            in_name = begins;
        }
        if (strchr("*_\\", *c))
            putchar('\\');
        putchar(*c);
    }
    if (in_name)
        putchar('*');
}

/* _RATE_|*auto*: words in lower case are written as they are, others stand for a value. */
static void write_argument(const bp_option_info *option)
{
    const char *part = option->argument;
    while (part && *part) {
        const size_t length = strcspn(part, "|");
        const char *mark = islower((unsigned char)*part) ? "*" : "_";
        printf("%s%.*s%s", mark, (int)length, part, mark);
        part += length;
        if (*part)
            putchar(*part++);
    }
    if (option->word)
        printf("|*%s*", option->word);
    if (option->high_word)
        printf("|*%s*", option->high_word);
}

static void write_choices(const bp_option_info *option)
{
    const char *name, *before = "\tOne of ";
    if (option->kind != BP_OPTION_CHOICE && option->kind != BP_OPTION_NAMES)
        return;
    for (int value = 0; (name = bp_choice_name(option->choice, value)); value++) {
        if (option->allowed && !(option->allowed >> value & 1))
            continue;
        printf("%s*%s*", before, name);
        before = ", ";
    }
    puts(".");
}

static void write_range(const bp_option_info *option)
{
    if (option->kind != BP_OPTION_REAL)
        return;
    printf(option->from_low ? "\tFrom %g" : "\tAbove %g", option->low);
    if (isfinite(option->high))
        printf(option->from_low ? " to below %g" : " and below %g", option->high);
    else if (option->from_low)
        fputs(" on", stdout);
    puts(".");
}

static void write_default(const bp_option_info *option)
{
    const char *usual = option->instead ? option->instead : option->classic;
    if (!usual || option->kind == BP_OPTION_FLAG)
        return;
    fputs("\tDefault: ", stdout);
    write_text(usual);
    if (option->modern && strcmp(option->modern, option->classic) != 0)
        printf("; %s with *--preset modern*", option->modern);
    if (option->quick && strcmp(option->quick, option->classic) != 0)
        printf("; %s with *--preset quick*", option->quick);
    if (option->ensemble && strcmp(option->ensemble, option->classic) != 0)
        printf("; %s with *--preset ensemble*", option->ensemble);
    puts(".");
}

static void write_option(const bp_option_info *option, const char *about)
{
    const size_t length = strlen(option->help);
    const bool ends_in_dots = length > 3 && strcmp(option->help + length - 3, "...") == 0;
    printf("*--%s*%s", option->name, option->argument ? " " : "");
    write_argument(option);
    printf("\n\t%c", toupper((unsigned char)option->help[0]));
    write_text(option->help + 1);
    printf("%s\n%s", ends_in_dots ? "" : ".", about);
    write_choices(option);
    write_range(option);
    write_default(option);
    putchar('\n');
}

static bool is_in_list(const bp_option_info *option, int owner, const char *group)
{
    return (int)option->owner == owner && strcmp(option->group, group) == 0;
}

/* The next line of the page, without its end; false after the last one. */
static bool read_line(char line[LINE_SIZE])
{
    if (!fgets(line, LINE_SIZE, stdin))
        return false;
    line_number++;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static int find_owner(const char *name, size_t length)
{
    for (size_t k = 0; k < sizeof owners / sizeof owners[0]; k++) {
        if (strlen(owners[k]) == length && strncmp(owners[k], name, length) == 0)
            return (int)k;
    }
    fail("\"%.*s\" is not model, training, reading, running or ensemble", (int)length, name);
}

static char *find_about(int owner, const char *group, const char *name)
{
    for (size_t k = 0; k < option_count; k++) {
        if (is_in_list(&options[k], owner, group) && strcmp(options[k].name, name) == 0)
            return abouts[k];
    }
    fail("%s is no option of this list", name);
}

/* `list`: "training Running". */
static void write_list(const char *list)
{
    char line[LINE_SIZE], group[LINE_SIZE];
    char *about = NULL;
    const size_t length = strcspn(list, " ");
    const int owner = find_owner(list, length);
    size_t count = 0;
    snprintf(group, sizeof group, "%s", list + length + (list[length] == ' '));
    memset(abouts, 0, sizeof abouts);
    while (read_line(line) && strcmp(line, "@end") != 0) {
        if (strncmp(line, "@about ", 7) == 0)
            about = find_about(owner, group, line + 7);
        else if (!about || line[0] != '\t')
            fail("give @about NAME, lines that begin with a tab, or @end");
        else if (strlen(about) + strlen(line) + 2 > ABOUT_SIZE)
            fail("more than %d bytes about one option", ABOUT_SIZE);
        else
            strcat(strcat(about, line), "\n");
    }
    for (size_t k = 0; k < option_count; k++) {
        if (!is_in_list(&options[k], owner, group))
            continue;
        write_option(&options[k], abouts[k]);
        written[k] = true;
        count++;
    }
    if (count == 0)
        fail("no option is in the group \"%s\"", group);
}

/* An option that two structs have is written for one of them. */
static bool is_written(const char *name)
{
    for (size_t k = 0; k < option_count; k++) {
        if (written[k] && strcmp(options[k].name, name) == 0)
            return true;
    }
    return false;
}

int main(void)
{
    char line[LINE_SIZE];
    option_count = bp_option_count();
    if (option_count > OPTIONS_MAX)
        fail("there are more than %d options", OPTIONS_MAX);
    for (size_t k = 0; k < option_count; k++) {
        bp_error error;
        if (bp_option_get(k, &options[k], &error))
            fail("%s", error.message);
    }
    while (read_line(line)) {
        if (strncmp(line, "@options ", 9) == 0)
            write_list(line + 9);
        else if (line[0] == '@')
            fail("\"%s\" is no line of this kind", line);
        else
            puts(line);
    }
    for (size_t k = 0; k < option_count; k++) {
        if (!is_written(options[k].name))
            fail("the page has no list with --%s (\"%s\")", options[k].name, options[k].group);
    }
    if (fflush(stdout) || ferror(stdin))
        fail("cannot be read or written");
    return 0;
}
