"""What a cell shows and how it ends; its outputs are kept within a number of bytes."""

import json
from dataclasses import dataclass
from typing import Any, Literal

Output = dict[str, Any]  # one nbformat 4 output: stream, display_data, error …
Fate = Literal["ok", "error", "timed_out", "memory", "crashed"]

_CUT = "\n… output cut by the grader"


@dataclass(frozen=True)
class Ran:
    """What became of a cell: its fate, its outputs and its error, if any."""

    fate: Fate
    outputs: tuple[Output, ...] = ()
    error: str = ""


def error_text(output: Output) -> str:
    """An error as the last line of its traceback has it."""
    name, text = output["ename"], output["evalue"]
    return f"{name}: {text}" if text else str(name)


class Outputs:
    """Collects outputs as Jupyter would show them.

    Parameters
    ----------
    max_bytes : size of their JSON at which the rest is dropped.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._size = 0
        self._outputs: list[Output] = []
        self._displays: dict[str, Output] = {}
        self._clear_first = False

    def add(
        self, output: Output, display: str | None = None, update: bool = False
    ) -> None:
        """Add one output, or replace the display that it updates."""
        if self._clear_first:
            self.clear(wait=False)
        output.pop("transient", None)
        if update:
            self._update(output, display)
        elif self._size <= self._max:
            self._append(output)
            if display is not None:
                self._displays[display] = self._outputs[-1]

    def clear(self, wait: bool) -> None:
        """Forget what was shown, at once or when the next output comes."""
        self._clear_first = wait
        if not wait:
            self._outputs, self._displays, self._size = [], {}, 0

    def cells(self) -> list[Output]:
        """Return the outputs as nbformat writes them."""
        return self._outputs

    def _append(self, output: Output) -> None:
        size = len(json.dumps(output, default=str))
        last = self._outputs[-1] if self._outputs else {}
        if self._size + size > self._max:
            self._size = self._max + 1
            output = _cut(output, self._max)
        else:
            self._size += size
        if _is_stream(output) and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            self._outputs.append(output)

    def _update(self, output: Output, display: str | None) -> None:
        shown = self._displays.get(str(display))
        size = len(json.dumps(output, default=str))
        if shown is not None and self._size + size <= self._max:
            self._size += size - len(json.dumps(shown, default=str))
            shown["data"] = output.get("data", {})
            shown["metadata"] = output.get("metadata", {})


def _is_stream(output: Output) -> bool:
    return output.get("output_type") == "stream"


def _cut(output: Output, size: int) -> Output:
    if _is_stream(output):
        return {**output, "text": str(output["text"])[: size // 4] + _CUT}
    if output.get("output_type") == "error":
        lines = [str(output.get("evalue"))[:1000]]
        return {**output, "evalue": lines[0], "traceback": lines}
    return {"output_type": "stream", "name": "stderr", "text": _CUT.lstrip()}
