#!/usr/bin/env python3
"""library_pages.py FOLDER HEADER...: writes the manual pages of the library into FOLDER, section 3, from the comments
of its headers: batchprop(3), and a page for each declaration, or for several that share a comment, with links from
their other names. What is written is what the headers say; nothing is told here."""

import datetime
import os
import re
import sys
import textwrap

SUMMARY_MAX = 90  # characters


class Item:
    """A comment and the declarations below it."""

    def __init__(self, section, comment, code, include):
        self.section, self.comment, self.code, self.include = section, comment, code, include

    def names(self):
        """Functions and types, in the order of the header."""
        found = []
        for match in re.finditer(r"^BP_API [^(]*?\b(bp_\w+)\(|^static inline [\w ]*\b(bp_\w+)\(|^typedef \w+ (bp_\w+)[ ;]"
                                 r"|^typedef [^;{(]*?\b(bp_\w+)\(", self.code, re.M):
            name = next(group for group in match.groups() if group)
            if name not in found:
                found.append(name)
        return found


def comment_text(lines):
    """The text of a comment, without its signs; indented lines keep their indentation."""
    text = "\n".join(lines).strip()
    text = re.sub(r"^/\*+ ?|\s*\*+/$", "", text)
    return re.sub(r"^ \*(?: |$)", "", text, flags=re.M).strip("\n")


def read_blocks(text):
    """Pieces of a header between empty lines, but not those in braces."""
    block, depth = [], 0
    for line in text.split("\n") + [""]:
        if line or depth:
            block.append(line)
            depth += line.count("{") - line.count("}")
        elif block:
            yield block
            block = []


def split_comment(block):
    """The lines of the comment that the block begins with, and the others."""
    if not block[0].startswith("/*"):
        return [], block
    end = next(k for k, line in enumerate(block) if line.rstrip().endswith("*/")) + 1
    return block[:end], block[end:]


def continues(comment, code):
    """Whether a block goes on with what the one above it is about."""
    if comment:
        return comment.startswith("The same")
    return "typedef " not in code


def read_header(path):
    """The text at its top, and its items; a comment without a declaration is an item without code."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    top = comment_text(text[:text.index("*/") + 2].split("\n"))
    include = "#include <batchprop/" + os.path.basename(path) + ">"
    body = text.partition('extern "C" {\n#endif\n')[2].rpartition("#ifdef __cplusplus")[0]
    items, section, defines = [], os.path.basename(path), ""
    for block in read_blocks(body):
        title = re.match(r"/\* ---- (.*?) -+ \*/", block[0])
        if title:
            section = title.group(1)
            continue
        lines, rest = split_comment(block)
        comment, code = comment_text(lines) if lines else "", "\n".join(rest)
        item = Item(section, comment, code, include)
        if code and not item.names():  # constants belong to what follows
            defines += "\n".join(block) + "\n\n" if code.startswith("#define BP_") and "BP_API" not in code else ""
        elif items and items[-1].section == section and continues(comment, code):
            items[-1].comment += ("\n\n" if comment else "") + comment
            items[-1].code += "\n\n" + code
        else:
            item.code, defines = defines + code, ""
            items.append(item)
    return top, items


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha")
    text = text.replace("~", "\\(ti").replace('"', "\\(dq")
    return re.sub(r"^([.])", r"\\&\1", text, flags=re.M)


def prose(text):
    """Paragraphs and, where lines are indented, tables as they are."""
    out = []
    for paragraph in re.split(r"\n\s*\n", text):
        for indented, lines in group(paragraph.split("\n"), lambda line: line.startswith(" ")):
            if indented:
                out += [".PP", ".RS 4", ".nf", *map(escape, textwrap.dedent("\n".join(lines)).split("\n")), ".fi", ".RE"]
            else:
                flowing = escape(" ".join(lines))
                flowing = re.sub(r"\b((?:bp|BP)_\w+(?:\(\))?)", r"\\fB\1\\fR", flowing)
                flowing = re.sub(r"\\\(ga(.*?)\\\(ga", r"\\fI\1\\fR", flowing)
                out += [".PP", *textwrap.wrap(flowing, 100, break_long_words=False, break_on_hyphens=False)]
    return re.sub(r"^([.'](?!PP|RS|RE|nf|fi))", r"\\&\1", "\n".join(out), flags=re.M)


def group(lines, key):
    groups = []
    for line in lines:
        if groups and groups[-1][0] == key(line):
            groups[-1][1].append(line)
        else:
            groups.append((key(line), [line]))
    return groups


def summary(item):
    """A phrase for the section NAME."""
    if not item.comment:
        noun = item.names()[0].removeprefix("bp_").replace("_", " ")
        kind = "" if noun.endswith("options") else f", {re.search('typedef (enum|struct)', item.code).group(1)}"
        return noun + kind
    comment = item.comment.removeprefix("Collective: ").replace("`", "")
    words = re.split(r"(?<!\.)\.(?:\s|$)|[:;](?:\s|$)|\n\n", comment, maxsplit=1)[0]
    words = " ".join(words.split())
    if len(words) > SUMMARY_MAX:
        words = words[:SUMMARY_MAX].rsplit(" ", 1)[0].rstrip(",") + " ..."
    return words[0].lower() + words[1:] if words[1:2].islower() or words.startswith("A ") else words


def related(item, known):
    """Pages of names that the item mentions, each once."""
    own = item.names()
    pages = [known[name] for name in re.findall(r"\bbp_\w+", item.code + "\n" + item.comment) if name in known]
    return sorted(set(pages) - {known[own[0]]})


def heading(name, version):
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    when = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc) if seconds else datetime.date.today()
    return f'.TH "{name}" "3" "{when:%Y-%m-%d}" "batchprop {version}" "Library Functions Manual"'


def item_page(item, known, version):
    description, *errors = re.split(r"\bErrors?: ", item.comment)
    if len(errors) != 1 or "\n\n" in errors[0]:  # those of several functions stay with each
        description, errors = item.comment, []
    code = re.sub(r"^BP_API (.*(?:\n {7,}.*)*)", lambda found: found.group(1).replace("\n       ", "\n"), item.code,
                  flags=re.M)
    out = [heading(item.names()[0], version), ".SH NAME",
           escape(", ".join(item.names())).replace("\\-", "-") + " \\- " + escape(summary(item)),
           ".SH SYNOPSIS", ".nf", escape(item.include), ".PP", *map(escape, code.split("\n")), ".fi"]
    if description.strip():
        out += [".SH DESCRIPTION", prose(description.strip()).removeprefix(".PP\n")]
    if errors:
        whole = re.sub(r"\b(ARGUMENT|INPUT|IO|NOT_FINITE|MEMORY|THREADS|RANKS)\b", r"BP_ERROR_\1", errors[0].strip())
        out += [".SH ERRORS", prose(whole.replace("STOPPED", "BP_STOPPED")).removeprefix(".PP\n")]
    others = [f".BR {name} (3)" for name in [*related(item, known), "batchprop"]]
    return "\n".join([*out, ".SH SEE ALSO", *(line + " ," for line in others[:-1]), others[-1]]) + "\n"


def overview(top, items, version):
    """batchprop(3): what stands at the top of the header, and all functions and types."""
    first, *rest = re.split(r"\n(?=\S.*\n {2})", top)
    name, _, words = first.partition(": ")
    out = [heading(name, version), ".SH NAME", f"{name} \\- {escape(' '.join(words.split())).rstrip('.')}",
           ".SH SYNOPSIS", ".nf", escape(items[0].include), ".fi"]
    for part in rest:
        title, _, table = part.partition("\n")
        out += [f".SH {title.upper()}", ".nf", *map(escape, textwrap.dedent(table).split("\n")), ".fi"]
    out.append(".SH FUNCTIONS AND TYPES")
    section = items[0].section
    for item in items:
        if item.section != section:
            section = item.section
            out.append(f".SS {escape(section if section.endswith('.h') else section.capitalize())}")
        if not item.code:
            out.append(prose(item.comment).removeprefix(".PP\n"))
            continue
        out += [".TP", ".B " + escape(", ".join(item.names())).replace("\\-", "-"), escape(summary(item))]
    return "\n".join([*out, ".SH SEE ALSO", ".BR batchprop (1)"]) + "\n"


def write_folder(folder, pages, links):
    os.makedirs(folder, exist_ok=True)
    for name, text in pages.items():
        with open(os.path.join(folder, name + ".3"), "w", encoding="utf-8") as file:
            file.write(text)
    for name, page in links.items():
        path = os.path.join(folder, name + ".3")
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(page + ".3", path)


def main():
    folder, headers = os.environ.get("DESTDIR", "") + sys.argv[1], sys.argv[2:]
    parts = [read_header(path) for path in headers]
    items = [item for _, found in parts for item in found]
    with open(headers[0], encoding="utf-8") as file:
        version = re.search(r'#define BP_VERSION "(.*)"', file.read()).group(1)
    known = {name: item.names()[0] for item in items if item.code for name in item.names()}
    pages = {"batchprop": overview(parts[0][0], items, version)}
    links = {}
    for item in items:
        if not item.code:
            continue
        page, *others = item.names()
        pages[page] = item_page(item, known, version)
        links.update((name, page) for name in others if name != page)
    write_folder(folder, pages, links)


if __name__ == "__main__":
    main()
