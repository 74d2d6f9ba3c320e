/* A model and the data that it is tried on: what eval, predict and gradcheck begin with. */
#ifndef BP_CLI_INSPECT_MODEL_DATA_H
#define BP_CLI_INSPECT_MODEL_DATA_H

#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/run_options.h"

struct model_data {
    struct data_options reading;
    struct run_options run;
    struct arguments *arguments; /* MODEL DATA... */
    bp_model *model;
    bp_dataset *data;
    bool times;       /* --times */
    double phase;     /* when the current phase began */
    char seconds[80]; /* of the phases so far: "read 0.612, predict 0.101" */
};

/* Its option. */
struct option model_data_times_option(struct model_data *tried);

/* Parses the command line that `help` describes: `own` options under `heading`, then those of
 * reading and running. Returns ARGUMENTS_GO_ON, after which model_data_release() is due, or an exit
 * code. */
int model_data_parse(struct model_data *tried, const struct command_help *help, const char *heading,
                     struct option *own, int argc, char **argv);

/* Loads the model, and reads the data as it says. Returns an exit code. */
int model_data_load(struct model_data *tried);

/* A note on stderr that `rows` of the data, if any, have categories that the model does not know,
 * and what they count as. Returns an exit code. */
int model_data_note_unknown(const struct model_data *tried, size_t rows);

/* The phase `name` ends and the next one begins; loading is "read". */
void model_data_end_phase(struct model_data *tried, const char *name);

/* A note on stderr of how long each phase took, if it is asked for. */
void model_data_note_times(const struct model_data *tried);

void model_data_release(struct model_data *tried);

#endif
