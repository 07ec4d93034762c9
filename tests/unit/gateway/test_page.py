"""The page: no markup from text, nothing from elsewhere, a policy that enforces both."""

import re
from importlib.resources import files

import pytest

from gateway.pages import HEADERS, POLICY, page_routes

PAGE = {file.name: file.read_text() for file in files("gateway").joinpath("page").iterdir()}
SCRIPTS = {name: text for name, text in PAGE.items() if name.endswith(".js")}

MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|DOMParser|setHTML|srcdoc|\beval\b|new Function|javascript:|\.href\s*=|setAttribute\(\"on"
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_make_no_markup_from_text(name: str) -> None:
    assert not MARKUP.findall(SCRIPTS[name])


def test_the_check_finds_what_it_is_for() -> None:
    for bad in ("node.innerHTML = text", "eval(text)", "link.href = text"):
        assert MARKUP.search(bad)


@pytest.mark.parametrize("name", PAGE)
def test_nothing_comes_from_another_host(name: str) -> None:
    hosts = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", PAGE[name])
    assert hosts in ([], ["http://www.w"])  # The name space of SVG is no address.


def test_the_html_has_no_inline_script_style_or_handler() -> None:
    html = PAGE["index.html"]
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"<style|\bstyle=|\bon[a-z]+=", html) == []


def test_every_field_has_a_label_and_the_log_is_announced() -> None:
    html = PAGE["index.html"]
    fields = set(re.findall(r"<(?:textarea|input)[^>]*\bid=\"([^\"]+)\"", html))
    assert fields == set(re.findall(r"<label for=\"([^\"]+)\"", html))
    assert 'role="log" aria-live="polite"' in html
    assert 'lang="en"' in html


def test_what_the_html_names_is_served() -> None:
    served = {route.path for route in page_routes()}
    named = set(re.findall(r"(?:src|href)=\"([^\"]+)\"", PAGE["index.html"]))
    imported = {f"/{name}" for text in SCRIPTS.values() for name in re.findall(r'"\./(.+?)"', text)}
    assert named | imported | {"/"} == served


def test_the_policy_allows_nothing_but_the_pages_own_files() -> None:
    assert HEADERS["Content-Security-Policy"] == POLICY
    directives = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert directives.pop("require-trusted-types-for") == "'script'"
    assert directives["default-src"] == "'none'"
    assert set(directives.values()) == {"'none'", "'self'"}
