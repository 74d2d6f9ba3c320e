/* The public header as C++11, linked against the C library. */
#include <batchprop/batchprop.h>

#include <cstring>

int main()
{
    bp_error error = {BP_OK, ""};
    bp_train_options options = bp_train_options_default();

    bp_trainer_free(nullptr);
    bp_model_free(nullptr);
    bp_dataset_free(nullptr);
    return std::strcmp(bp_version(), BP_VERSION) != 0 || options.schedule_epochs == 0 ||
           error.status != BP_OK;
}
