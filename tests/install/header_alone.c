/* The public header as strict C17, with nothing included before it and no feature macros. */
#include <batchprop/batchprop.h>

#include <string.h>

int main(void)
{
    bp_error error = {BP_OK, ""};
    bp_train_options options = bp_train_options_default();

    bp_trainer_free(NULL);
    bp_model_free(NULL);
    bp_dataset_free(NULL);
    return strcmp(bp_version(), BP_VERSION) != 0 || options.schedule_epochs == 0 ||
           error.status != BP_OK;
}
