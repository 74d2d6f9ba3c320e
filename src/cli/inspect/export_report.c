/* An exported model in a few lines: its files, and for people what to do with them. */
#include "cli/inspect/export_report.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/fields/fields.h"
#include "cli/terminal/results.h"
#include "cli/terminal/shell_word.h"

static const struct kind {
    bp_export_format format;
    const char *end, *header; /* of the paths; `header` NULL: one file */
    const char *next, *rest;  /* what to do, before and after the path; or NULL */
} kinds[] = {
    {BP_EXPORT_ONNX, ".onnx", NULL, NULL, NULL},
    {BP_EXPORT_C, ".c", ".h", "cc -O3 -march=native -DSELF_TEST ",
     " -lm && ./a.out    # are the bits the same here?"},
    {BP_EXPORT_PYTHON, ".py", NULL, NULL, NULL},
    {BP_EXPORT_SQL, ".sql", NULL, "sqlite3 YOUR.db < ", ""},
    {BP_EXPORT_JAVASCRIPT, ".js", NULL, NULL, NULL},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), tail = strlen(end);
    return length > tail && strcmp(path + length - tail, end) == 0;
}

static const struct kind *find_kind(const char *path, bp_export_format format)
{
    for (size_t k = 0; k < KINDS; k++) {
        if (kinds[k].format == format || (format == BP_EXPORT_AUTO && ends_in(path, kinds[k].end)))
            return &kinds[k];
    }
    return NULL;
}

/* A file that can be asked for its size. */
static void put_file(struct fields *out, const char *path, const char *key, const char *title)
{
    char bytes[32];
    struct stat status;
    snprintf(bytes, sizeof bytes, "%s_bytes", key);
    fields_text(out, key, NULL, path);
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        fields_line(out, title, "%s, %lld bytes", path, (long long)status.st_size);
        fields_whole(out, bytes, NULL, (uint64_t)status.st_size);
    } else {
        fields_line(out, title, "%s", path);
        fields_null(out, bytes);
    }
}

static void put_header(struct fields *out, const char *path, const struct kind *kind)
{
    char header[PATH_MAX];
    const size_t stem = strlen(path) - strlen(kind->end);
    if (stem + strlen(kind->header) >= sizeof header)
        return;
    memcpy(header, path, stem);
    memcpy(header + stem, kind->header, strlen(kind->header) + 1);
    put_file(out, header, "header", "header");
}

static void print_next(const char *path, const struct kind *kind)
{
    fprintf(results(), "\nNext:\n  %s", kind->next);
    shell_path_put(results(), path);
    fprintf(results(), "%s\n", kind->rest);
}

int export_report_print(const bp_model *model, const char *path, bp_export_format format, bool json)
{
    const struct kind *kind = find_kind(path, format);
    const bool named = kind && ends_in(path, kind->end);
    struct fields out = fields_begin(json, 16);
    if (kind)
        fields_choice(&out, "format", "format", BP_CHOICE_EXPORT_FORMAT, (int)kind->format);
    put_file(&out, path, "file", "file");
    if (named && kind->header)
        put_header(&out, path, kind);
    fields_text(&out, "weights_digest", "weights digest", bp_model_get_info(model).weights_digest);
    const int code = fields_end(&out);
    if (code == EXIT_DONE && !json && named && kind->next)
        print_next(path, kind);
    return code;
}
