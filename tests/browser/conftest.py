"""One JupyterLab and one chromium for all browser tests, on copies of the notebooks."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

from course.lab import SETTINGS
from course.lessons import EDITIONS, ROOT

sys.path.insert(0, str(ROOT / "tests" / "lessons"))
from harness import needed_by_panels

SCREENSHOTS = Path(__file__).parent / "screenshots"
START = 300  # seconds
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
OVERRIDES = SETTINGS | {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # every cell in the page at once
}
# Ends every kernel of the server and returns how many are left.
END_KERNELS = """async () => {
    const token = new URLSearchParams(location.search).get('token') || '';
    const cookie = document.cookie.match(/_xsrf=([^;]*)/);
    const headers = {Authorization: 'token ' + token, 'X-XSRFToken': cookie ? cookie[1] : ''};
    for (const session of await (await fetch('/api/sessions', {headers})).json()) {
        await fetch('/api/sessions/' + session.id, {method: 'DELETE', headers});
    }
    return (await (await fetch('/api/kernels', {headers})).json()).length;
}"""


def _copy_notebooks(folder):
    """Copy both editions: "stored" and "sitting" as they are, "fresh" without outputs and only what the panels need.

    The rest of each page is run and compared by nbval; COURSE_BROWSER=all runs all but the long trainings here too.
    """
    for edition in EDITIONS:
        for path in sorted((ROOT / edition).glob("*.ipynb")):
            for name in ("stored", "sitting", "fresh"):
                (folder / name / edition).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "stored" / edition)
            shutil.copy(path, folder / "sitting" / edition)
            notebook = nbformat.read(path, as_version=4)
            cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
            for cell in cells:
                cell.outputs, cell.execution_count = [], None
                if "long" in cell.metadata.get("tags", []):
                    cell.source = ""
            if os.environ.get("COURSE_BROWSER") != "all":
                for cell, source in zip(cells, needed_by_panels([cell.source for cell in cells]), strict=True):
                    cell.source = source
            for cell in cells:
                cell.source = cell.source or "# left out here"
            nbformat.write(notebook, folder / "fresh" / edition / path.name)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab; yield a function (folder, edition, name) -> address of that notebook."""
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    _copy_notebooks(root)
    (home / "settings").mkdir()
    (home / "settings" / "overrides.json").write_text(json.dumps(OVERRIDES))
    port, token = _free_port(), secrets.token_hex(16)
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "user",
           "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython"}  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
               f"--ServerApp.root_dir={root}", f"--LabApp.app_settings_dir={home / 'settings'}"]  # fmt: skip
    log = home / "jupyterlab.log"
    with log.open("w") as stream:
        environment = os.environ | {name: str(home / folder) for name, folder in own.items()}
        server = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
        yield lambda folder, edition, name: (
            f"http://127.0.0.1:{port}/lab/tree/{folder}/{edition}/{name}.ipynb?token={token}&reset"
        )
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(address, server, log):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser():
    """Chromium, from the system or playwright's own; tests are skipped by name where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="browser: playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_api.sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("browser: no chromium is installed (Debian: apt install chromium)")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, request):
    """A new tab, 1280 x 1600. When the test fails, its picture and the console are kept. Its kernels end with it."""
    SCREENSHOTS.mkdir(exist_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    tab = context.new_page()
    console = []
    tab.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    failed_before = request.session.testsfailed
    yield tab
    if request.session.testsfailed > failed_before:
        name = request.node.name.replace("/", "-")
        tab.screenshot(path=SCREENSHOTS / f"failed-{name}.png")
        (SCREENSHOTS / f"failed-{name}.txt").write_text("\n".join(console))
    if tab.url.startswith("http"):
        tab.evaluate(END_KERNELS)
    context.close()
