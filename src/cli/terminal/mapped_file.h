/*
 * Files that the library may have mapped into memory (batchprop.h says which): where one becomes
 * shorter, its last pages are gone, and who looks at them gets SIGBUS.
 */
#ifndef BP_CLI_TERMINAL_MAPPED_FILE_H
#define BP_CLI_TERMINAL_MAPPED_FILE_H

/* Called before a file (its path is kept) is read. If it is shorter later and SIGBUS comes, the
 * process ends with EXIT_IO after a message that names it. */
void mapped_file_watch(const char *path);

#endif
