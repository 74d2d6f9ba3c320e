/* Signs that stand for something in a file. */
#ifndef BP_BASE_SIGNS_H
#define BP_BASE_SIGNS_H

/* What may separate the fields of CSV; a blank stands for runs of blanks. */
#define BP_SEPARATORS ",;\t |:!#$%&'*/<=>?@\\^_`~"

#endif
