/* How an option of the library's table looks in a manual page. */
#include "option_text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The signs of scdoc stand for themselves; names of options are bold. */
void manual_write_text(const char *text)
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
    manual_write_text(usual);
    if (option->modern && strcmp(option->modern, option->classic) != 0)
        printf("; %s with *--preset modern*", option->modern);
    if (option->quick && strcmp(option->quick, option->classic) != 0)
        printf("; %s with *--preset quick*", option->quick);
    if (option->ensemble && strcmp(option->ensemble, option->classic) != 0)
        printf("; %s with *--preset ensemble*", option->ensemble);
    puts(".");
}

void manual_write_option(const bp_option_info *option, const char *about)
{
    const size_t length = strlen(option->help);
    const bool ends_in_dots = length > 3 && strcmp(option->help + length - 3, "...") == 0;
    printf("*--%s*%s", option->name, option->argument ? " " : "");
    write_argument(option);
    printf("\n\t%c", toupper((unsigned char)option->help[0]));
    manual_write_text(option->help + 1);
    printf("%s\n%s", ends_in_dots ? "" : ".", about);
    write_choices(option);
    write_range(option);
    write_default(option);
    putchar('\n');
}
