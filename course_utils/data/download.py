"""Fetch a published file: with time-outs, tried again, checked, whole or not at all."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from course_utils.data.errors import DownloadError

_CHUNK = 1 << 16


@dataclass(frozen=True)
class PublishedFile:
    """A file on its publisher's server.

    Attributes
    ----------
    url : where it is.
    checksum : "sha256:…" or "md5:…".
    size : in bytes.

    Examples
    --------
    >>> PublishedFile("https://example.org/sets/mnist.npz", "md5:0", 1).name
    'mnist.npz'
    """

    url: str
    checksum: str
    size: int

    @property
    def name(self) -> str:
        """The last part of the address."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1]

    @property
    def host(self) -> str:
        """The publisher's server."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, and how often to try.

    Attributes
    ----------
    connect : seconds until the connection must stand.
    read : seconds without a byte after which a transfer has stalled.
    retries : further attempts after the first one has failed.
    """

    connect: float = 10
    read: float = 30
    retries: int = 2


PATIENCE = Patience()


def download(
    file: PublishedFile,
    folder: Path,
    patience: Patience = PATIENCE,
    *,
    progress: bool = True,
) -> Path:
    """Fetch a file into a folder, unless it is there already with the right checksum.

    The file appears under its name only when it is complete and its checksum agrees.

    Raises
    ------
    DownloadError : if it could not be fetched; one sentence says why.
    OSError : if it could not be written.
    """
    # Imported here because pooch and requests take longer to import than a set that is
    # on the disk takes to load.
    import pooch
    import requests

    pooch.get_logger().setLevel(logging.WARNING)
    keeper = pooch.create(
        path=folder,
        base_url="",
        registry={file.name: file.checksum},
        urls={file.name: file.url},
        retry_if_failed=patience.retries,
    )
    try:
        with closing(progress_bar(file.size, file.name, progress)) as bar:
            fetch = pooch.HTTPDownloader(
                progressbar=bar,
                chunk_size=_CHUNK,
                timeout=(patience.connect, patience.read),
                # Several files are gzipped themselves: they are wanted as they are.
                headers={"Accept-Encoding": "identity"},
            )
            return Path(keeper.fetch(file.name, downloader=fetch))
    except requests.RequestException as error:
        raise DownloadError(_explain(error, file, patience)) from error
    except ValueError as error:
        raise DownloadError(
            f"what {file.host} sends as {file.name} does not have the published "
            f"checksum ({file.checksum[:15]}…), so it was thrown away"
        ) from error


def _explain(error: Exception, file: PublishedFile, patience: Patience) -> str:
    import requests

    match error:
        case requests.ConnectTimeout():
            return f"{file.host} did not answer within {patience.connect:g} s"
        case requests.Timeout():
            return f"{file.host} sent nothing for {patience.read:g} s"
        case requests.HTTPError(response=response) if response is not None:
            return f"{file.url} answered {response.status_code} {response.reason}"
        case requests.exceptions.ChunkedEncodingError():
            return f"the transfer of {file.name} from {file.host} broke off"
        case requests.ConnectionError():
            # A stall in the middle of a transfer arrives as this, too.
            if "Read timed out" in str(error):
                return f"{file.host} sent nothing for {patience.read:g} s"
            return f"there is no connection to {file.host}"
    return f"{file.url} could not be fetched ({error})"


def progress_bar(total: int, title: str, show: bool, unit: str = "B") -> Any:
    """A tqdm bar: a widget in a notebook, a line in a terminal, nothing in a log.

    Parameters
    ----------
    total : bytes or things to count.
    title : shown in front of it.
    show : False hides it everywhere.
    unit : "B" counts in kB and MB.
    """
    from tqdm.auto import tqdm
    from tqdm.notebook import tqdm_notebook

    # For tqdm, None is "unless this is a terminal"; a notebook's output is none.
    hide = None if show and not issubclass(tqdm, tqdm_notebook) else not show
    return tqdm(
        total=total, desc=title, disable=hide, unit=unit, unit_scale=unit == "B"
    )
