/* Parsing and writing of numbers. The command never calls setlocale(), so that the locale is "C".
 */
#include "cli/terminal/numbers.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool number_parse_whole(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    unsigned long long parsed = strtoull(text, NULL, 10);
    if (errno != 0 || parsed < low || parsed > high)
        return false;
    *value = parsed;
    return true;
}

bool number_parse_real(const char *text, double low, double high, double *value)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    char *end = NULL;
    double parsed = strtod(text, &end);
    if (*end != '\0' || !(parsed > low && parsed < high))
        return false;
    *value = parsed;
    return true;
}

char *number_group(double value, char *text)
{
    char digits[NUMBER_TEXT_SIZE];
    /* Above this the grouped digits would not fit, and are too many to read. */
    if (!(fabs(value) < 1e15)) {
        snprintf(text, NUMBER_TEXT_SIZE, "%g", value);
        return text;
    }
    size_t count = (size_t)snprintf(digits, sizeof digits, "%.0f", value);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        bool after_digit = i > 0 && digits[i - 1] != '-';
        if (after_digit && (count - i) % 3 == 0)
            text[length++] = ',';
        text[length++] = digits[i];
    }
    text[length] = '\0';
    return text;
}

char *number_duration(double seconds, char *text)
{
    if (!(seconds < 1e9)) {
        snprintf(text, NUMBER_TEXT_SIZE, "?");
    } else if (seconds < 1) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.3f s", seconds);
    } else if (seconds < 59.95) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.1f s", seconds);
    } else {
        unsigned long whole = (unsigned long)(seconds + 0.5);
        unsigned long hours = whole / 3600, minutes = whole / 60 % 60;
        if (hours > 0)
            snprintf(text, NUMBER_TEXT_SIZE, "%lu:%02lu:%02lu", hours, minutes, whole % 60);
        else
            snprintf(text, NUMBER_TEXT_SIZE, "%lu:%02lu", minutes, whole % 60);
    }
    return text;
}
