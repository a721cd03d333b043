"""``rechenweg work`` and ``rechenweg shapes``: any network in a user's file."""

from __future__ import annotations

import json
from typing import Any

from rechenweg.errors import InputError, ReadingError
from rechenweg.nn import Network
from rechenweg.numbers.reading import read_matrix, read_number, read_shape, read_vector
from rechenweg.text import Language
from rechenweg.working.document import Document
from rechenweg.working.loading import SECONDS, load_network, time_limit
from rechenweg.working.run import as_exact, work
from rechenweg.working.shapes import ShapeTable, shapes
from rechenweg.working.writers import FORMS, page, write


def worked_out(
    reference: str,
    inputs: list[str],
    target: str | None,
    given: list[str],
    form: str,
    values: bool,
    decimals: bool,
    language: Language,
) -> str:
    """The worked-out run of a network, in one of the forms."""
    network = load_network(reference, SECONDS)
    with time_limit(SECONDS, reference):
        put_in = {}
        for item in given:
            name, equals, value = item.partition("=")
            if not equals:
                raise InputError("--given", "NAME=VALUE, e.g. dL/dm=2,1", item)
            put_in[name.strip()] = read_array(value, f"--given {name}")
        x = _inputs(network, inputs)
        wanted = None if target is None else read_array(target, "--target")
        try:
            run = work(network, x, wanted, given=put_in)
        except RecursionError as error:
            raise InputError(reference, "a network of ordinary depth", "one nested too deeply") from error
        document = run.document(values=values, decimals=decimals)
        return _in_form(document, form, language, reference)


def shape_table(reference: str, inputs: list[str], form: str, language: Language) -> str:
    """The shape table of a network, in one of the forms or as JSON."""
    network = load_network(reference, SECONDS)
    with time_limit(SECONDS, reference):
        given = []
        for text in inputs:
            try:
                given.append(read_shape(text))
            except ReadingError as error:
                raise InputError("--input", "a shape such as 10,3,32,32", f"{text[:60]} ({error})") from error
        if len(given) != len(network.inputs):
            raise InputError(
                "--input", f"{len(network.inputs)} shapes, for {', '.join(network.inputs)}", str(len(given))
            )
        table = shapes(network, *given)
        if form == "json":
            return json.dumps(as_data(table, language), ensure_ascii=False, indent=2)
        return _in_form(table.document(), form, language, reference)


def as_data(table: ShapeTable, language: Language) -> dict[str, Any]:
    """A shape table as data: each quantity's shape, parameters and receptive field, and the sums."""
    rows = [
        {
            "quantity": row.name,
            "layer": None if row.layer is None else row.layer.title.in_(language),
            "inputs": list(row.inputs),
            "output_shape": list(row.output_shape),
            "weights": {name: list(shape) for name, shape in row.weight_shapes},
            "parameters": row.parameters,
            "receptive_field": None if row.receptive_field is None else list(row.receptive_field),
            "multiply_adds": row.multiply_adds,
        }
        for row in table
    ]
    return {"rows": rows, "parameters": table.parameters, "multiply_adds": table.multiply_adds}


def _in_form(document: Document, form: str, language: Language, title: str) -> str:
    for known in FORMS:
        if form == known:
            return write(document, known, language) if known == "text" else page(document, known, language, title)
    raise InputError("--as", f"one of {', '.join(FORMS)}", form)


def _inputs(network: Network, inputs: list[str]) -> dict[str, Any]:
    if len(inputs) != len(network.inputs):
        raise InputError("--x", f"a value for each input ({', '.join(network.inputs)})", f"{len(inputs)} values")
    found: dict[str, Any] = {}
    for i, text in enumerate(inputs):
        name, equals, value = text.partition("=")
        if not equals:
            name, value = network.inputs[i], text
        if name not in network.inputs:
            raise InputError("--x", f"inputs {', '.join(network.inputs)}", name)
        found[name] = read_array(value, f"--x {name}")
    return found


def read_array(text: str, where: str) -> Any:
    """A number, a vector ``2,3,1`` or a nested list ``[[1,2],[3,4]]``, taken exactly."""
    text = text.strip()
    try:
        if text.startswith("[["):
            nested = json.loads(text, parse_float=str)
            return as_exact(nested)
        if ";" in text and not text.startswith("["):
            return read_matrix(text)
        if "," in text or text.startswith("["):
            return read_vector([part for part in text.strip("[]() ").split(",")])
        return as_exact(read_number(text))
    except (ReadingError, ValueError, TypeError) as error:
        message = " ".join(str(error).split())
        raise InputError(where, "numbers such as 2,3,1 or [[1,2],[3,4]]", f"{text[:60]} ({message})") from error
