/* Numbers for people. The command never calls setlocale(), so that the locale is "C". */
#include "cli/terminal/numbers.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

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
