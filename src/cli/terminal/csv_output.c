/* Cells of a CSV file. A failure to write is found by ferror() at the end. */
#include "cli/terminal/csv_output.h"

#include <string.h>

void csv_output_text(FILE *stream, const char *text)
{
    /* Spaces at an end are kept by readers only in quotes; an empty line is no row. */
    size_t length = strlen(text);
    if (length > 0 && !strpbrk(text, ",\"\r\n\t") && text[0] != ' ' && text[length - 1] != ' ') {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

void csv_output_number(FILE *stream, double value, int digits)
{
    fprintf(stream, "%.*g", digits, value);
}
