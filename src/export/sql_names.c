/* A column of an answer has a name of its own: a view cannot have two of one name. */
#include "export/sql_names.h"

#include <stdio.h>
#include <string.h>

static void put_quoted(struct bp_export_text *text, const char *word, char quote)
{
    for (; *word; word++) {
        if (*word == quote)
            bp_export_put_bytes(text, &quote, 1);
        bp_export_put_bytes(text, word, 1);
    }
}

static void put_joined(struct bp_export_text *text, const char *prefix, const char *name,
                       const char *number)
{
    bp_export_put(text, "\"%s", prefix);
    put_quoted(text, name, '"');
    bp_export_put(text, "%s\"", number);
}

void bp_sql_put_name(struct bp_export_text *text, const char *name)
{
    put_joined(text, "", name, "");
}

void bp_sql_put_text(struct bp_export_text *text, const char *word)
{
    bp_export_put(text, "'");
    put_quoted(text, word, '\'');
    bp_export_put(text, "'");
}

/* With the table: in SQLite a "name" alone that is no column becomes a text. */
void bp_sql_put_column(const struct bp_sql_query *query, const char *name)
{
    bp_export_put(query->text, "\"%s\".", query->exported->name);
    bp_sql_put_name(query->text, name);
}

/* Whether `word` is the three, one after the other. */
static bool is_joined(const char *word, const char *prefix, const char *name, const char *number)
{
    const size_t first = strlen(prefix), second = strlen(name);
    return strncmp(word, prefix, first) == 0 && strncmp(word + first, name, second) == 0 &&
           strcmp(word + first + second, number) == 0;
}

/* Whether a column before the outputs is called so: the id or an input, or the class. */
static bool is_taken(const struct bp_schema *schema, const char *prefix, const char *name,
                     const char *number)
{
    const char *id = schema->reading.id;
    const size_t others =
        schema->task == BP_TASK_CLASSIFY ? schema->input_columns + 1 : schema->input_columns;
    if (id && is_joined(id, prefix, name, number))
        return true;
    for (size_t k = id ? schema->input_columns : 0; k < others; k++) {
        if (is_joined(schema->column[k].name, prefix, name, number))
            return true;
    }
    return false;
}

void bp_sql_put_output(const struct bp_sql_query *query, const char *prefix, const char *name)
{
    char number[24] = "";
    for (size_t k = 1; is_taken(query->exported->schema, prefix, name, number); k++)
        snprintf(number, sizeof number, "%zu", k);
    put_joined(query->text, prefix, name, number);
}
