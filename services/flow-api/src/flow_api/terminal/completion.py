"""A bash completion script made from the parser itself, so that it cannot go stale."""

from __future__ import annotations

import argparse

SCRIPT = """_callflow() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" command="${{COMP_WORDS[1]}}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{commands}" -- "$current"))
    return
  fi
  case "$command" in
{cases}
  esac
}}
complete -o default -F _callflow callflow"""


def bash(parser: argparse.ArgumentParser) -> str:
    sub = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    cases = []
    for name, command in sub.choices.items():
        options = " ".join(option for action in command._actions for option in action.option_strings if option.startswith("--"))
        cases.append(f'    {name}) COMPREPLY=($(compgen -W "{options}" -- "$current")) ;;')
    return SCRIPT.format(commands=" ".join(sub.choices), cases="\n".join(cases))
