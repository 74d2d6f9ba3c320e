# Completion for bash. What there is to complete is read from the help of the command itself: its
# subcommands, and of a subcommand the options with the values that they take.
# shellcheck shell=bash disable=SC2207 # what is split into words has no blanks

# Prints the help of a subcommand, or of the command where $2 is empty. $1: how the command was called.
_batchprop_help() {
    local command=$1
    type -P -- "$command" >/dev/null || command=batchprop
    "$command" ${2:+"$2"} --help 2>/dev/null
}

_batchprop_commands() {
    _batchprop_help "$1" '' | awk '
        /^[^ ]/ { listed = $0 == "Commands:" }
        listed && /^  [a-z]/ { print $1 }'
}

# A line for each option: its name, what the help calls its value, and the values that it may have.
#     --loss NAME mse mae huber
_batchprop_options() {
    _batchprop_help "$1" "$2" | awk '
        function finish(   values) {
            if (option == "") return
            if (match(help, / \(default: .*\)$/)) help = substr(help, 1, RSTART - 1)
            if (match(help, /: [a-z0-9-]+(, [a-z0-9-]+)+$/)) {
                values = substr(help, RSTART + 2)
                gsub(/,/, "", values)
            } else if (value ~ /^[a-z]+(\|[a-z]+)+$/) {
                values = value
                gsub(/\|/, " ", values)
            }
            print option, value == "" ? "-" : value, values
            option = ""
        }
        # A line that goes on, which may begin with the name of an option, too.
        /^          / && option != "" { sub(/^ +/, ""); help = help (help == "" ? "" : " ") $0; next }
        /^  +(-[a-z], )?--[a-z]/ {
            finish()
            sub(/^ +(-[a-z], )?/, "")
            option = value = $1
            sub(/=.*/, "", option)
            if (!sub(/^[^=]*=/, "", value)) value = ""
            sub(/^[^ ]+ */, "")
            help = $0
            next
        }
        { finish() }
        END { finish() }'
}

_batchprop_files() {
    local IFS=$'\n' # names of files may have blanks
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen "$1" -- "$2"))
}

# Values of an option, of which $1 is the line and $2 what has been typed.
_batchprop_values() {
    local option kind values before=''
    read -r option kind values <<<"$1"
    [[ $kind == NAMES && $2 == *,* ]] && before=${2%,*},
    if [[ $values ]]; then
        COMPREPLY=($(compgen -P "$before" -W "$values" -- "${2#"$before"}"))
    elif [[ $kind == DIR || $kind == FOLDER ]]; then
        _batchprop_files -d "$2"
    elif [[ $kind == FILE* || $kind == MODEL ]]; then
        _batchprop_files -f "$2"
    fi
}

_batchprop() {
    local IFS=$' \t\n' command=${COMP_WORDS[0]} subcommand=${COMP_WORDS[1]} option=''
    local current=${COMP_WORDS[COMP_CWORD]} line
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "$(_batchprop_commands "$command") --help --version" -- "$current"))
        return
    fi
    # "--loss=m" is three words where = separates words, and one where it does not.
    if [[ $current == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD - 1]} current=''
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --* ]]; then
        option=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    local options
    options=$(_batchprop_options "$command" "$subcommand")
    line=$(awk -v name="$option" '$1 == name && $2 != "-"' <<<"$options")
    if [[ $option && $line ]]; then
        _batchprop_values "$line" "$current"
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(awk '{ print $1 }' <<<"$options")" -- "$current"))
    else
        _batchprop_files -f "$current"
    fi
}

complete -F _batchprop batchprop
