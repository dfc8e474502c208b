from __future__ import annotations

import pytest
from ivr_sim.script import BadScript, load, loads, names, phrases


@pytest.mark.parametrize("name", names())
def test_shipped_scripts_hold_together(name: str) -> None:
    assert list(phrases(load(name)))


def test_a_dangling_name_is_refused() -> None:
    text = 'name = "A"\nnumber = "1"\nstart = "a"\n[nodes.a]\nkind = "say"\nsay = ["hi"]\nnext = "b"\n'
    with pytest.raises(BadScript, match="a leads to 'b'"):
        loads(text)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(BadScript, match="colour"):
        loads('name = "A"\nnumber = "1"\nstart = ""\ncolour = "red"\n[nodes]\n')


def test_an_unknown_script_names_those_there_are() -> None:
    with pytest.raises(BadScript, match="chase_bank"):
        load("no_such_company")
