/* The subcommands. Each gets its own name as argv[0] and returns an exit code. */
#ifndef BP_CLI_COMMANDS_H
#define BP_CLI_COMMANDS_H

int command_train(int argc, char **argv);
int command_eval(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_info(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_check(int argc, char **argv);
int command_gradcheck(int argc, char **argv);
int command_report(int argc, char **argv);
int command_cv(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_bench(int argc, char **argv);

#endif
