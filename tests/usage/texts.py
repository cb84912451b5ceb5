"""Texts of skills as people write them, each of other words, and what agents do to a text."""

import json
import random
import re

_TEXT = """
    review invoice check total vendor table column file answer never always before after when customer refund
    order parcel date letter branch commit merge release note change reader summary list step finding error
    warning retry limit budget token model prompt skill folder script python query index search rank result
    figure chart month quarter report close ledger entry account owner policy meeting minute decision
    write read open compare ask explain confirm attach rename delete keep translate shorten measure plan
"""
_WORDS = re.findall(r"\w+", _TEXT)


def a_body(seed: int, paragraphs: int = 12) -> str:
    """Markdown of the usual kinds: headings, lists, code, a table."""
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    parts = [f"# {words(3).title()}", f"{words(24).capitalize()}."]
    for number in range(paragraphs):
        kind = number % 4
        if kind == 0:
            parts.append(f"## {words(2).title()}\n\n{words(40).capitalize()}.")
        elif kind == 1:
            parts.append("\n".join(f"{index}. {words(9)}" for index in range(1, 6)))
        elif kind == 2:
            parts.append(
                f"```python\n{words(1)} = {words(1)}({chance.randrange(99)})\nprint({words(1)})\n```"
            )
        else:
            parts.append(f"| {words(1)} | {words(1)} |\n| --- | --- |\n| `{words(2)}` | <{words(2)}> |")
    return "\n\n".join(parts) + "\n"


def numbered(text: str) -> str:
    return "\n".join(f"{number:6d}→{line}" for number, line in enumerate(text.splitlines(), 1))


def numbered_by_tabs(text: str) -> str:
    return "\n".join(f"{number:>6}\t{line}" for number, line in enumerate(text.splitlines(), 1))


def from_windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def compacted(text: str) -> str:
    """A conversation after its agent made it shorter: its summary, and the skills that were loaded."""
    said = "This session is continued from one that ran out of context. Summary: the invoice was checked."
    return f"{said}\n\nThe following skills were invoked in this session:\n\n### Skill: x\n\n{text}\n\n---\n"


def trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def in_tags(text: str) -> str:
    return f'<skill name="x">\n{text}\n</skill>\n<system-reminder>Stay on the task.</system-reminder>'


def in_json(text: str) -> str:
    return json.dumps({"output": text, "metadata": {"exit_code": 0}})


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def flowing(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def beginning(text: str) -> str:
    return f"{text[: len(text) // 2]}\n[truncated]"


def without_middle(text: str) -> str:
    third = len(text) // 3
    return f"{text[:third]}\n…{third} characters truncated…\n{text[-third:]}"


UNCHANGED = (
    *(str, numbered, numbered_by_tabs, from_windows, compacted),
    *(trimmed, in_tags, in_json, escaped, flowing, quoted),
)
CUT = (beginning, without_middle)


def claude_code(name: str, text: str) -> list[dict]:
    """The messages of Claude Code when its tool Skill loads one: without front matter, below a line."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "Skill", "input": {"skill": name}}
    answer = {"type": "tool_result", "tool_use_id": "toolu_1", "content": f"Launching skill: {name}"}
    body = text.split("---", 2)[2].strip()
    loaded = f"Base directory for this skill: /home/me/.claude/skills/{name}\n\n{body}\n"
    return [
        {"role": "user", "content": [{"type": "text", "text": "Please do it."}]},
        {"role": "assistant", "content": [{"type": "text", "text": "I load it."}, call]},
        {"role": "user", "content": [answer, {"type": "text", "text": loaded}]},
    ]


def anthropic(text: str) -> dict:
    answer = [{"type": "text", "text": text}]
    return {
        "messages": [
            {"role": "user", "content": "Please do it."},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": answer}]},
        ],
        "system": [{"type": "text", "text": "You are an agent."}],
    }


def openai_chat(text: str) -> dict:
    function = {"name": "read_file", "arguments": '{"path": "SKILL.md"}'}
    return {
        "messages": [
            {"role": "system", "content": "You are an agent."},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "function": function}]},
            {"role": "tool", "tool_call_id": "c", "content": text},
        ]
    }


def openai_responses(text: str) -> dict:
    return {
        "instructions": "You are an agent.",
        "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Do it."}]},
            {"type": "function_call", "name": "shell", "arguments": "{}", "call_id": "c"},
            {"type": "function_call_output", "call_id": "c", "output": text},
        ],
    }


def gemini(text: str) -> dict:
    answer = {"functionResponse": {"name": "read_file", "response": {"output": text}}}
    return {
        "systemInstruction": {"parts": [{"text": "You are an agent."}]},
        "contents": [{"role": "user", "parts": [answer]}],
    }


PROTOCOLS = (anthropic, openai_chat, openai_responses, gemini)
