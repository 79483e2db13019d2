"""Phone: a browser with the app in it, used as a person does: by what stands on the screen, in any language."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from tests.publish.browser import browser
from tests.web.line import Line

TEXTS = Path(__file__).parents[2] / "web" / "src" / "texts"
PATIENCE = 60
_WIDTH, _HEIGHT = 390, 844
_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
_PASSING = (NoSuchElementException, StaleElementReferenceException)


class Phone:
    """One tab of the app. ``language`` says whose words are looked for."""

    def __init__(
        self,
        window: webdriver.Chrome,
        line: Line,
        language: str = "en",
        texts: dict[str, str] | None = None,
        address: str = "",
    ) -> None:
        self.window = window
        self.line = line
        self.address = address or f"{line.origin}/app/"
        self.language = language
        self.texts = texts or json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))

    def open(self) -> "Phone":
        """Open the app and choose the language."""
        self.window.get(self.address)
        return self.speak()

    def speak(self) -> "Phone":
        """Choose the language on the first screen."""
        self.until(lambda: self.window.find_elements(By.TAG_NAME, "h1"))
        if self.window.find_elements(By.CSS_SELECTOR, f"button[lang={self.language}]"):
            self.click(self.window.find_element(By.CSS_SELECTOR, f"button[lang={self.language}]"))
            self.until(lambda: self.lang == self.language)
        return self

    @property
    def lang(self) -> str:
        return str(self.window.execute_script("return document.documentElement.lang"))

    def say(self, key: str, **values: object) -> str:
        """Return a text of the app in the phone's language."""
        text = self.texts[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def until(self, ready: Callable[[], Any], why: str = "") -> Any:
        """Return the first true answer; fails with what is on the screen where none comes."""
        wait = WebDriverWait(self.window, PATIENCE, 0.1, ignored_exceptions=_PASSING)
        try:
            return wait.until(lambda _: ready())
        except TimeoutException:
            raise AssertionError(f"{why}; on the screen: {self._screen()!r}") from None

    def _screen(self) -> str:
        found = self.window.find_elements(By.TAG_NAME, "body")
        return found[0].text if found else ""

    @property
    def screen(self) -> str:
        """What is on the screen now."""
        return str(self.window.execute_script("return document.body.innerText"))

    def sees(self, key: str, **values: object) -> None:
        """Wait for a text."""
        text = self.say(key, **values)
        self.until(lambda: text in self.screen, f"waits for {text!r}")

    def reads(self, text: str) -> None:
        """Wait for these very words."""
        self.until(lambda: text in self.screen, f"waits for {text!r}")

    def press(self, key: str, **values: object) -> None:
        """Press the button with that text, or in a list the row that begins with it."""
        self.pick(self.say(key, **values))

    def pick(self, text: str) -> None:
        """Press the row or choice with that text, which the election has named."""

        def pressed() -> bool:
            self.click(self.button(text))
            return True

        self.until(pressed, f"presses {text!r}")

    def button(self, text: str) -> WebElement:
        """Wait for the button, row or choice that can be pressed now."""

        def found() -> WebElement | None:
            for element in self.window.find_elements(By.CSS_SELECTOR, "button:not([aria-disabled]), label.choice"):
                said = element.text.strip()
                if said == text or said.split("\n")[0] == text:
                    return element
            return None

        return self.until(found, f"waits for a button {text!r}")

    def click(self, element: WebElement) -> None:
        """Press what is there, wherever it has scrolled to."""
        self.window.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", element)

    def type(self, field: str, text: str) -> None:
        """Fill in a field; what stood there is typed over, as by hand."""
        element = self.until(lambda: self.window.find_element(By.ID, field), f"waits for #{field}")
        element.send_keys(Keys.CONTROL + "a")
        element.send_keys(text)

    def heading(self, key: str, **values: object) -> None:
        """Wait for the screen with that heading."""
        text = self.say(key, **values)
        self.until(
            lambda: self.window.find_element(By.TAG_NAME, "h1").text.replace("\n", " ") == text, f"waits for {text!r}"
        )

    def stages(self) -> list[str]:
        """Return the states that the outbox shows as reached."""
        rows = self.window.find_elements(By.CSS_SELECTOR, ".states li.reached")
        return [str(row.get_attribute("data-stage")) for row in rows]

    def complaints(self) -> list[str]:
        """Return what the browser's console has said since the last call: errors, and what the policy refused.

        A file that is not there (no mirrors, no receipt yet, nothing published) is an answer, not an error.
        """
        said = [entry["message"] for entry in self.window.get_log("browser") if entry["level"] == "SEVERE"]
        mine = [message for message in said if not self._of_another_voter(message)]
        return [message for message in mine if "status of 404" not in message]

    def _of_another_voter(self, message: str) -> bool:
        """Say whether a voter before, in the same browser, still asks at a door of their own that has closed."""
        return message.startswith("http://127.0.0.1:") and not message.startswith(self.address.removesuffix("app/"))

    def choose(self, path: Path, accept: str = "image/*") -> None:
        """Choose a file, as from the phone's own files."""
        selector = f"input[type=file][accept='{accept}']"
        field = self.until(lambda: self.window.find_element(By.CSS_SELECTOR, selector), "waits for a file field")
        field.send_keys(str(path))


@contextmanager
def phones(profile: Path, film: Path | None = None) -> Iterator[webdriver.Chrome]:
    """Yield a browser of a phone's size with a profile of its own; its camera shows the film."""
    camera = (*_CAMERA, f"--use-file-for-fake-video-capture={film}") if film else ()
    with browser(profile, flags=camera) as window:
        size = {"width": _WIDTH, "height": _HEIGHT, "deviceScaleFactor": 1, "mobile": True}
        window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        yield window
