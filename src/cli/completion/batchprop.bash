# Completion for bash. What there is to complete is asked of the command itself: `batchprop --complete` and
# `batchprop COMMAND --complete` print a line for each subcommand or option, with four fields separated by tabs.
# shellcheck shell=bash disable=SC2207 # what is split into words has no blanks

# Files, or folders, whose names begin with $2. $1: -f or -d.
_batchprop_files() {
    local IFS=$'\n' # names of files may have blanks
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen "$1" -- "$2"))
}

# Values of an option. $1: what the list calls its value; $2: the words that it may be; $3: what has been typed.
_batchprop_values() {
    local before=''
    [[ $1 == NAMES && $3 == *,* ]] && before=${3%,*},
    if [[ $2 != - ]]; then
        COMPREPLY=($(compgen -P "$before" -W "$2" -- "${3#"$before"}"))
    elif [[ $1 == DIR ]]; then
        _batchprop_files -d "$3"
    elif [[ $1 == FILE* || $1 == MODEL ]]; then
        _batchprop_files -f "$3"
    fi
}

_batchprop() {
    local IFS=$' \t\n' command=${COMP_WORDS[0]} option='' current=${COMP_WORDS[COMP_CWORD]}
    local subcommand='' name kind words names=''
    COMPREPLY=()
    type -P -- "$command" >/dev/null || command=batchprop
    ((COMP_CWORD > 1)) && subcommand=${COMP_WORDS[1]}
    # "--loss=m" is three words where = separates words, and one where it does not.
    if [[ $current == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD - 1]} current=''
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    else
        option=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    while IFS=$'\t' read -r name kind words _; do
        names+=" $name"
        if [[ $subcommand && $name == "$option" && $kind != - ]]; then
            _batchprop_values "$kind" "$words" "$current"
            return
        fi
    done < <("$command" ${subcommand:+"$subcommand"} --complete 2>/dev/null)
    if [[ ! $subcommand || $current == -* ]]; then
        COMPREPLY=($(compgen -W "$names" -- "$current"))
    else
        _batchprop_files -f "$current"
    fi
}

complete -F _batchprop batchprop
