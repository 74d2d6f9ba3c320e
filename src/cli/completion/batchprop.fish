# Completion for fish. What there is to complete is asked of the command itself: `batchprop --complete` and
# `batchprop COMMAND --complete` print a line for each subcommand or option, with four fields separated by tabs.

# Values of an option, each after what has been typed before it. $argv: what the list calls the value, the words
# that it may be, what has been typed of it, and what stands before that in the word.
function __batchprop_values
    set -l before $argv[4]
    if test "$argv[1]" = NAMES; and string match -q '*,*' -- $argv[3]
        set before $before(string replace -r '[^,]*$' '' -- $argv[3])
    end
    if test "$argv[2]" != -
        printf '%s\n' $before(string split ' ' -- $argv[2])
    else if test "$argv[1]" = DIR
        printf '%s\n' $argv[4](__fish_complete_directories "$argv[3]")
    else if string match -qr '^(FILE|MODEL)' -- $argv[1]
        printf '%s\n' $argv[4](__fish_complete_path "$argv[3]")
    end
end

function __batchprop_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l command $before[1]
    command -q -- $command; or set command batchprop
    set -l lines ($command $before[2] --complete 2>/dev/null)
    set -l option $before[-1]
    set -l typed $current
    set -l stands ''
    if string match -q -- '--*=*' $current
        set option (string replace -r '=.*' '' -- $current)
        set typed (string replace -r '^[^=]*=' '' -- $current)
        set stands $option=
    end
    if set -q before[2]
        for line in $lines
            set -l field (string split \t -- $line)
            if test "$field[1]" = "$option"; and test "$field[2]" != -
                __batchprop_values $field[2] $field[3] "$typed" "$stands"
                return
            end
        end
    end
    if not set -q before[2]; or string match -q -- '-*' $current
        string replace -r '\t.*\t' '\t' -- $lines
    else
        __fish_complete_path "$current"
    end
end

complete -c batchprop -f -a '(__batchprop_complete)'
