"""The page's parser of server-sent events, run by Node.js where there is one."""

import json
import shutil
import subprocess
from importlib.resources import files

import pytest
from sse_starlette import ServerSentEvent

NODE = shutil.which("node")

RUN = """
const { parser } = await import(process.argv[1]);
const text = process.argv[2];
for (let size = 1; size <= text.length; size += 1) {
  const parse = parser();
  const found = [];
  for (let at = 0; at < text.length; at += size) found.push(...parse(text.slice(at, at + size)));
  console.log(JSON.stringify(found));
}
"""


@pytest.mark.skipif(NODE is None, reason="needs Node.js")
def test_events_are_read_however_the_stream_is_cut() -> None:
    sent = [
        ServerSentEvent(retry=1000),
        ServerSentEvent(comment="still here"),
        ServerSentEvent('{"text": "a: b"}', event="reply", id="7-41"),
        ServerSentEvent("two\nlines", event="preview"),
    ]
    text = b"".join(one.encode() for one in sent).decode()
    script = str(files("gateway").joinpath("page", "sse.js"))
    command = [str(NODE), "--input-type=module", "-e", RUN, script, text]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(lines) == len(text)
    for line in lines:
        assert json.loads(line) == [
            {"retry": 1000},
            {"name": "reply", "data": '{"text": "a: b"}', "id": "7-41"},
            {"name": "preview", "data": "two\nlines"},
        ]
