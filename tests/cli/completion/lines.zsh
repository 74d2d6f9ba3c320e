# lines.zsh SCRIPT COMMAND <LINES: what the completion offers for each line, a line each, sorted, between bars.
# With DESCRIBED they are as zsh shows them, with descriptions. The line editor works on a terminal alone, which zpty is.
emulate zsh
zmodload zsh/zpty
folder=$(mktemp -d)
cp $1 $folder/_batchprop
cat >$folder/lines
: >$folder/offered

cat >$folder/inner <<INNER
path=(${2:h:q} \$path) fpath=(${folder:q} \$fpath)
folder=${folder:q} described=${DESCRIBED:+yes}
INNER
cat >>$folder/inner <<'INNER'
autoload -Uz compinit
compinit -D -u
PROMPT= RPROMPT=
LISTMAX=100000
zstyle ':completion:*' verbose yes
offered=()

# What is added to the list, as the builtin finds it, is kept.
compadd() {
    local -a found displays
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    [[ -n $described && -n ${@[(r)-d]} ]] && displays=("${(@P)${@[$((${@[(i)-d]} + 1))]}}")
    builtin compadd -A found -D displays "$@"
    for ((index = 1; index <= $#found; index++)); do
        offered+=("${displays[index]:-${(Q)${IPREFIX#--*=}}${(Q)found[index]}}")
    done
    builtin compadd "$@"
}

zle-line-init() {
    local line
    while IFS= read -r line; do
        offered=()
        BUFFER="batchprop $line" CURSOR=100000
        zle list-choices
        print -r -- "|${(j:|:)${(@uo)offered}}|"
    done <$folder/lines >$folder/offered
    BUFFER=exit
    zle accept-line
}
zle -N zle-line-init
INNER

zpty inner "HOME=${folder:q} ZDOTDIR=${folder:q} TERM=dumb LC_ALL=C zsh -f -i"
zpty -w inner "source ${folder:q}/inner"
while zpty -r inner seen; do
    log+=$seen
done
cat $folder/offered
[[ -s $folder/offered ]] || print -r -- $log >&2
rm -rf $folder
