"""The API's description, and the page beside it."""

import httpx

from gateway.pages import POLICY
from gateway.problem import MEDIA_TYPE, TITLES

OPERATIONS = {
    ("post", "/v1/sessions"): {"201", "401"},
    ("post", "/v1/sessions/{session_id}/turns"): {"202", "401", "404", "413", "422", "429", "503"},
    ("get", "/v1/sessions/{session_id}/turns/{turn_id}"): {"200", "401", "404", "503"},
    ("get", "/v1/sessions/{session_id}/events"): {"200", "400", "401", "404", "429", "503"},
}


async def test_every_answer_is_described(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    found = {
        (method, path): set(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert found == OPERATIONS


async def test_every_error_is_a_described_problem(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    described = ""
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == [MEDIA_TYPE]
                    assert response["content"][MEDIA_TYPE]["schema"]["$ref"].endswith("/Problem")
                    described += response["description"]
    assert [code for code in TITLES if f"`{code}`" not in described] == []


async def test_the_page_comes_with_its_policy(http: httpx.AsyncClient) -> None:
    for path in ("/", "/chat.js", "/sse.js", "/view.js", "/chat.css", "/icon.svg"):
        response = await http.get(path)
        assert response.status_code == 200
        assert response.headers["content-security-policy"] == POLICY
        assert response.headers["x-content-type-options"] == "nosniff"
    assert (await http.get("/")).headers["content-type"].startswith("text/html")


async def test_no_page_needs_another_host(http: httpx.AsyncClient) -> None:
    assert (await http.get("/docs")).status_code == 404
