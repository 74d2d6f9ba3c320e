/* What is written reaches the disk, and stays there if the machine loses power. */
#ifndef BP_BASE_SYNCHRONIZE_H
#define BP_BASE_SYNCHRONIZE_H

#include <stdbool.h>

/* The content of an open file. False with errno set if that failed: the content may be lost. */
bool bp_synchronize(int descriptor);

/* The names in a folder. True also where the folder cannot be opened for reading, or its file
 * system cannot synchronize folders: then there is nothing to do. Else false with errno set. */
bool bp_synchronize_folder(const char *folder);

#endif
