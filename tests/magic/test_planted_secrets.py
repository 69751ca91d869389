"""Secrets planted wherever a run looks: not one of them is in any byte of the store afterwards."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import trackside as ts
from tests.magic.shells import run_cell, said
from tests.store.support import all_tables
from trackside.journal.archive import open_journal
from trackside.store.store import Store
from trackside.tracking.live_runs import current_run

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

MARK = "Zq7"
"""It stands in every planted secret, and nowhere else."""

SHAPED = [
    f"AKIA{'ZQ7Z' * 4}",
    f"ghp_{MARK * 12}",
    f"glpat-{MARK * 8}",
    f"sk-{MARK * 10}",
    f"hf_{MARK * 12}",
    f"xoxb-{MARK * 5}",
    f"AIza{MARK * 11}Zq",
    f"eyJ{MARK * 5}.{MARK * 5}.{MARK * 5}",
    f"postgres://ada:{MARK}@host/db",
    f"Server=x;Password={MARK};",
    f"https://x.blob.core.windows.net/y?sv=1&sig={MARK}",
    f"Authorization: Bearer {MARK}",
    f"-----BEGIN PRIVATE KEY-----\\n{MARK}\\n-----END PRIVATE KEY-----",
]
CELLS = [
    f"""%%track planted --tag api_key={MARK} --tag 'note=token={MARK}'
%env DB_PASSWORD={MARK}
!export DB_PASSWORD={MARK} && true
password = "it's {MARK}"
token = '''{MARK}'''
api_key = (
    "{MARK}")
secret: str | None = "{MARK}"
headers = {{"Authorization": "Bearer {MARK}", "X-Api-Key": ["{MARK}"]}}
conn = "Server=x;Password={MARK}"
class Config:
    lr = 0.1
    db_password = "{MARK}"
    auth_tokens = ["{MARK}"]
config = Config()
def train(**settings): return 0.5
accuracy = train(api_key="{MARK}", conn=conn, headers=headers, config=config, argv=["--password", "{MARK}"], n=3)
print("token={MARK}")
ts.log_params(headers=headers, client={{"secrets": {{"a": "{MARK}"}}}}, shapes={SHAPED!r})
""",
    f"""%%track
ts.log(loss=1.0)
raise RuntimeError("cannot connect to postgres://ada:{MARK}@host/db with api_key='{MARK}'")
""",
    "%%track\naccuracy = train(config=config, conn=conn, **config.__class__.__dict__)\nprint(shapes)",
    f"""%%track
from IPython.display import HTML, JSON, display
held = {{"credentials": {{"user": "{MARK}"}}, "auth_tokens": ["{MARK}"], "password": 12345}}
passwords, tokens = ["{MARK}", "b"], {{"a": ("the", "{MARK * 8}")}}
api_keys: set[str] = {{"{MARK}"}}
print("passwords =", passwords, "tokens =", tokens)
print(f"{{api_keys=}} {{tokens=}} auth_tokens: [{MARK}, x]", {{"access_tokens": [{{"a": "{MARK}"}}]}}, sep="\\n")
print('{{"auth_tokens": ["{MARK}",\\n "x"]}}', "passwords:\\n  - {MARK}\\n  - x", sep="\\n")
train(passwords=passwords, tokens=tokens, api_keys=["{MARK}"])
ts.log_params(passwords=passwords, tokens=tokens, kw={{"auth_tokens": [b"{MARK}"]}})
ts.log_artifact({{"tokens": tokens, "passwords": passwords}}, "lists")
display(JSON(held), HTML("{{&quot;password&quot;: &quot;{MARK}&quot;, &#39;api_key&#39;: &#39;{MARK}&#39;}}"))
ts.log_artifact(held, "held")
ts.log_artifact("api_token: {MARK}\\nhost: db1\\n", "conf.yaml", kind="text")
ts.log_artifact('db_password: "{MARK}"\\nhost: "db1"\\n', "more.yaml", kind="text")
""",
    f"""%%track
mysecret, card = "cell-{MARK}-1", {{"password": ["dfpass-{MARK}-2"]}}
import pandas as pd
frame = pd.DataFrame({{"user": ["ada"], **card}})
print(mysecret, repr(before), given)
print("\\n".join(card["password"]))
ts.log_artifact({{"said": mysecret, "frame": card["password"][0]}}, "told")
train(user=mysecret, given=given)
frame
""",
    f"%%track\nts.log(loss=1.0)\nraise RuntimeError(mysecret + before)  # not cell-{MARK}-1",
]
BEFORE = f'before = db_password = "it\'s a <b> {MARK}"\ngiven = "given-" + "{MARK[::-1]}"[::-1]; api_key = given'


def every_byte(folder: Path) -> dict[str, bytes]:
    """Return what each file of a store holds, unpacked, and its tables as text."""
    found = {"tables": repr(all_tables(Store(folder))).encode()}
    for path in folder.rglob("*"):
        if path.is_file():
            found[str(path)] = path.read_bytes()
            if path.suffix == ".zst":
                with open_journal(path) as journal:
                    found[f"{path} unpacked"] = journal.read()
    return found


@pytest.fixture
def _planted(shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store_folder.parent)
    monkeypatch.setenv("WANDB_API_KEY", MARK)
    monkeypatch.setenv("WANDB_HOST", f"https://ada:{MARK}@host")
    (store_folder.parent / "trackside.toml").write_text('environment = ["WANDB_*"]')
    shell.user_ns.update(ts=ts, shapes=SHAPED)
    for cell in (BEFORE, *CELLS):
        run_cell(shell, cell)
    with ts.run(f"script ghp_{MARK * 12}", params={"token": MARK}, tags={"password": MARK}, group=f"sk-{MARK * 9}"):
        pass
    run_cell(shell, f"%track note last the password={MARK}")
    run_cell(shell, f"%track note best the password is {MARK}-zebra, and cell-{MARK}-1")
    ts.runs(include_hidden=True)[0].note(f"see https://ada:{MARK}@host")
    assert Store(store_folder).refresh(wait=30)


@pytest.mark.usefixtures("_planted")
def test_no_planted_secret_is_in_any_byte_of_the_store(store_folder: Path) -> None:
    found = every_byte(store_folder)
    assert len(found) > 10
    assert any(b"WANDB_API_KEY" in held for held in found.values())
    assert sum(b"<redacted>" in held for held in found.values()) > 3
    marks = (MARK.encode(), MARK.upper().encode())
    leaks = {name: held[held.find(mark) - 60 :][:100] for name, held in found.items() for mark in marks if mark in held}
    assert not leaks


@pytest.mark.usefixtures("_planted")
def test_a_rebuilt_store_has_none_either(store_folder: Path) -> None:
    Store(store_folder).rebuild()
    assert all(MARK.encode() not in held for held in every_byte(store_folder).values())


def test_the_card_says_what_was_left_out(
    shell: InteractiveShell, store_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store_folder.parent)  # this file is no module of the user's
    shell.user_ns["ts"] = ts
    told = said(shell, capsys, "%%track\ntoken = 'abc'\nts.log_params(api_key='abc', password='abc')\nts.log(loss=1)")
    assert "likely secrets left out: source, params" in told
    assert "likely secret" not in said(shell, capsys, "%%track\nlr = 0.1\nts.log(loss=1)")


def test_a_run_counts_what_it_left_out_of_other_cells_changes_data_and_artifacts(
    shell: InteractiveShell, store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = store_folder.parent
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "train.ipynb"))
    monkeypatch.setattr("trackside.tracking.recording.PATIENCE_SECONDS", 60.0)
    (folder / "conf.py").write_text("a = 1\n")
    author = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for command in (("init", "-q"), ("add", "conf.py"), (*author, "commit", "-qm", "first")):
        subprocess.run(("git", *command), check=True)
    (folder / "conf.py").write_text("password = 'abc'\n")
    own = "%%track\nrun = current_run()\ntoken = 'abc'\nlen(password)\n"
    own += "ts.log_artifact({'password': 'abc'}, 'a')\nts.log_artifact('password=abc', 'b', kind='text')\n"
    own += "ts.log_dataset('d', [1, 2], filters=['password=abc'])"
    cells = [new_markdown_cell("api_token: abc"), new_code_cell("password = 'abc'"), new_code_cell(own)]
    (folder / "train.ipynb").write_text(nbformat.writes(new_notebook(cells=cells)))
    shell.user_ns.update(ts=ts, current_run=current_run)
    run_cell(shell, "password = 'abc'")
    run_cell(shell, own)
    counts = shell.user_ns["run"].redacted
    assert {where: counts[where] for where in ("code", "diff", "artifacts", "data")} == {
        "code": 1,
        "diff": 1,
        "artifacts": 2,
        "data": 1,
    }
    assert counts["source"] == 4
    run_cell(shell, "%%track\nrun = current_run()\nlr = 0.5")
    assert "diff" not in shell.user_ns["run"].redacted  # it is the same one, and was told


def test_a_run_counts_what_it_left_out(store_folder: Path) -> None:
    assert store_folder.parent.exists()
    with ts.run("x", params={"api_key": "abc", "conn": "Password=abc"}, tags={"token": "abc"}) as run:
        pass
    assert {where: run.redacted[where] for where in ("params", "tags")} == {"params": 2, "tags": 1}
