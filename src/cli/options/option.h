/*
 * One option of a subcommand: a row of a table that points at the subcommand's variables. The
 * variables hold the defaults, and --help shows them. Options that the library knows come from its
 * table: see option_library.h.
 */
#ifndef BP_CLI_OPTIONS_OPTION_H
#define BP_CLI_OPTIONS_OPTION_H

#include "batchprop/batchprop.h"

enum option_kind {
    OPTION_END = 0, /* the last row of a table */
    OPTION_FLAG,    /* bool *: true if given */
    OPTION_TEXT,    /* const char **: the value as it was given, not empty */
    OPTION_LIST,    /* struct text_list *: may be given several times; every value, none empty */
    OPTION_WHOLE,   /* size_t *: from 1 to `limit`, or 0 written as `word` */
    OPTION_REAL,    /* double *: above `low` and below `high`, or 0 written as `word` */
    OPTION_CHOICE,  /* int *: one of the names of `choice` */
    OPTION_FIELD    /* an options struct of the library: the field called `name`, of `field` */
};

struct option {
    enum option_kind kind;
    const char *name;     /* without the dashes */
    void *value;          /* as the kind says; holds the default */
    const char *argument; /* what --help calls the value: "N", "FILE" */
    const char *help;     /* a phrase; names of choices and the default are added */
    const char *instead;  /* the default in words, where the variable does not say it; or NULL */
    uint64_t limit;
    const char *word;      /* "none", "auto", ...; NULL if 0 cannot be asked for */
    const char *high_word; /* "full": the same for the largest value */
    double low, high;
    bp_choice choice;
    uint64_t names; /* bit k: --help names value k of `choice`; 0: every one of an OPTION_CHOICE */
    struct {
        bp_option_owner owner;
        bp_option_kind kind;
        const char *classic, *modern;
    } field;                  /* as in bp_option_info; OPTION_FIELD, and texts of the library */
    bool varies;              /* may hold alternatives: one for each kind of networks */
    const char *alternatives; /* as given, separated by ';', of which the variable holds one; NULL:
                                 there are none */
    bool given;               /* set when the command line is parsed */
};

/* A heading of --help and the options under it; a list of groups ends with title NULL. */
struct option_group {
    const char *title;
    struct option *options;
};

size_t option_count(const struct option *options);

/* --json of a command that prints a report. */
struct option option_json(bool *json);

/* The option of that name in a table or in the groups, or NULL. */
struct option *option_find_in(struct option *table, const char *name);
struct option *option_find(const struct option_group *groups, const char *name);

/* Takes the option of that name, which is there, out of a table; it cannot be asked for then. */
void option_drop(struct option *table, const char *name);

/* Whether the option of that name in a table was given. */
bool option_is_given(const struct option *table, const char *name);

/* What a value looks like: the kind, which is never OPTION_FIELD. */
enum option_kind option_form(const struct option *option);

/* The text of an OPTION_FIELD, or "" if it does not fit; and the size of its struct. */
void option_field_get(const struct option *option, char *text, size_t size);
size_t option_field_size(const struct option *option);

/* The text of --help for an option. */
#define OPTION_DESCRIPTION_SIZE 1024
void option_describe(const struct option *option, char text[static OPTION_DESCRIPTION_SIZE]);

/* Stores `text` in the option's variable; a flag is "true" or "false". False: `error` holds a
 * sentence that says what is allowed. OPTION_TEXT: the variable keeps `text`; OPTION_LIST: a copy
 * is added. Of alternatives the variable holds the first, and an OPTION_TEXT all; the option keeps
 * them. */
bool option_set(struct option *option, const char *text, bp_error *error);

/* Puts alternative `index` of an option that has some, and is no OPTION_TEXT, into its variable.
 * False: `error` holds a sentence. */
bool option_choose(const struct option *option, size_t index, bp_error *error);

/* As option_set(); returns EXIT_DONE, EXIT_USAGE after a message that begins with the option's
 * name, and in which `command` is named, or EXIT_RESOURCES. */
int option_convert(struct option *option, const char *command, const char *text);

#endif
