# From a style sheet or a script to strings of C, one a line, without empty lines and comments that are lines.
/^ *$/d
/^\/\*.*\*\/$/d
s/[\\"]/\\&/g
s/.*/"&\\n",/
