"""Thirty kernels that ask for the same set at the same moment."""

import os
import time
from dataclasses import replace

from course_utils.data.download import Patience
from tests.data.server import break_off, serve
from tests.data.sets import (
    SMALL,
    SMALL_NPZ,
    UNPACKED,
    forkserver,
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


def load_at_once(publisher, folder, number, answer):
    """Results of processes that ask while the first one waits for the server."""
    arrivals = folder / "arrivals"
    arrivals.mkdir()

    def when_all_are_waiting(request):
        while len(list(arrivals.iterdir())) < number:
            time.sleep(0.01)
        time.sleep(0.5)
        answer(request)

    publisher.answers[PATH] = [when_all_are_waiting, serve(SMALL_NPZ)]
    store = small_store(folder, publisher, patience=Patience(read=60, retries=0))
    with processes(number) as pool:
        futures = [pool.submit(arrive_and_load, store, arrivals) for _ in range(number)]
        return [future.result() for future in futures]


def test_thirty_processes_at_once_fetch_once(publisher, tmp_path):
    sums = load_at_once(publisher, tmp_path, 30, serve(SMALL_NPZ))
    assert sums == [int(SMALL.x_train.sum())] * 30
    assert publisher.requests[PATH] == 1


def test_processes_that_waited_for_a_failed_download_fail_with_it(publisher, tmp_path):
    sentences = load_at_once(publisher, tmp_path, 5, break_off(SMALL_NPZ, 100))
    assert len(sentences) == 5
    assert all("broke off" in sentence for sentence in sentences)
    assert publisher.requests[PATH] == 1
    assert same(small_store(tmp_path, publisher).load("mnist"), SMALL)


def test_a_process_killed_in_the_middle_leaves_nothing_in_the_way(publisher, tmp_path):
    publisher.answers[PATH] = [publisher.stall(SMALL_NPZ, 4000), serve(SMALL_NPZ)]
    store = small_store(tmp_path, publisher)
    patient = replace(store, patience=Patience(read=60, retries=0))
    process = forkserver().Process(target=try_to_load, args=(patient,))
    process.start()
    while not publisher.requests[PATH]:
        time.sleep(0.01)
    assert list((store.cache / "mnist" / "incoming").iterdir())
    process.kill()
    process.join()
    assert not (store.cache / "mnist" / "download").exists()
    assert same(store.load("mnist"), SMALL)
    assert visible(store.cache) == {f"mnist/download/{name}" for name in UNPACKED}
