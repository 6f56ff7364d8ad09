"""A browser without a window, that tells what a page complains of and what it asks for."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    "--headless",
    "--no-sandbox",  # which root cannot have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PHONE = (360, 740)
DESKTOP = (1280, 900)
# For each text that is seen: its contrast as WCAG 2 has it, with the element that is worst.
CONTRAST = Path(__file__).with_name("contrast.js").read_text()


class Browser:
    """One window."""

    def __init__(self, driver: Chrome) -> None:
        self._driver = driver

    def open(
        self, page: Path, size: tuple[int, int] = DESKTOP, *, dark: bool = False, scripts: bool = True, part: str = ""
    ) -> None:
        """Opens a file, on a desktop or a phone, by day or by night."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self._driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self._driver.get("about:blank")
        for log in ("browser", "performance"):
            self._driver.get_log(log)  # what was before does not count
        self._driver.get(page.as_uri() + part)

    def complaints(self) -> list[str]:
        """What the page logged: errors of scripts, and what its policy refused."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def requests(self) -> list[str]:
        """What was asked of anybody."""
        events = (json.loads(entry["message"])["message"] for entry in self._driver.get_log("performance"))
        return [it["params"]["request"]["url"] for it in events if it["method"] == "Network.requestWillBeSent"]

    def all(self, selector: str) -> list[WebElement]:
        """The elements that a CSS selector finds."""
        return self._driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The element that it finds."""
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a script returns that runs in the page."""
        return self._driver.execute_script(script, *arguments)

    def focused(self) -> WebElement:
        """Where the keyboard is."""
        return self._driver.switch_to.active_element

    def unfold(self) -> None:
        """Opens whatever is folded away."""
        self.ask("for (const it of document.querySelectorAll('details')) it.open = true")

    def worst_contrast(self) -> tuple[float, str]:
        """The least contrast of any text with its ground, and which text that is."""
        return tuple(self.ask(CONTRAST))


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory() as profile:
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Its place is given: Selenium would search the network for one.
        driver = Chrome(options, ChromeService(shutil.which("chromedriver") or "chromedriver"))
        try:
            yield Browser(driver)
        finally:
            driver.quit()
