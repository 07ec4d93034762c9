"""A chat frontend in another environment: confluent-kafka, PyJWT, and nothing of this project.

Written from docs/frontends.md alone. Usage: confluent_client.py BOOTSTRAP NAME KEY.pem

It takes one JSON object a line on its standard input, the next after the answer to the last:
    {"follow": session_id}                this session is ours too
    {"session_id": …, "turn_id": …, "text": …, "customer_id": … or null}
and writes one a line on its standard output:
    {"ready": partitions}                 when it reads chat.egress
    {"stored": turn_id, "partition": …}   when the broker has acknowledged a turn
    {"following": session_id}
    {"reply": {…}, "trace_id": …}         the first reply to a turn of a session of ours
    {"dropped": turn_id}                  any later one
"""

import base64
import hashlib
import json
import select
import sys
import time
import uuid
from typing import Any

import jwt
from confluent_kafka import Consumer, Producer, TopicPartition
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Turn = dict[str, Any]


def tell(**line: Any) -> None:
    print(json.dumps(line), flush=True)


class Frontend:
    def __init__(self, bootstrap: str, name: str, key_file: str) -> None:
        self.name = name
        with open(key_file, "rb") as file:
            self.key: Any = load_pem_private_key(file.read(), password=None)
        self.producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "partitioner": "murmur2_random",
                "enable.idempotence": True,
                "acks": "all",
                "allow.auto.create.topics": False,
            }
        )
        self.consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "unused-" + uuid.uuid4().hex,
                "enable.auto.commit": False,
            }
        )
        self.sessions: set[str] = set()
        self.answered: set[tuple[str, str]] = set()

    def start(self) -> None:
        topic = self.consumer.list_topics("chat.egress", timeout=10).topics["chat.egress"]
        places = [TopicPartition("chat.egress", number) for number in topic.partitions]
        for place in places:
            # From now on: what is there was said to others.
            _, place.offset = self.consumer.get_watermark_offsets(place, timeout=10)
        self.consumer.assign(places)
        tell(ready=len(places))

    def envelope(self, turn: Turn) -> str:
        digest = hashlib.sha256(turn["text"].encode()).digest()
        claims = {
            "iss": self.name,
            "sid": turn["session_id"],
            "tid": turn["turn_id"],
            "auth": "signed_in" if turn["customer_id"] else "visitor",
            "bh": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "iat": int(time.time()),
        }
        if turn["customer_id"]:
            claims["sub"] = turn["customer_id"]
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": self.name})

    def take(self, line: Turn) -> None:
        if "follow" in line:
            self.sessions.add(line["follow"])
            tell(following=line["follow"])
        else:
            self.sessions.add(line["session_id"])
            self.say(line)

    def say(self, turn: Turn) -> None:
        body = {
            "session_id": turn["session_id"],
            "turn_id": turn["turn_id"],
            "text": turn["text"],
            "envelope": self.envelope(turn),
        }
        self.producer.produce(
            "chat.ingress",
            key=turn["session_id"],
            value=json.dumps(body).encode(),
            headers={
                "ce_specversion": "1.0",
                "ce_type": "chat.turn.v1",
                "ce_id": uuid.uuid4().hex,
                "ce_source": "/" + self.name,
                "ce_turnid": turn["turn_id"],
                "content-type": "application/json",
                "traceparent": f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01",
            },
            on_delivery=lambda error, message: self.delivered(error, message, turn),
        )
        self.producer.flush(10)

    def delivered(self, error: Any, message: Any, turn: Turn) -> None:
        if error is not None:
            sys.exit(f"turn {turn['turn_id']} was not acknowledged: {error}")
        tell(stored=turn["turn_id"], partition=message.partition())

    def read(self) -> None:
        message = self.consumer.poll(0.05)
        if message is None:
            return
        if message.error():
            sys.exit(str(message.error()))
        headers = dict(message.headers())
        if headers["ce_type"] != b"chat.reply.v1":
            sys.exit(f"unknown type {headers['ce_type']}")
        reply = json.loads(message.value())
        if reply["session_id"] not in self.sessions:
            return
        turn = (reply["session_id"], reply["turn_id"])
        if turn in self.answered:
            tell(dropped=reply["turn_id"])
            return
        self.answered.add(turn)
        tell(reply=reply, trace_id=headers["traceparent"].decode().split("-")[1])


def main() -> None:
    frontend = Frontend(*sys.argv[1:4])
    frontend.start()
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], 0)
        if readable:
            line = sys.stdin.readline()
            if not line:
                return
            frontend.take(json.loads(line))
        frontend.read()


if __name__ == "__main__":
    main()
