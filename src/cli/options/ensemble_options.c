/* --members, --member-rows and the like, which the library knows, and --out-of-fold. */
#include "cli/options/ensemble_options.h"

#include "cli/terminal/messages.h"

void ensemble_options_init(struct ensemble_options *ensemble)
{
    *ensemble = (struct ensemble_options){.options = bp_ensemble_options_default()};
    option_add_group(ensemble->table, BP_OPTION_OF_ENSEMBLE, "Several networks",
                     &ensemble->options);
    option_add(ensemble->table,
               (struct option){.kind = OPTION_TEXT,
                               .name = "out-of-fold",
                               .value = &ensemble->out_of_fold,
                               .argument = "FILE",
                               .help = "write what is predicted for the rows that networks left "
                                       "out, as predict writes it"});
}

bool ensemble_options_several(const struct ensemble_options *ensemble, size_t kinds)
{
    return kinds > 1 || ensemble->options.members > 0 ||
           ensemble->options.member_rows != BP_MEMBER_ROWS_ALL;
}

int ensemble_options_check_rows(const struct ensemble_options *ensemble, const char *command)
{
    if (!ensemble->out_of_fold || ensemble->options.member_rows != BP_MEMBER_ROWS_ALL)
        return EXIT_DONE;
    return message_usage(command, "--out-of-fold needs rows that networks leave out: give "
                                  "--member-rows folds or bootstrap");
}

int ensemble_options_check(const struct ensemble_options *ensemble, size_t kinds,
                           const char *command)
{
    size_t members;
    bp_error error;
    if (bp_ensemble_count_members(&ensemble->options, kinds, &members, &error) != BP_OK)
        return message_usage(command, "--%s", error.message);
    return ensemble_options_check_rows(ensemble, command);
}
