/* A C file that is being written, by the sources c_*.c. */
#ifndef BP_EXPORT_C_FILE_H
#define BP_EXPORT_C_FILE_H

#include <stdint.h>

#include "export/text.h"
#include "export/walk.h"

struct bp_c_file {
    const struct bp_exported *exported;
    struct bp_export_text tables; /* all before the functions */
    struct bp_export_text body;   /* the networks, in predict() */
    uint32_t functions;           /* that the body calls, as in c_functions.h */
    const char *to;               /* the array that the last layer wrote */
    size_t room[2];               /* floats of the arrays "a" and "b" that layers write in turn */
};

/* Into the tables: those of the input columns, and those by which outputs become the answer. */
void bp_c_columns_put(struct bp_c_file *file);
void bp_c_answers_put(struct bp_c_file *file);

/* The functions that make input neurons of columns, and in predict() what calls them. */
void bp_c_takes_put(struct bp_export_text *text, const struct bp_exported *exported);
void bp_c_take_put(struct bp_export_text *text, const struct bp_exported *exported);

/* Strings with commas between them. */
void bp_c_words_put(struct bp_export_text *text, char *const *word, size_t count);

/* The array of rows x columns floats called `letter` of a layer: element (r, c) of it is
 * from[r * row + c * column]. */
struct bp_c_array {
    char letter;
    const float *from;
    size_t rows, columns, row, column;
};
void bp_c_array_put(struct bp_c_file *file, const struct bp_export_layer *layer,
                    const struct bp_c_array *array);

/* Its name: "w0", or "w2_0" of the third of several networks. */
void bp_c_array_name(struct bp_export_text *text, const struct bp_c_file *file, char letter,
                     const struct bp_export_layer *layer);

/* The first line of a file, after which `rest` goes on in the same comment. */
void bp_c_title_put(struct bp_export_text *text, const struct bp_exported *exported,
                    const char *rest);
/* What a program calls, and the header with it, when the networks are known. */
void bp_c_declarations_put(struct bp_export_text *text, const struct bp_c_file *file);
void bp_c_header_put(struct bp_export_text *text, const struct bp_c_file *file);

#endif
