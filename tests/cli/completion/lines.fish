# lines.fish SCRIPT COMMAND <LINES: what the completion offers for each line, a line each, sorted, between bars.
# With DESCRIBED each has its description, after two dashes.
set -l script $argv[1]
set -x PATH (dirname $argv[2]) $PATH
source $script
while read -l line
    set -l offered (complete -C"batchprop $line")
    if set -q DESCRIBED
        string replace \t '  -- ' -- $offered
    else
        # The whole word is offered, and / ends a folder.
        string replace -r '\t.*' '' -- $offered | string replace -r '^--[a-z-]*=' '' | string replace -r '/$' ''
    end | env LC_ALL=C sort | awk '{ all = all "|" $0 } END { print all (NR ? "" : "|") "|" }'
end
