"""The four image sets: what they are, who publishes them, how to tell the real ones.

Every file is pinned by a checksum, and so are the arrays that come out of it, whichever
way they came: a set that loads is the published one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from course_utils.data import publishers
from course_utils.data.dataset import Arrays
from course_utils.data.download import PublishedFile
from course_utils.data.errors import UnknownDataset
from course_utils.data.photos import read_archive


@dataclass(frozen=True)
class ImageSet:
    """One image set.

    Attributes
    ----------
    name : as in ``load(name)``.
    classes : the name of each label, in order.
    image_shape : (height, width) or (height, width, 3), in pixels.
    n_train, n_test : number of images.
    files : what the publisher offers.
    read : makes the arrays; called with the downloaded files, in the order of `files`,
        and an empty folder, in which it may leave more than the arrays.
    digest : SHA-256 of the arrays (see :func:`course_utils.data.arrays.digest`), or
        None where the pixels depend on the JPEG decoder.
    """

    name: str
    classes: tuple[str, ...]
    image_shape: tuple[int, ...]
    n_train: int
    n_test: int
    files: tuple[PublishedFile, ...]
    read: Callable[[list[Path], Path], Arrays]
    digest: str | None = None

    @property
    def download_size(self) -> int:
        """Bytes that a download takes."""
        return sum(file.size for file in self.files)


# The addresses and checksums of MNIST and CIFAR-10 are those of keras.datasets; the
# checksums of Fashion-MNIST are in the README of zalandoresearch/fashion-mnist, that of
# the photographs in the dataset_infos.json of Hugging Face's cats_vs_dogs.
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"

MNIST = ImageSet(
    name="mnist",
    classes=tuple("0123456789"),
    image_shape=(28, 28),
    n_train=60_000,
    n_test=10_000,
    files=(
        PublishedFile(
            f"{_KERAS}/mnist.npz",
            "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            11_490_434,
        ),
    ),
    read=publishers.read_npz,
    digest="a7b5dc350b1a31dfdb92ba7790f216f3c438ccaa55f52c10d01fc40bb3f12464",
)

FASHION_MNIST = ImageSet(
    name="fashion_mnist",
    classes=(
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    image_shape=(28, 28),
    n_train=60_000,
    n_test=10_000,
    files=(
        PublishedFile(
            f"{_KERAS}/train-images-idx3-ubyte.gz",
            "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            26_421_880,
        ),
        PublishedFile(
            f"{_KERAS}/train-labels-idx1-ubyte.gz",
            "md5:25c81989df183df01b3e8a0aad5dffbe",
            29_515,
        ),
        PublishedFile(
            f"{_KERAS}/t10k-images-idx3-ubyte.gz",
            "md5:bef4ecab320f06d8554ea6380940ec79",
            4_422_102,
        ),
        PublishedFile(
            f"{_KERAS}/t10k-labels-idx1-ubyte.gz",
            "md5:bb300cfdad3c16e7a12a480ee83cd310",
            5_148,
        ),
    ),
    read=publishers.read_idx,
    digest="914dfeb193a432dd143e45963ed49c84a491b05adc3b67874bdbbbbb2064cd93",
)

CIFAR10 = ImageSet(
    name="cifar10",
    classes=(
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ),
    image_shape=(32, 32, 3),
    n_train=50_000,
    n_test=10_000,
    files=(
        PublishedFile(
            "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            170_498_071,
        ),
    ),
    read=publishers.read_cifar,
    digest="bcd70013c9263888adc959eb0ea527d7037c7c332bde8b717a0b3fa9f06bee80",
)

CATS_VS_DOGS = ImageSet(
    name="cats_vs_dogs",
    classes=("cat", "dog"),
    image_shape=(128, 128, 3),
    n_train=4_000,
    n_test=1_000,
    files=(
        PublishedFile(
            "https://download.microsoft.com/download/3/E/1/"
            "3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
            "sha256:b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            824_887_076,
        ),
    ),
    read=read_archive,
)

CATALOGUE: Mapping[str, ImageSet] = {
    image_set.name: image_set
    for image_set in (MNIST, FASHION_MNIST, CIFAR10, CATS_VS_DOGS)
}

NAMES = tuple(CATALOGUE)


def find(name: str, catalogue: Mapping[str, ImageSet] = CATALOGUE) -> ImageSet:
    """Look a set up by its name.

    Raises
    ------
    UnknownDataset : if there is none; the message names the closest.

    Examples
    --------
    >>> find("cifar10").image_shape
    (32, 32, 3)
    >>> find("cifar-10")
    Traceback (most recent call last):
    course_utils.data.errors.UnknownDataset: There is no image set “cifar-10”; did you \
mean “cifar10”? The sets are mnist, fashion_mnist, cifar10, cats_vs_dogs.
    """
    if name in catalogue:
        return catalogue[name]
    # Names are compared without case and with one kind of dash.
    typed = str(name).lower().replace("-", "_").replace(" ", "_")
    close = get_close_matches(typed, catalogue, n=1, cutoff=0.5)
    hint = f"did you mean “{close[0]}”? The" if close else "the"
    raise UnknownDataset(
        f"There is no image set “{name}”; {hint} sets are {', '.join(catalogue)}."
    )
