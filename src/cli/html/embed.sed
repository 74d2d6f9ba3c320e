# From a style sheet to strings of C, one a line, without indents, empty lines and comments.
s/^ *//
/^$/d
/^\/\*.*\*\/$/d
s/[\\"]/\\&/g
s/.*/"&\\n",/
