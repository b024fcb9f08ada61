"""Every command of `shopbot` and of `finetune`, and what nobody should give to them: missing, wrong and binary files,
folders for files, bytes that are no text, numbers without bounds.

    for name, command in commands_of(shopbot, ()): ...
    for arguments in calls(command, Rubbish(folder), data): ...      # one odd value each, beside plain ones
"""

import click

NUL, HALF = "a\0b", "a\udcffb"  # the second is what Python makes of a byte that is no UTF-8
TEXTS = ("", "x" * 100_000, NUL, HALF, "\x1b[31m\u202e{0} %s $(ls)\n", "--", "../../etc/passwd")
NUMBERS = ("", "x", "-1", "-" + "9" * 30, "9" * 30, "1e309", "nan", HALF)
DATES = ("", "x", "9999-99-99", "0001-01-01", "9999-12-31", HALF)
CHOICES = ("", "odd", HALF)


def commands_of(command, words):
    """Each that does something, by its words."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from commands_of(command.get_command(context, name), (*words, name))


class Rubbish:
    """Files that are none of what a command may want."""

    def __init__(self, folder):
        self.empty, self.binary, self.text = folder / "empty", folder / "binary", folder / "text.csv"
        self.inside, self.missing = folder / "inside", folder / "missing"
        self.inside.mkdir()
        self.empty.touch()
        self.binary.write_bytes(bytes(range(256)) * 40)
        self.text.write_text('\0 id,id\n"unclosed,\n' + "x" * 20_000 + "\n", encoding="utf-8")
        self.out = folder / "out"
        # No argument of a process can hold a NUL; `main` refuses it all the same.
        self.no_folders = (str(self.empty), str(self.binary), str(self.empty / "below"), "a" * 5000)
        self.paths = (*self.no_folders, str(self.text), str(self.inside), str(self.missing), "", "ä" * 200)


def calls(command, rubbish, data, left_out=()):
    """Arguments with one odd value each; what else is required is plain, and of no use. `data` is a sound data folder,
    for which no other folder stands in: a new one would be made and stocked.
    """
    for odd in command.params:
        for value in _values(odd, rubbish) if odd.name not in left_out else ():
            options, rest = [], []
            for each in command.params:
                given = _said(each, value) if each is odd else _plain(each, rubbish, data)
                (options if isinstance(each, click.Option) else rest).extend(given)
            yield [*options, *(["--", *rest] if rest else [])]


def _values(parameter, rubbish):
    kind = parameter.type
    if getattr(parameter, "is_flag", False):
        return ()
    if isinstance(kind, click.Path):
        return (*(rubbish.no_folders if parameter.name == "data" else rubbish.paths), HALF)
    if isinstance(kind, click.DateTime):
        return DATES
    if isinstance(kind, click.Choice):
        return CHOICES
    return TEXTS if kind is click.STRING else NUMBERS


def _plain(parameter, rubbish, data):
    kind = parameter.type
    if parameter.name == "data" and not parameter.multiple:
        return _said(parameter, str(data))
    if parameter.name == "nice":  # of this process
        return _said(parameter, "0")
    if not parameter.required:
        return []
    if isinstance(kind, click.Path):
        return _said(
            parameter, str(rubbish.inside if not kind.file_okay else rubbish.empty if kind.exists else rubbish.out)
        )
    if isinstance(kind, click.Choice):
        return _said(parameter, str(kind.choices[0]))
    return _said(parameter, "x" if kind is click.STRING else "1")


def _said(parameter, value):
    return [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]
