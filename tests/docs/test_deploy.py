"""The files for a server: they parse, they agree with each other, and what they call exists."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from pipelines.cli import main
from pipelines.defs import defs
from pipelines.defs.crawling import POOL
from pipelines.defs.jobs import CRAWL, JOB

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "pipelines" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
HOME = "/srv/gongkai"
VARIABLE = re.compile(r"\b(?:GONGKAI|DAGSTER)_[A-Z]+\b")


class _Unit(configparser.RawConfigParser):
    """systemd's files: keys as they are written; one that stands twice is a list, a value a line."""

    def __init__(self, file: Path) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.commands = re.findall(r"^Exec\w+=(.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        self.read(file, encoding="utf-8")


def settings(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return found


def environment() -> dict[str, str]:
    lines = (DEPLOY / "gongkai.env").read_text(encoding="utf-8").splitlines()
    pairs = (line.removeprefix("#").partition("=") for line in lines if re.match(r"#?[A-Z_]+=", line))
    return {name: value for name, _, value in pairs}


def exists(command: str) -> None:
    """The program of a command line is one of our environment, or of any system; a call of ours is one that we have."""
    program, *arguments = shlex.split(command)
    name = Path(program).name
    if program.startswith("/usr/bin/"):
        assert name in ("install", "rsync")
        return
    assert (Path(sys.executable).parent / name).exists(), command
    if name == "gongkai":
        assert arguments == ["archive", "verify"] and "verify" in main.commands["archive"].commands  # type: ignore[attr-defined]


def test_dagster_takes_its_settings(tmp_path: Path) -> None:
    shutil.copyfile(DEPLOY / "dagster.yaml", tmp_path / "dagster.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instance = dg.DagsterInstance.from_config(str(tmp_path))
    with instance:
        limits = instance.get_concurrency_config()
        assert limits.pool_config.default_pool_limit == 1
        assert instance.run_monitoring_enabled and instance.run_retries_enabled and not instance.telemetry_enabled
        assert instance.event_log_storage.supports_global_concurrency_limits
    (limit,) = settings("dagster.yaml")["concurrency"]["runs"]["tag_concurrency_limits"]
    jobs = [defs.resolve_job_def(name) for name in (CRAWL, JOB)]
    assert [job.run_tags[limit["key"]] for job in jobs] == [CRAWL, JOB]
    assert defs.resolve_asset_graph().get(dg.AssetKey("crawled")).pools == {POOL}


def test_postgres_is_one_setting() -> None:
    lite, postgres = settings("dagster.yaml"), settings("dagster.postgres.yaml")
    storage = postgres.pop("storage")
    assert postgres == lite and "storage" not in lite
    assert storage == {"postgres": {"postgres_url": {"env": "DAGSTER_POSTGRES"}}}
    assert environment()["GONGKAI_DAGSTER"] == "dagster.yaml"


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_calls_what_there_is(file: Path) -> None:
    unit = _Unit(file)
    for command in unit.commands:
        exists(command)
        for path in re.findall(r"pipelines/deploy/[\w./]+", command):
            assert (ROOT / path).exists(), path
    if file.suffix == ".timer":
        assert file.with_suffix(".service").exists()
        return
    assert unit.commands
    assert unit["Service"]["WorkingDirectory"] == HOME
    assert unit["Service"]["EnvironmentFile"] == "/etc/gongkai.env"
    for variable in VARIABLE.findall(file.read_text(encoding="utf-8")):
        assert environment()[variable], variable


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_takes_a_unit(file: Path, tmp_path: Path) -> None:
    for other in UNITS:
        text = other.read_text(encoding="utf-8").replace(f"{HOME}/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / other.name).write_text(re.sub("/usr/bin/rsync", "/usr/bin/true", text), encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / file.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "gongkai" in line]
    assert not ours and not told.returncode, told.stderr


def test_compose_runs_what_there_is() -> None:
    compose = settings("compose.yaml")
    services = compose["services"]
    assert set(services) == {"daemon", "web", "postgres"}
    assert services["postgres"]["profiles"] == ["postgres"], "only where it is asked for"
    for name in ("daemon", "web"):
        service = services[name]
        assert (DEPLOY / service["env_file"]).exists()
        assert (ROOT / service["build"]["dockerfile"]).exists()
        assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
        volume, _, target = service["volumes"][0].partition(":")
        assert volume in compose["volumes"]
        assert environment()["GONGKAI_HOME"] == target
        assert environment()["DAGSTER_HOME"].startswith(target)
    exists(shlex.join(services["web"]["command"]))
    install, start = services["daemon"]["command"][2].split(" && exec ")
    exists(start)
    assert install.split()[-2] == "pipelines/deploy/$$GONGKAI_DAGSTER"
    assert services["web"]["ports"] == ["127.0.0.1:3000:3000"], "the pages ask for no password"


def test_the_image_holds_what_the_settings_name() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^RUN make (\w+)", text, re.MULTILINE)) <= set(targets)
    exists(" ".join(yaml.safe_load(re.findall(r"^CMD (.+)$", text, re.MULTILINE)[0])))
    for name in ("GONGKAI_HOME", "DAGSTER_HOME", "GONGKAI_DAGSTER"):
        assert f"{name}={environment()[name]}" in text


def test_every_setting_is_one_that_something_reads() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").rglob("*.py"))
    scrapys = {"GONGKAI_PRIVATE_HOSTS", "GONGKAI_UNVERIFIED_HOSTS"}
    ours = set(re.findall(r"\"(GONGKAI_[A-Z_]+)\"", code)) - scrapys
    units = "".join(path.read_text(encoding="utf-8") for path in UNITS)
    told = set(environment())
    assert {name for name in told if name.startswith("GONGKAI_") and name not in code} == {
        name for name in ("GONGKAI_BACKUP", "GONGKAI_DAGSTER") if name in units
    }
    assert ours <= told


def test_the_readme_names_what_there_is() -> None:
    for name in re.findall(r"\b(gongkai-[a-z]+)\b", README):
        assert list((DEPLOY / "systemd").glob(f"{name}.*")) or name.startswith("gongkai-*"), name
    for name in re.findall(r"`([\w.]+\.(?:yaml|env|service))`", README):
        assert (DEPLOY / name).exists() or (DEPLOY / "systemd" / name).exists(), name
    assert set(VARIABLE.findall(README)) <= {*environment(), "GONGKAI_HOME"}
    for call in re.findall(r"`gongkai ([a-z]+)", README):
        assert call in main.commands, call


@pytest.mark.parametrize("name", ["compose.yaml", "gongkai.env"])
def test_the_database_is_named_with_the_driver_that_dagster_can_use(name: str) -> None:
    lines = [line for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines() if "DAGSTER_POSTGRES=" in line]
    assert lines and all("=postgresql+psycopg2://" in line for line in lines)
