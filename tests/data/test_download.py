"""Fetching a file from a server that may fail in any way."""

import io
import socket
import sys

import pytest
import tqdm.std

from course_utils.data.download import Patience, download
from course_utils.data.errors import DownloadError
from tests.data.server import break_off, refuse, serve
from tests.data.sets import ONCE, SMALL_NPZ, small_set

PATH = "/mnist.npz"


def fetch(publisher, folder, patience=ONCE):
    return download(small_set(publisher.url).files[0], folder, patience)


@pytest.fixture
def no_pause(monkeypatch):
    """Try again at once; the pauses belong to pooch."""
    monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)


def test_a_file_arrives_whole(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    path = fetch(publisher, tmp_path)
    assert path == tmp_path / "mnist.npz"
    assert path.read_bytes() == SMALL_NPZ


def test_a_file_that_is_there_is_not_fetched_again(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    fetch(publisher, tmp_path)
    fetch(publisher, tmp_path)
    assert publisher.requests[PATH] == 1


def test_a_half_downloaded_file_is_fetched_again(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    (tmp_path / "mnist.npz").write_bytes(SMALL_NPZ[:1000])
    assert fetch(publisher, tmp_path).read_bytes() == SMALL_NPZ


def test_a_transfer_that_broke_off_is_tried_again(publisher, tmp_path, no_pause):
    broken = break_off(SMALL_NPZ, 1000)
    publisher.answers[PATH] = [broken, broken, serve(SMALL_NPZ)]
    path = fetch(publisher, tmp_path, Patience(retries=2))
    assert path.read_bytes() == SMALL_NPZ
    assert publisher.requests[PATH] == 3


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (break_off(SMALL_NPZ, 1000), "mnist.npz from 127.0.0.1:[0-9]+ broke off"),
        (break_off(SMALL_NPZ, 0), "mnist.npz from 127.0.0.1:[0-9]+ broke off"),
        (serve(b"not the file"), r"not have the published checksum \(sha256:"),
        (serve(SMALL_NPZ[:-1]), "not have the published checksum"),
        (refuse(503), "mnist.npz answered 503 Service Unavailable"),
        (refuse(404), "mnist.npz answered 404 Not Found"),
        (lambda request: None, "there is no connection to 127.0.0.1"),
    ],
    ids=["half", "nothing", "wrong", "short", "503", "404", "hang up"],
)
def test_a_failure_is_one_sentence_and_leaves_nothing(
    publisher, tmp_path, answer, sentence
):
    publisher.answers[PATH] = answer
    with pytest.raises(DownloadError, match=sentence):
        fetch(publisher, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("after", [0, 1000])
def test_a_server_that_stalls_is_given_up(publisher, tmp_path, after):
    publisher.answers[PATH] = publisher.stall(SMALL_NPZ, after)
    with pytest.raises(DownloadError, match=r"sent nothing for 0\.3 s"):
        fetch(publisher, tmp_path, Patience(read=0.3, retries=0))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_never_answers_is_given_up(publisher, tmp_path):
    publisher.answers[PATH] = lambda request: publisher.released.wait(30)
    with pytest.raises(DownloadError, match=r"sent nothing for 0\.3 s"):
        fetch(publisher, tmp_path, Patience(read=0.3, retries=0))


def test_a_server_that_takes_no_connection_is_given_up(tmp_path):
    # A full queue of connections is how an overloaded server looks from outside.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        address = busy.getsockname()
        with socket.create_connection(address):
            file = small_set(f"http://127.0.0.1:{address[1]}").files[0]
            with pytest.raises(DownloadError, match=r"did not answer within 0\.3 s"):
                download(file, tmp_path, Patience(connect=0.3, retries=0))


def test_a_machine_without_a_network_is_told_so(tmp_path):
    # Port 9 (discard) is closed on this machine.
    with pytest.raises(DownloadError, match=r"no connection to 127\.0\.0\.1:9"):
        download(small_set().files[0], tmp_path, ONCE)


class Terminal(io.StringIO):
    """What a program writes to when a person looks on."""

    def isatty(self):
        return True


def test_a_terminal_shows_a_bar_and_a_log_does_not(publisher, tmp_path, monkeypatch):
    # Another test may have made this process look like a notebook to tqdm.
    monkeypatch.setitem(sys.modules, "tqdm.auto", tqdm.std)
    publisher.answers[PATH] = serve(SMALL_NPZ)
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        fetch(publisher, tmp_path / type(stream).__name__)
        shown = stream.getvalue()
        assert ("mnist.npz: 100%" in shown) == stream.isatty(), shown
