/* The pairs of functions of the library as one. */
#include "cli/options/field.h"

#include <string.h>

void field_get(bp_option_owner owner, const void *options, const char *name, char *text,
               size_t size)
{
    bp_status status = BP_ERROR_ARGUMENT;
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        status = bp_model_options_get(options, name, text, size, NULL);
        break;
    case BP_OPTION_OF_TRAINING:
        status = bp_train_options_get(options, name, text, size, NULL);
        break;
    case BP_OPTION_OF_READING:
        status = bp_read_options_get(options, name, text, size, NULL);
        break;
    case BP_OPTION_OF_RUNNING:
        status = bp_run_options_get(options, name, text, size, NULL);
        break;
    case BP_OPTION_OF_ENSEMBLE:
        status = bp_ensemble_options_get(options, name, text, size, NULL);
        break;
    }
    if (status)
        text[0] = '\0';
}

bool field_set(bp_option_owner owner, void *options, const char *name, const char *text,
               bp_error *error)
{
    bp_status status = BP_ERROR_ARGUMENT;
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        status = bp_model_options_set(options, name, text, error);
        break;
    case BP_OPTION_OF_TRAINING:
        status = bp_train_options_set(options, name, text, error);
        break;
    case BP_OPTION_OF_READING:
        status = bp_read_options_set(options, name, text, error);
        break;
    case BP_OPTION_OF_RUNNING:
        status = bp_run_options_set(options, name, text, error);
        break;
    case BP_OPTION_OF_ENSEMBLE:
        status = bp_ensemble_options_set(options, name, text, error);
        break;
    }
    /* Most sentences begin with the name, which a message of the command has already. */
    const size_t length = strlen(name);
    char *message = error->message;
    if (status && strncmp(message, name, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        memmove(message, message + length + 2, strlen(message + length + 2) + 1);
    return status == BP_OK;
}
