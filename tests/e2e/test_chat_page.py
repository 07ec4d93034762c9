"""The chat page in a real browser: what a customer sees while the system works."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from suites.whole_system import System

from devkit.customer import customer_token
from devkit.project import Project

PATIENCE_S = 25.0
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=900,1000",
)

DRAFTS = """
window.drafts = [];
new MutationObserver(() => {
  const draft = document.querySelector('.reply .draft');
  if (draft) window.drafts.push(draft.textContent);
}).observe(document.getElementById('log'), {childList: true, subtree: true, characterData: true});
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    driver, program = shutil.which("chromedriver"), shutil.which("chromium")
    assert driver, "chromedriver is missing: apt-get install chromium chromium-driver"
    assert program, "chromium is missing: apt-get install chromium chromium-driver"
    options = Options()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()


def visit(browser: WebDriver, system: System, customer: str | None = None) -> None:
    """A fresh session: what an earlier test left in the tab is forgotten."""
    token = f"#token={customer_token(Project.find(), customer)}" if customer else ""
    browser.get(system.stack.gateway_url)
    browser.execute_script("sessionStorage.clear()")
    browser.get("about:blank")
    browser.get(f"{system.stack.gateway_url}/{token}")
    wait = WebDriverWait(browser, PATIENCE_S)
    wait.until(lambda b: b.find_element(By.ID, "connection").get_attribute("data-state") == "open")


def ask(browser: WebDriver, text: str) -> WebElement:
    """Say something and wait for its answer: the reply, or the line under one's own words."""
    said = len(browser.find_elements(By.CSS_SELECTOR, ".said"))
    browser.find_element(By.ID, "text").send_keys(text)
    browser.find_element(By.ID, "send").click()
    mine = ".said:nth-of-type(n)[data-state='answered']"
    try:
        WebDriverWait(browser, PATIENCE_S).until(
            lambda b: len(b.find_elements(By.CSS_SELECTOR, mine)) == said + 1
        )
    except TimeoutException as late:
        page = browser.find_element(By.TAG_NAME, "body").get_attribute("innerHTML")
        raise AssertionError(f"{text!r} was not answered in {PATIENCE_S} s: {page}") from late
    return browser.find_elements(By.CSS_SELECTOR, "#log > article")[-1]


def tier_of(reply: WebElement) -> str | None:
    return reply.find_element(By.CSS_SELECTOR, ".tier").get_attribute("data-tier")


def sources_of(reply: WebElement) -> list[str]:
    return [one.text for one in reply.find_elements(By.CSS_SELECTOR, ".sources li")]


def test_each_tier_shows_its_badge_and_its_sources(browser: WebDriver, system: System) -> None:
    visit(browser, system, "c-aiko")
    order = ask(browser, "Where is my order #ABC123")
    assert (tier_of(order), "#ABC123" in order.text) == ("order", True)
    assert sources_of(order) == ["Order #ABC123 (order ABC123)"]
    policy = ask(browser, "What is your return policy?")
    assert tier_of(policy) == "template"
    assert sources_of(policy)
    volume = ask(browser, "Tell me about Vinland Saga volume 12")
    assert tier_of(volume) == "rag"
    assert any("Vinland Saga" in source for source in sources_of(volume))


def test_a_models_answer_grows_before_it_is_final(browser: WebDriver, system: System) -> None:
    visit(browser, system)
    browser.execute_script(DRAFTS)
    reply = ask(browser, "I'm looking for something like Berserk but less violent")
    assert tier_of(reply) == "llm"
    assert reply.find_elements(By.CSS_SELECTOR, ".simulated")
    final = reply.find_element(By.CSS_SELECTOR, ".text").text
    drafts = list(dict.fromkeys(browser.execute_script("return window.drafts")))
    assert len(drafts) > 1
    assert all(tidy(final).startswith(tidy(draft)) for draft in drafts)


def tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_a_person_takes_over_and_the_bot_is_silent(browser: WebDriver, system: System) -> None:
    visit(browser, system, "c-aiko")
    banner = browser.find_element(By.ID, "handoff")
    assert not banner.is_displayed()
    handed = ask(browser, "I want to talk to a human")
    assert banner.is_displayed()
    assert handed.find_element(By.CSS_SELECTOR, ".tier.person").text == "A person"
    silent = ask(browser, "it is about my last order")
    assert "said" in (silent.get_attribute("class") or "")
    assert "Passed on to our team." in silent.text
    assert len(browser.find_elements(By.CSS_SELECTOR, ".reply")) == 1


def test_what_was_said_is_there_after_a_reload(browser: WebDriver, system: System) -> None:
    visit(browser, system)
    ask(browser, "How much is shipping to Canada?")
    before = browser.find_element(By.ID, "log").text
    browser.refresh()
    WebDriverWait(browser, PATIENCE_S).until(
        lambda b: b.find_elements(By.CSS_SELECTOR, ".said[data-state='answered']")
    )
    assert browser.find_element(By.ID, "log").text == before


def test_pages_that_were_left_hold_no_connection(browser: WebDriver, system: System) -> None:
    for _ in range(7):
        visit(browser, system)
    assert tier_of(ask(browser, "Hi there!")) == "template"


def test_markup_of_a_customer_is_shown_as_text(browser: WebDriver, system: System) -> None:
    visit(browser, system)
    ask(browser, "<img src=x onerror=document.title='taken'> hi")
    assert "<img src=x" in browser.find_element(By.CSS_SELECTOR, ".said .text").text
    assert browser.title == "Customer service chat"


@pytest.fixture(scope="module", autouse=True)
def pictures(browser: WebDriver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A picture of the last state, for whoever looks into a failed run."""
    folder = tmp_path_factory.mktemp("pictures")
    yield folder
    browser.save_screenshot(str(folder / "last.png"))
