"""Thirty kernels that ask for the same set at the same moment."""

import os
import time
from dataclasses import replace

import pytest

from course_utils.data.download import Patience
from tests.data.server import serve
from tests.data.sets import (
    SMALL,
    SMALL_NPZ,
    UNPACKED,
    processes,
    same,
    small_store,
    try_to_load,
    visible,
)

PATH = "/mnist.npz"


def arrive_and_load(store, arrivals):
    """Leave a mark and load."""
    (arrivals / str(os.getpid())).touch()
    return try_to_load(store)


def test_thirty_processes_at_once_fetch_once(publisher, tmp_path):
    arrivals = tmp_path / "arrivals"
    arrivals.mkdir()

    def when_all_are_waiting(request):
        while len(list(arrivals.iterdir())) < 30:
            time.sleep(0.01)
        serve(SMALL_NPZ)(request)

    publisher.answers[PATH] = when_all_are_waiting
    store = small_store(tmp_path, publisher)
    store = replace(store, patience=Patience(read=60, retries=0))
    with processes(30) as pool:
        results = [pool.submit(arrive_and_load, store, arrivals) for _ in range(30)]
        sums = [result.result() for result in results]
    assert sums == [int(SMALL.x_train.sum())] * 30
    assert publisher.requests[PATH] == 1


def test_processes_that_waited_for_a_failed_download_fail_with_it(publisher, tmp_path):
    publisher.answers[PATH] = [publisher.stall(SMALL_NPZ, 100), serve(SMALL_NPZ)]
    store = small_store(tmp_path, publisher)
    store = replace(store, patience=Patience(read=3, retries=0))
    with processes(5) as pool:
        results = [pool.submit(try_to_load, store) for _ in range(5)]
        answers = {result.result() for result in results}
    assert len(answers) == 1
    assert "stalled for 3 s" in answers.pop()
    assert publisher.requests[PATH] == 1
    assert same(store.load("mnist"), SMALL)


def test_a_process_killed_in_the_middle_leaves_nothing_in_the_way(publisher, tmp_path):
    publisher.answers[PATH] = [publisher.stall(SMALL_NPZ, 4000), serve(SMALL_NPZ)]
    store = small_store(tmp_path, publisher)
    patient = replace(store, patience=Patience(read=60, retries=0))
    with processes(1) as pool:
        future = pool.submit(try_to_load, patient)
        while not publisher.requests[PATH]:
            time.sleep(0.01)
        for process in list(pool._processes.values()):
            process.kill()
        with pytest.raises(Exception, match="terminated"):
            future.result()
    assert not (store.cache / "mnist" / "download").exists()
    assert same(store.load("mnist"), SMALL)
    assert visible(store.cache) == {f"mnist/download/{name}" for name in UNPACKED}
