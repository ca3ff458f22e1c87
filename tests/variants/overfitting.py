"""Answers to the assignment ``7_overfitting``."""

from __future__ import annotations

from tests.variants import Answer, Question

_NOT_WRITTEN = "raise NotImplementedError()"


def _curves(
    turn: str = "int(np.argmin(curves['val_loss'])) + 1",
    apart: str = "curves['accuracy'][epoch - 1] - curves['val_accuracy'][epoch - 1]",
) -> str:
    return f"""
            def turning_point(curves):
                return {turn}

            def gap(curves, epoch):
                return {apart}
            """


CURVES = Question(
    grade_id="curves",
    tests=("curves-turn", "curves-gap"),
    points=0.5,
    right=(
        Answer(
            "by index",
            _curves("curves['val_loss'].index(min(curves['val_loss'])) + 1"),
            0.5,
        ),
        Answer(
            "in a loop",
            """
            def turning_point(curves):
                best, found = float("inf"), None
                for epoch, loss in enumerate(curves["val_loss"], start=1):
                    if loss < best:
                        best, found = loss, epoch
                return found

            def gap(curves, epoch):
                for number, pair in enumerate(
                    zip(curves["accuracy"], curves["val_accuracy"]), start=1
                ):
                    if number == epoch:
                        return pair[0] - pair[1]
            """,
            0.5,
        ),
        Answer(
            "arrays throughout",
            _curves(
                "np.array(curves['val_loss']).argmin() + 1",
                "np.subtract(curves['accuracy'], curves['val_accuracy'])[epoch - 1]",
            ),
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "counted from 0",
            _curves("int(np.argmin(curves['val_loss']))"),
            0.25,
            "counted from 0",
        ),
        Answer(
            "training loss",
            _curves("int(np.argmin(curves['loss'])) + 1"),
            0.25,
            "Likely mistake: training loss",
        ),
        Answer(
            "best accuracy",
            _curves("int(np.argmax(curves['val_accuracy'])) + 1"),
            0.25,
            "accuracy instead",
        ),
        Answer(
            "the loss itself",
            _curves("min(curves['val_loss'])"),
            0.25,
            "the loss itself",
        ),
        Answer(
            "first rise",
            _curves("int(np.argmax(np.diff(curves['val_loss']) > 0)) + 1"),
            0.25,
            "first rise",
        ),
        Answer(
            "last of several",
            _curves(
                "len(curves['val_loss']) - int(np.argmin(curves['val_loss'][::-1]))"
            ),
            0.25,
            "last of equal ones",
        ),
        Answer(
            "the other way round",
            _curves(
                apart="curves['val_accuracy'][epoch - 1]"
                " - curves['accuracy'][epoch - 1]"
            ),
            0.25,
            "the other way round",
        ),
        Answer(
            "of the losses",
            _curves(apart="curves['val_loss'][epoch - 1] - curves['loss'][epoch - 1]"),
            0.25,
            "of the losses",
        ),
        Answer(
            "epoch as an index",
            _curves(
                apart="curves['accuracy'][min(epoch, len(curves['accuracy']) - 1)]"
                " - curves['val_accuracy'][min(epoch, len(curves['accuracy']) - 1)]"
            ),
            0.25,
            "off by one",
        ),
        Answer(
            "at the end",
            _curves(apart="curves['accuracy'][-1] - curves['val_accuracy'][-1]"),
            0.25,
            "last epoch",
        ),
        Answer(
            "the last epoch, and per cent",
            _curves(
                "len(curves['val_loss'])",
                "100 * np.subtract(curves['accuracy'], curves['val_accuracy'])"
                "[epoch - 1]",
            ),
            0,
            "last epoch",
        ),
        Answer(
            "not written",
            _curves(_NOT_WRITTEN).replace("return raise", "raise"),
            0.25,
            "not written yet",
        ),
    ),
)


def _labels(mixup: object = 0.6, cutout: object = 1.0, cutmix: object = 0.84375) -> str:
    return (
        f"after_mixup, after_cutout, after_cutmix = {mixup!r}, {cutout!r}, {cutmix!r}"
    )


LABELS = Question(
    grade_id="labels",
    tests=("labels-predicted",),
    points=0.5,
    right=(
        Answer("rounded", _labels(cutmix=0.84), 0.5),
        Answer(
            "computed",
            """
            after_mixup = 1 - 0.4
            after_cutout = 1
            covered = np.zeros((32, 32))
            covered[6:26, 24:40] = 1
            after_cutmix = 1 - covered.mean()
            """,
            0.5,
        ),
        Answer(
            "by the course's own functions",
            """
            zero = np.zeros((2, 32, 32, 1))
            boxes = [[6, 26, 24, 40], [0, 0, 0, 0]]
            pasted = augmentation.paste(zero, np.eye(2), [1, 0], boxes)
            after_cutmix = pasted.labels[0, 0]
            after_mixup, after_cutout = np.float32(0.6), np.float64(1)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("of the dog", _labels(0.4), 0, "of the dog"),
        Answer("as before", _labels(1.0), 0, "as before"),
        Answer("half and half", _labels(0.5), 0, "half and half"),
        Answer("what is seen", _labels(cutout=0.75), 0, "what is seen"),
        Answer("what is covered", _labels(cutout=0.25), 0, "what is covered"),
        Answer("no cat any more", _labels(cutout=0), 0, "no cat any more"),
        Answer("whole box", _labels(cutmix=0.6875), 0, "whole box"),
        Answer("share of the dog", _labels(cutmix=0.15625), 0, "of the dog"),
        Answer("columns alone", _labels(cutmix=0.75), 0, "columns alone"),
        Answer("still a cat", _labels(cutmix=1), 0, "as before"),
        Answer("a label", _labels("cat"), 0, "holds 'cat'"),
        Answer("unanswered", _labels(None, None, None), 0, "has no value yet"),
    ),
)


def _moved(
    mirrored: str = "np.where(c, images[:, :, ::-1], images)",
    shifted: str = "shift_images(images, down, right)",
) -> str:
    return f"""
            def mirror(images, chosen):
                c = chosen[:, None, None, None]
                return {mirrored}

            def shift(images, down, right):
                return {shifted}
            """


MOVED = Question(
    grade_id="moved",
    tests=("moved-mirror", "moved-shift"),
    points=0.5,
    right=(
        Answer("where, and the course's own", _moved(), 0.5),
        Answer(
            "flipped, and padded",
            """
            def mirror(images, chosen):
                out = images.copy()
                for i in np.flatnonzero(chosen):
                    out[i] = np.fliplr(images[i])
                return out

            def shift(images, down, right):
                h, w = images.shape[1:3]
                pads = ((0, 0), (h, h), (w, w), (0, 0))
                rows = slice(h - down, 2 * h - down)
                return np.pad(images, pads)[:, rows, w - right : 2 * w - right]
            """,
            0.5,
        ),
        Answer(
            "rolled, and blackened",
            """
            def mirror(images, chosen):
                flipped = np.flip(images, axis=2)
                pairs = zip(flipped, images, chosen)
                return np.array([f if c else i for f, i, c in pairs])

            def shift(images, down, right):
                out = np.roll(images, (down, right), axis=(1, 2))
                if down > 0:
                    out[:, :down] = 0
                if down < 0:
                    out[:, down:] = 0
                if right > 0:
                    out[:, :, :right] = 0
                if right < 0:
                    out[:, :, right:] = 0
                return out
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("all of them", _moved("images[:, :, ::-1]"), 0.25, "all of them"),
        Answer(
            "the others",
            _moved("np.where(c, images, images[:, :, ::-1])"),
            0.25,
            "the others",
        ),
        Answer(
            "upside down",
            _moved("np.where(c, images[:, ::-1], images)"),
            0.25,
            "upside down",
        ),
        Answer(
            "colours",
            _moved("np.where(c, images[..., ::-1], images)"),
            0.25,
            "colours reversed",
        ),
        Answer(
            "only the chosen ones",
            _moved("images[chosen][:, :, ::-1]"),
            0.25,
            "the chosen ones alone",
        ),
        Answer(
            "changed in place",
            """
            def mirror(images, chosen):
                images[chosen] = images[chosen][:, :, ::-1]
                return images

            def shift(images, down, right):
                return shift_images(images, down, right)
            """,
            0.25,
            "modified its input",
            remarks=("changed_arguments",),
        ),
        Answer(
            "rolled",
            _moved(shifted="np.roll(images, (down, right), axis=(1, 2))"),
            0.25,
            "rolled",
        ),
        Answer(
            "the other way",
            _moved(shifted="shift_images(images, -down, -right)"),
            0.25,
            "the other way",
        ),
        Answer(
            "axes swapped",
            _moved(shifted="shift_images(images, right, down)"),
            0.25,
            "swapped axes",
        ),
        Answer(
            "down only",
            _moved(shifted="shift_images(images, down, 0)"),
            0.25,
            "one axis only",
        ),
        Answer(
            "signs lost",
            _moved(shifted="shift_images(images, abs(down), abs(right))"),
            0.25,
            "signs lost",
        ),
    ),
)


def _cutout(
    rows: str = "max(top, 0) : max(top + size, 0)",
    columns: str = "max(left, 0) : max(left + size, 0)",
    value: str = "0",
    pairs: str = "tops, lefts",
    channels: str = "",
) -> str:
    return f"""
            def cutout(images, tops, lefts, size):
                covered = images.copy()
                for picture, top, left in zip(covered, {pairs}):
                    picture[{rows}, {columns}{channels}] = {value}
                return covered
            """


CUTOUT = Question(
    grade_id="cutout",
    tests=("cutout-pictures",),
    points=0.5,
    right=(
        Answer(
            "a mask",
            """
            def cutout(images, tops, lefts, size):
                h, w = images.shape[1:3]
                row, column = np.arange(h), np.arange(w)
                top, left = tops[:, None], lefts[:, None]
                rows = (row >= top) & (row < top + size)
                columns = (column >= left) & (column < left + size)
                mask = rows[:, :, None] & columns[:, None, :]
                return np.where(mask[..., None], 0, images)
            """,
            0.5,
        ),
        Answer(
            "pixel by pixel",
            """
            def cutout(images, tops, lefts, size):
                out = np.array(images)
                n, h, w, _ = images.shape
                for i in range(n):
                    for r in range(tops[i], tops[i] + size):
                        for c in range(lefts[i], lefts[i] + size):
                            if 0 <= r < h and 0 <= c < w:
                                out[i, r, c, :] = 0
                return out
            """,
            0.5,
        ),
        Answer(
            "with a border",
            """
            def cutout(images, tops, lefts, size):
                out, h, w = [], images.shape[1], images.shape[2]
                for picture, top, left in zip(images, tops, lefts):
                    big = np.pad(picture, ((size, size), (size, size), (0, 0)))
                    big[top + size : top + 2 * size, left + size : left + 2 * size] = 0
                    out.append(big[size : size + h, size : size + w])
                return np.stack(out)
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "not clipped",
            _cutout("top : top + size", "left : left + size"),
            0,
            "negative index",
        ),
        Answer("axes swapped", _cutout(pairs="lefts, tops"), 0, "swapped axes"),
        Answer(
            "one too many",
            _cutout(
                "max(top, 0) : max(top + size + 1, 0)",
                "max(left, 0) : max(left + size + 1, 0)",
            ),
            0,
            "one row and column too many",
        ),
        Answer(
            "one too few",
            _cutout(
                "max(top, 0) : max(top + size - 1, 0)",
                "max(left, 0) : max(left + size - 1, 0)",
            ),
            0,
            "one row and column too few",
        ),
        Answer(
            "the first square for all",
            _cutout(pairs="len(tops) * [tops[0]], len(lefts) * [lefts[0]]"),
            0,
            "the same square for all",
        ),
        Answer("red only", _cutout(channels=", 0"), 0, "one channel only"),
        Answer("white", _cutout(value="1"), 0, "white"),
        Answer(
            "middles",
            _cutout(
                "max(top - size // 2, 0) : max(top - size // 2 + size, 0)",
                "max(left - size // 2, 0) : max(left - size // 2 + size, 0)",
            ),
            0,
            "middles",
        ),
        Answer(
            "moved inside",
            _cutout(
                pairs="np.clip(tops, 0, images.shape[1] - size),"
                " np.clip(lefts, 0, images.shape[2] - size)"
            ),
            0,
            "moved inside",
        ),
        Answer(
            "the rest",
            _cutout().replace("return covered", "return images - covered"),
            0,
            "the rest covered",
        ),
        Answer(
            "as before",
            "def cutout(images, tops, lefts, size):\n    return images.copy()",
            0,
            "nothing covered",
        ),
        Answer(
            "not written",
            f"def cutout(images, tops, lefts, size):\n    {_NOT_WRITTEN}",
            0,
            "not written yet",
        ),
    ),
)


def _mixup(
    pictures: str = "w * images + (1 - w) * images[partners]",
    labels: str = "v * labels + (1 - v) * labels[partners]",
    weights: str = "weights",
) -> str:
    return f"""
            def mixup(images, labels, partners, weights):
                weights = {weights}
                w, v = weights[:, None, None, None], weights[:, None]
                return {pictures}, {labels}
            """


MIXUP = Question(
    grade_id="mixup",
    tests=("mixup-pictures", "mixup-labels"),
    points=0.5,
    right=(
        Answer("one expression each", _mixup(), 0.5),
        Answer(
            "in a loop",
            """
            def mixup(images, labels, partners, weights):
                pictures, rows = [], []
                for i, (j, w) in enumerate(zip(partners, weights)):
                    pictures.append(w * images[i] + (1 - w) * images[j])
                    rows.append(w * labels[i] + (1 - w) * labels[j])
                return np.array(pictures), np.array(rows)
            """,
            0.5,
        ),
        Answer(
            "einsum, as a list",
            """
            def mixup(images, labels, partners, weights):
                def blend(a):
                    rest = np.einsum("n,n...->n...", 1 - weights, a[partners])
                    return np.einsum("n,n...->n...", weights, a) + rest

                return [blend(images), blend(labels)]
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "weights exchanged",
            _mixup(weights="1 - weights"),
            0,
            "weights exchanged",
        ),
        Answer(
            "one weight",
            _mixup(weights="np.full(len(weights), weights[0])"),
            0,
            "one weight for all",
        ),
        Answer("labels kept", _mixup(labels="labels"), 0.25, "as before"),
        Answer("pictures kept", _mixup("images"), 0.25, "as before"),
        Answer(
            "back to front",
            _mixup(
                "w * images + (1 - w) * images[::-1]",
                "v * labels + (1 - v) * labels[::-1]",
            ),
            0,
            "back to front",
        ),
        Answer(
            "neighbours",
            _mixup(
                "w * images + (1 - w) * np.roll(images, 1, axis=0)",
                "v * labels + (1 - v) * np.roll(labels, 1, axis=0)",
            ),
            0,
            "neighbours",
        ),
        Answer(
            "added",
            _mixup("w * images + images[partners]"),
            0.25,
            "not reduced",
        ),
        Answer(
            "a hard label",
            _mixup(labels="np.where(v > 0.5, labels, labels[partners])"),
            0.25,
            "the larger half",
        ),
        Answer(
            "half and half",
            _mixup(labels="(labels + labels[partners]) / 2"),
            0.25,
            "half and half",
        ),
        Answer(
            "partner's weight",
            _mixup(
                labels="v[partners] * labels + (1 - v[partners]) * labels[partners]"
            ),
            0.25,
            "partner's weight",
        ),
        Answer(
            "pictures alone",
            _mixup().replace(", v * labels + (1 - v) * labels[partners]", ""),
            0,
            "not pictures and labels",
        ),
        Answer(
            "not written",
            f"def mixup(images, labels, partners, weights):\n    {_NOT_WRITTEN}",
            0,
            "not written yet",
        ),
    ),
)


def _cutmix(
    top: str = "np.clip(b[:2], 0, height)",
    left: str = "np.clip(b[2:], 0, width)",
    source: str = "images",
    partner: str = "partners[i]",
    weight: str = "1 - (bottom - top) * (right - left) / (height * width)",
    labels: str = "w * labels + (1 - w) * labels[partners]",
) -> str:
    return f"""
            def cutmix(images, labels, partners, boxes):
                mixed, weights = images.copy(), np.ones(len(images))
                height, width = images.shape[1:3]
                for i, b in enumerate(boxes):
                    top, bottom = {top}
                    left, right = {left}
                    inside = {source}[{partner}, top:bottom, left:right]
                    mixed[i, top:bottom, left:right] = inside
                    weights[i] = {weight}
                w = weights[:, None]
                return mixed, {labels}
            """


_WHOLE = "1 - (b[1] - b[0]) * (b[3] - b[2]) / (height * width)"

CUTMIX = Question(
    grade_id="cutmix",
    tests=("cutmix-pictures", "cutmix-labels"),
    points=1,
    right=(
        Answer(
            "masks",
            """
            def cutmix(images, labels, partners, boxes):
                rows, columns = np.indices(images.shape[1:3])
                masks = np.array([
                    (rows >= t) & (rows < b) & (columns >= l) & (columns < r)
                    for t, b, l, r in boxes
                ])
                mixed = np.where(masks[..., None], images[partners], images)
                share = masks.mean(axis=(1, 2))[:, None]
                return mixed, (1 - share) * labels + share * labels[partners]
            """,
            1,
        ),
        Answer(
            "pixels counted one by one",
            """
            def cutmix(images, labels, partners, boxes):
                n, h, w, _ = images.shape
                out, new = images.copy(), labels.astype(float)
                for i in range(n):
                    t, b, l, r = (int(v) for v in boxes[i])
                    count = 0
                    for row in range(max(t, 0), min(b, h)):
                        for column in range(max(l, 0), min(r, w)):
                            out[i, row, column] = images[partners[i], row, column]
                            count += 1
                    share = count / (h * w)
                    new[i] = (1 - share) * labels[i] + share * labels[partners[i]]
                return out, new
            """,
            1,
        ),
        Answer(
            "the course's own",
            """
            def cutmix(images, labels, partners, boxes):
                images, labels, _ = augmentation.paste(images, labels, partners, boxes)
                return images, labels
            """,
            1,
        ),
    ),
    wrong=(
        Answer(
            "area of the whole box",
            _cutmix(weight=_WHOLE),
            0.5,
            "area of the whole box",
        ),
        Answer(
            "negative index",
            _cutmix(
                "b[:2]",
                "b[2:]",
                weight="1 - (min(bottom, height) - max(top, 0))"
                " * (min(right, width) - max(left, 0)) / (height * width)",
            ),
            0.5,
            "negative index",
        ),
        Answer("labels kept", _cutmix(labels="labels"), 0.5, "as before"),
        Answer(
            "labels exchanged",
            _cutmix(labels="(1 - w) * labels + w * labels[partners]"),
            0.5,
            "weights exchanged",
        ),
        Answer(
            "half and half",
            _cutmix(labels="(labels + labels[partners]) / 2"),
            0.5,
            "half and half",
        ),
        Answer(
            "lengths",
            _cutmix(
                weight="1 - ((bottom - top) / height + (right - left) / width) / 2"
            ),
            0.5,
            "lengths instead of areas",
        ),
        Answer(
            "the larger part",
            _cutmix(labels="np.where(w > 0.5, labels, labels[partners])"),
            0.5,
            "the larger part",
        ),
        Answer(
            "one weight",
            _cutmix(
                labels="weights.mean() * labels"
                " + (1 - weights.mean()) * labels[partners]"
            ),
            0.5,
            "one weight for all",
        ),
        Answer("already mixed", _cutmix(source="mixed"), 0.5, "already mixed"),
        Answer(
            "back to front",
            _cutmix(
                partner="len(images) - 1 - i",
                labels="w * labels + (1 - w) * labels[::-1]",
            ),
            0,
            "back to front",
        ),
        Answer(
            "rows and columns exchanged",
            _cutmix(
                "np.clip(b[2:], 0, height)", "np.clip(b[:2], 0, width)", weight=_WHOLE
            ),
            0,
            "rows and columns exchanged",
        ),
        Answer(
            "not written",
            f"def cutmix(images, labels, partners, boxes):\n    {_NOT_WRITTEN}",
            0,
            "not written yet",
        ),
    ),
)


def _families(
    key: str = "hashlib.sha256(min(a, b)).hexdigest()",
    families: str = "np.unique(keys[y == c])",
    count: str = "round(share * len(families))",
    seed: str = "seed",
    parts: str = "np.flatnonzero(~held), np.flatnonzero(held)",
) -> str:
    return f"""
            def key(picture):
                a, b = picture.tobytes(), picture[:, ::-1].tobytes()
                return {key}

            def split_families(keys, y, share, seed):
                rng, back = np.random.default_rng({seed}), []
                for c in np.unique(y):
                    families = {families}
                    back += list(rng.permutation(families)[:{count}])
                held = np.isin(keys, back)
                return {parts}
            """


FAMILIES = Question(
    grade_id="families",
    tests=("families-key", "families-split"),
    points=0.5,
    right=(
        Answer(
            "the smaller hash",
            _families("min(hashlib.md5(a).digest(), hashlib.md5(b).digest())"),
            0.5,
        ),
        Answer("bytes of both, sorted", _families("b''.join(sorted((a, b)))"), 0.5),
        Answer(
            "sets",
            """
            import random

            def key(picture):
                both = {picture.tobytes(), picture[:, ::-1].tobytes()}
                return hashlib.sha1(max(both)).hexdigest()

            def split_families(keys, y, share, seed):
                dice, back = random.Random(seed), set()
                for c in sorted(set(y.tolist())):
                    mine = {int(k) for k, label in zip(keys, y) if label == c}
                    names = sorted(mine)
                    back |= set(dice.sample(names, int(share * len(names))))
                rows = range(len(keys))
                train = [i for i in rows if int(keys[i]) not in back]
                return train, [i for i in rows if int(keys[i]) in back]
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "no mirror",
            _families("hashlib.sha256(a).digest()"),
            0.25,
            "mirror image forgotten",
        ),
        Answer(
            "in their order",
            _families("hashlib.sha256(a + b).digest()"),
            0.25,
            "mirror image forgotten",
        ),
        Answer("a sum", _families("int(picture.sum())"), 0.25, "too coarse"),
        Answer(
            "sorted pixels",
            _families("np.sort(picture, axis=None).tobytes()"),
            0.25,
            "too coarse",
        ),
        Answer(
            "mean of both",
            _families("(picture // 2 + picture[:, ::-1] // 2).tobytes()"),
            0.25,
            "too coarse",
        ),
        Answer(
            "sum of both",
            _families("(picture.astype(int) + picture[:, ::-1]).tobytes()"),
            0.25,
            "too coarse",
        ),
        Answer(
            "an array",
            _families("np.array([1.0, 2.0])"),
            0.25,
            "not bytes or a text",
        ),
        Answer(
            "rows drawn",
            """
            def key(picture):
                return min(picture.tobytes(), picture[:, ::-1].tobytes())

            def split_families(keys, y, share, seed):
                rows = np.random.default_rng(seed).permutation(len(y))
                cut = round(share * len(y))
                return rows[cut:], rows[:cut]
            """,
            0.25,
            "families torn apart",
        ),
        Answer(
            "class by class, rows drawn",
            _families(
                families="np.flatnonzero(y == c)",
                parts="np.setdiff1d(np.arange(len(y)), back), np.array(back)",
            ),
            0.25,
            "families torn apart",
        ),
        Answer(
            "swapped",
            _families(parts="np.flatnonzero(held), np.flatnonzero(~held)"),
            0.25,
            "parts swapped",
        ),
        Answer("seed ignored", _families(seed="0"), 0.25, "seed ignored"),
        Answer(
            "not class by class",
            """
            def key(picture):
                return min(picture.tobytes(), picture[:, ::-1].tobytes())

            def split_families(keys, y, share, seed):
                names = np.random.default_rng(seed).permutation(np.unique(keys))
                held = np.isin(keys, names[: round(share * len(names))])
                return np.flatnonzero(~held), np.flatnonzero(held)
            """,
            0.25,
            "not class by class",
        ),
        Answer(
            "keys for rows",
            _families(parts="np.unique(keys[~held]), np.unique(keys[held])"),
            0.25,
            "rows that are not there",
        ),
    ),
)


def _head(
    flat: object = 1025,
    pooled: object = 65,
    flat_large: object = 4097,
    pooled_large: object = 65,
) -> str:
    return f"""
            flat, pooled = {flat!r}, {pooled!r}
            flat_large, pooled_large = {flat_large!r}, {pooled_large!r}
            """


HEAD = Question(
    grade_id="head",
    tests=("head-predicted",),
    points=0.5,
    right=(
        Answer("numbers", _head(), 0.5),
        Answer(
            "computed",
            """
            pooled = pooled_large = 64 + 1
            flat, flat_large = ((n // 2**3) ** 2 * 64 + 1 for n in (32, 64))
            """,
            0.5,
        ),
        Answer(
            "asked of Keras",
            """
            def head(size, layer):
                parts = [keras.Input((size, size, 64)), layer, layers.Dense(1)]
                return keras.Sequential(parts).count_params()

            flat, flat_large = head(4, layers.Flatten()), head(8, layers.Flatten())
            pooled = head(4, layers.GlobalAveragePooling2D())
            pooled_large = head(8, layers.GlobalAveragePooling2D())
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("no bias", _head(flat=1024), 0, "bias forgotten"),
        Answer("one map", _head(flat=17), 0, "one map only"),
        Answer("pixels", _head(flat=3073), 0, "pixels"),
        Answer("two poolings", _head(flat=4097), 0, "pooled twice only"),
        Answer("no bias behind the mean", _head(pooled=64), 0, "bias forgotten"),
        Answer("places", _head(pooled=17), 0, "places, not maps"),
        Answer("a mean has none", _head(pooled=0), 0, "the pooling's own"),
        Answer("as before", _head(flat_large=1025), 0, "as with 32 pixels"),
        Answer("twice as many", _head(flat_large=2049), 0, "twice as much"),
        Answer("grown", _head(pooled_large=257), 0, "grown with the picture"),
        Answer("as a float", _head(flat=1025.0), 0, "float dtype"),
        Answer("unanswered", _head(None, None, None, None), 0, "has no value yet"),
    ),
)


def _net(
    stages: str = "16, 32, 64",
    convolution: str = "layers.Conv2D(f, 3, padding='same', activation='relu')",
    pooling: str = "layers.MaxPooling2D(2)",
    flat: str = "layers.GlobalAveragePooling2D()",
    head: str = "layers.Dense(1)",
    pixels: str = "32, 32, 3",
) -> str:
    return f"""
            def build_bipyramid():
                net = keras.Sequential([keras.Input(({pixels}))])
                for f in ({stages}):
                    net.add({convolution})
                    net.add({pooling})
                net.add({flat})
                net.add({head})
                return net
            """


NET = Question(
    grade_id="net",
    tests=("net-parameters", "net-layers"),
    points=0.5,
    right=(
        Answer(
            "functional",
            """
            def build_bipyramid():
                inputs = z = keras.Input((32, 32, 3))
                for filters in (16, 32, 64):
                    z = layers.Conv2D(filters, (3, 3), padding="same")(z)
                    z = layers.MaxPool2D()(layers.ReLU()(z))
                z = layers.GlobalAvgPool2D()(z)
                return keras.Model(inputs, layers.Dense(1, name="logit")(z))
            """,
            0.5,
        ),
        Answer(
            "a list",
            _net(convolution="layers.Conv2D(f, (3, 3), 1, 'same', activation='relu')"),
            0.5,
        ),
        Answer(
            "a class of its own",
            """
            class Bipyramid(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.filters = [
                        layers.Conv2D(f, 3, padding="same", activation="relu")
                        for f in (16, 32, 64)
                    ]
                    self.pool = layers.MaxPooling2D(2)
                    self.mean = layers.GlobalAveragePooling2D()
                    self.logit = layers.Dense(1)

                def call(self, x):
                    for layer in self.filters:
                        x = self.pool(layer(x))
                    return self.logit(self.mean(x))

            def build_bipyramid():
                return Bipyramid()
            """,
            0.5,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer(
            "Flatten", _net(flat="layers.Flatten()"), 0, "Dense has 1,025 parameters"
        ),
        Answer(
            "two outputs",
            _net(head="layers.Dense(2)"),
            0,
            "Dense has 130 parameters; in the bipyramid it has 65",
        ),
        Answer(
            "filters of 5×5",
            _net(convolution="layers.Conv2D(f, 5, padding='same', activation='relu')"),
            0,
            "Conv2D #1 has 1,216 parameters; in the bipyramid it has 448",
        ),
        Answer("two stages", _net("16, 32"), 0, "Dense has 33 parameters"),
        Answer("grey", _net(pixels="32, 32, 1"), 0, "Conv2D #1 has 160 parameters"),
        Answer(
            "the other way",
            _net("64, 32, 16"),
            0,
            "Conv2D #1 has 1,792 parameters; in the bipyramid it has 448",
        ),
        Answer(
            "no padding",
            _net(convolution="layers.Conv2D(f, 3, activation='relu')"),
            0.25,
            "padding",
        ),
        Answer(
            "mean pooling",
            _net(pooling="layers.AveragePooling2D(2)"),
            0.25,
            "AveragePooling2D",
        ),
        Answer(
            "largest of each map",
            _net(flat="layers.GlobalMaxPooling2D()"),
            0.25,
            "GlobalMaxPooling2D",
        ),
        Answer(
            "sigmoid",
            _net(head="layers.Dense(1, activation='sigmoid')"),
            0.25,
            "sigmoid",
        ),
        Answer(
            "no ReLU",
            _net(convolution="layers.Conv2D(f, 3, padding='same')"),
            0.25,
            "relu",
        ),
        Answer(
            "not returned",
            _net().replace("return net", "net.summary()"),
            0,
            "returned None",
        ),
    ),
)


def _cam(
    weights: str = "gradients.mean(axis=(1, 2), keepdims=True)",
    answer: str = "np.maximum((weights * maps).sum(axis=-1), 0)",
) -> str:
    return f"""
            def grad_cam(maps, gradients):
                weights = {weights}
                return {answer}
            """


CAM = Question(
    grade_id="cam",
    tests=("cam-values",),
    points=0.5,
    right=(
        Answer(
            "einsum",
            """
            def grad_cam(maps, gradients):
                w = np.einsum("nhwc->nc", gradients) / gradients[0, :, :, 0].size
                heat = np.einsum("nc,nhwc->nhw", w, maps)
                return heat * (heat > 0)
            """,
            0.5,
        ),
        Answer(
            "in loops",
            """
            def grad_cam(maps, gradients):
                n, h, w, channels = maps.shape
                heat = np.zeros((n, h, w))
                for i in range(n):
                    for k in range(channels):
                        heat[i] += np.mean(gradients[i, :, :, k]) * maps[i, :, :, k]
                heat[heat < 0] = 0
                return heat
            """,
            0.5,
        ),
        Answer(
            "as tensors",
            """
            def grad_cam(maps, gradients):
                weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
                return tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1))
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "not cut off",
            _cam(answer="(weights * maps).sum(axis=-1)"),
            0,
            "not cut off",
        ),
        Answer("place by place", _cam("gradients"), 0, "every place its own gradient"),
        Answer(
            "summed",
            _cam("gradients.sum(axis=(1, 2), keepdims=True)"),
            0,
            "weights summed",
        ),
        Answer(
            "over the batch",
            _cam("gradients.mean(axis=(0, 1, 2))"),
            0,
            "weights of the whole batch",
        ),
        Answer(
            "sizes of the weights",
            _cam("np.abs(gradients.mean(axis=(1, 2), keepdims=True))"),
            0,
            "signs of the weights lost",
        ),
        Answer(
            "cut off too early",
            _cam(answer="np.maximum(weights * maps, 0).sum(axis=-1)"),
            0,
            "cut off too early",
        ),
        Answer("no weights", _cam("1"), 0, "weights forgotten"),
        Answer(
            "mean of the maps",
            _cam(answer="np.maximum((weights * maps).mean(axis=-1), 0)"),
            0,
            "mean over the maps",
        ),
        Answer(
            "exchanged",
            _cam(
                "maps.mean(axis=(1, 2), keepdims=True)",
                "np.maximum((weights * gradients).sum(axis=-1), 0)",
            ),
            0,
            "exchanged",
        ),
        Answer(
            "brought to 1",
            _cam(
                answer="np.maximum((weights * maps).sum(axis=-1), 0)"
                " / np.maximum((weights * maps).sum(axis=-1), 0).max()"
            ),
            0,
            "brought to 1",
        ),
        Answer(
            "not added up",
            _cam(answer="np.maximum(weights * maps, 0)"),
            0,
            "not added up",
        ),
        Answer(
            "not written",
            f"def grad_cam(maps, gradients):\n    {_NOT_WRITTEN}",
            0,
            "not written yet",
        ),
    ),
)


def _output(
    letters: tuple[object, object] = ("B", "C"),
    head: str = "layers.Dense(1)",
    loss: str = "keras.losses.BinaryCrossentropy(from_logits=True)",
    metrics: str = "[keras.metrics.BinaryAccuracy(threshold=0)]",
    compiled: str = "net.compile('adam', loss, metrics=metrics)",
) -> str:
    return f"""
            head_fault, metric_fault = {letters!r}

            def one_output():
                net = keras.Sequential([
                    keras.Input((32, 32, 3)),
                    layers.Conv2D(8, 3, activation="relu"),
                    layers.GlobalAveragePooling2D(),
                    {head},
                ])
                loss, metrics = {loss}, {metrics}
                {compiled}
                return net
            """


OUTPUT = Question(
    grade_id="output",
    tests=("output-fault", "output-repaired"),
    points=0.5,
    right=(
        Answer("a logit and a border of 0", _output(), 0.5),
        Answer(
            "a probability",
            _output(
                head="layers.Dense(1, activation='sigmoid')",
                loss="'binary_crossentropy'",
                metrics="['accuracy']",
            ),
            0.5,
        ),
        Answer(
            "functional, with a name",
            """
            def one_output():
                inputs = keras.Input((32, 32, 3))
                z = layers.Conv2D(4, 3, activation="relu")(inputs)
                z = layers.Dense(1)(layers.Flatten()(z))
                net = keras.Model(inputs, z)
                right = keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)
                loss = keras.losses.BinaryCrossentropy(from_logits=True)
                how = {"optimizer": keras.optimizers.Adam(), "metrics": [right]}
                net.compile(loss=loss, **how)
                return net

            head_fault = "B"
            metric_fault = "C"
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("the pooling", _output(("A", "C")), 0.25, "not the pooling"),
        Answer("the loss", _output(("C", "C")), 0.25, "not the loss"),
        Answer(
            "no activation", _output(("B", "B")), 0.25, "not the missing activation"
        ),
        Answer("the training", _output(("B", "D")), 0.25, "not the training"),
        Answer(
            "as it was",
            _output(
                head="layers.Dense(1, activation='softmax')",
                loss="keras.losses.BinaryCrossentropy()",
                metrics="['accuracy']",
            ),
            0.25,
            "a softmax of one value",
        ),
        Answer(
            "the second attempt",
            _output(metrics="[keras.metrics.BinaryAccuracy()]"),
            0.25,
            "a threshold for probabilities",
        ),
        Answer(
            "accuracy by name",
            _output(metrics="['accuracy']"),
            0.25,
            "a threshold for probabilities",
        ),
        Answer(
            "loss not told",
            _output(loss="'binary_crossentropy'"),
            0.25,
            "logits taken for probabilities",
        ),
        Answer(
            "sigmoid twice",
            _output(head="layers.Dense(1, activation='sigmoid')"),
            0.25,
            "sigmoid twice",
        ),
        Answer("no accuracy", _output(metrics="[]"), 0.25, "metrics forgotten"),
        Answer("not compiled", _output(compiled="pass"), 0.25, "compile forgotten"),
        Answer(
            "two outputs",
            _output(
                head="layers.Dense(2)",
                loss="keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
                metrics="['accuracy']",
            ),
            0.25,
            "not one output",
        ),
    ),
)


def _datasets(
    train: str = "train.shuffle(len(x)).batch(32).map(changed)",
    validation: str = "validation.batch(32)",
    letter: object = "B",
) -> str:
    return f"""
            validation_fault = {letter!r}

            def datasets(x, y, x_val, y_val):
                train = tf.data.Dataset.from_tensor_slices((x, y))
                validation = tf.data.Dataset.from_tensor_slices((x_val, y_val))
                return {train}, {validation}
            """


DATASETS = Question(
    grade_id="datasets",
    tests=("datasets-fault", "datasets-repaired"),
    points=0.5,
    right=(
        Answer(
            "cached, shuffled, changed, ahead",
            _datasets(
                "train.cache().shuffle(len(x)).batch(32).map(changed).prefetch(2)",
                "validation.batch(32).cache()",
            ),
            0.5,
        ),
        Answer(
            "a lambda",
            _datasets(
                "train.batch(32).map(lambda a, b: (change(a, training=True), b),"
                " num_parallel_calls=tf.data.AUTOTUNE)"
            ),
            0.5,
        ),
        Answer(
            "layers of its own",
            """
            turn = layers.RandomRotation(0.05)
            light = layers.RandomBrightness(0.1, value_range=(0, 1))

            def datasets(x, y, x_val, y_val):
                def augment(pictures, labels):
                    pictures = light(turn(pictures, training=True), training=True)
                    return tf.clip_by_value(pictures, 0, 1), labels

                def pairs(images, labels):
                    both = tf.data.Dataset.from_tensor_slices((images, labels))
                    return both.batch(32)

                return [pairs(x, y).map(augment), pairs(x_val, y_val)]

            validation_fault = "B"
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer(
            "the batches", _datasets(letter="A"), 0.25, "not the size of the batches"
        ),
        Answer("a cache", _datasets(letter="C"), 0.25, "not the cache"),
        Answer("the labels", _datasets(letter="D"), 0.25, "not the labels"),
        Answer(
            "as it was",
            _datasets(validation="validation.batch(32).map(changed)"),
            0.25,
            "augmented validation",
        ),
        Answer(
            "neither",
            _datasets("train.batch(32)"),
            0.25,
            "no augmentation",
        ),
        Answer(
            "the other one",
            _datasets("train.batch(32)", "validation.batch(32).map(changed)"),
            0.25,
            "augmented validation",
        ),
        Answer(
            "changed once for ever",
            _datasets("train.batch(32).map(changed).cache()"),
            0.25,
            "the same each time",
        ),
        Answer(
            "not in training mode",
            _datasets(
                "train.batch(32).map(lambda a, b: (change(a, training=False), b))"
            ),
            0.25,
            "no augmentation",
        ),
        Answer(
            "labels lost",
            _datasets("train.batch(32).map(lambda a, b: change(a, training=True))"),
            0.25,
            "pictures without labels",
        ),
        Answer(
            "out of step",
            _datasets(
                "tf.data.Dataset.zip((train.map(lambda a, b: a).shuffle(len(x)),"
                " train.map(lambda a, b: b))).batch(32).map(changed)"
            ),
            0.25,
            "another's label",
        ),
        Answer(
            "a batch lost",
            _datasets(
                "train.batch(32, drop_remainder=True).map(changed)",
            ),
            0.25,
            "loses or repeats pictures",
        ),
        Answer(
            "twice over",
            _datasets("train.shuffle(len(x)).repeat(2).batch(32).map(changed)"),
            0.25,
            "loses or repeats pictures",
        ),
        Answer(
            "scaled once more",
            _datasets(
                "train.batch(32).map(changed).map(lambda a, b: (a / 255, b))",
            ),
            0.25,
            "scaled twice",
        ),
    ),
)


def _map(
    call: str = "net(pictures, training=False)",
    answer: str = "np.abs(gradient).max(axis=-1)",
    letter: object = "B",
    logit: str = "logit",
) -> str:
    return f"""
            map_fault = {letter!r}

            def saliency(net, images):
                pictures = tf.convert_to_tensor(images)
                with tf.GradientTape() as tape:
                    tape.watch(pictures)
                    logit = {call}
                    asked = {logit}
                gradient = tape.gradient(asked, pictures).numpy()
                return {answer}
            """


MAP = Question(
    grade_id="map",
    tests=("map-fault", "map-repaired"),
    points=0.5,
    right=(
        Answer("told to stand still", _map(), 0.5),
        Answer(
            "the course's own",
            """
            from course_utils import explain

            def saliency(net, images):
                return explain.saliency(net, images)

            map_fault = "B"
            """,
            0.5,
        ),
        Answer(
            "random layers left out",
            """
            def saliency(net, images):
                def is_still(layer):
                    return "Random" not in type(layer).__name__

                still, maps = [one for one in net.layers if is_still(one)], []
                for image in images:
                    z = picture = tf.Variable(image[None])
                    with tf.GradientTape() as tape:
                        for layer in still:
                            z = layer(z)
                    maps.append(tf.reduce_max(tf.abs(tape.gradient(z, picture)), -1)[0])
                return np.stack(maps)

            map_fault = "B"
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("the probability", _map(letter="A"), 0.25, "not the probability"),
        Answer("the channels", _map(letter="C"), 0.25, "not the channels"),
        Answer("the training", _map(letter="D"), 0.25, "not the trained weights"),
        Answer("as it was", _map("net(pictures)"), 0.25, "random layers at work"),
        Answer(
            "in training mode",
            _map("net(pictures, training=True)"),
            0.25,
            "random layers at work",
        ),
        Answer(
            "signs kept",
            _map(answer="gradient.max(axis=-1)"),
            0.25,
            "signs kept",
        ),
        Answer(
            "mean of the channels",
            _map(answer="np.abs(gradient).mean(axis=-1)"),
            0.25,
            "mean over the channels",
        ),
        Answer(
            "all channels",
            _map(answer="np.abs(gradient)"),
            0.25,
            "gradients as they are",
        ),
        Answer(
            "of the probability",
            _map(logit="tf.sigmoid(logit)"),
            0.25,
            "of the probability",
        ),
        Answer(
            "one channel",
            _map(answer="np.abs(gradient[..., 0])"),
            0.25,
            "one channel",
        ),
        Answer(
            "predicted",
            _map("tf.constant(net.predict(images, verbose=0))"),
            0.25,
            "object has no attribute 'numpy'",
        ),
        Answer(
            "not written",
            "map_fault = None\n\ndef saliency(net, images):\n"
            "    raise NotImplementedError()",
            0,
            "has no value yet",
        ),
    ),
)


def _norm(
    before: str = "base.trainable = True",
    frozen: str = "layer.trainable = not isinstance(layer, layers.BatchNormalization)",
    after: str = "pass",
    call: str = "base(inputs)",
    fit: str = "net.fit(x, y, batch_size=32, verbose=0)",
    answer: str = "net",
    letter: object = "C",
) -> str:
    return f"""
            norm_fault = {letter!r}

            def fine_tune(x, y):
                base = make_base()
                {before}
                for layer in base.layers:
                    {frozen}
                {after}
                inputs = keras.Input((32, 32, 3))
                net = keras.Model(inputs, layers.Dense(1)({call}))
                loss = keras.losses.BinaryCrossentropy(from_logits=True)
                net.compile(keras.optimizers.Adam(1e-3), loss)
                {fit}
                return {answer}
            """


NORM = Question(
    grade_id="norm",
    tests=("norm-fault", "norm-repaired"),
    points=0.5,
    right=(
        Answer("all but the norms", _norm(), 0.5),
        Answer(
            "the call as well",
            _norm(call="base(inputs, training=False)"),
            0.5,
        ),
        Answer(
            "steps by hand",
            """
            norm_fault = "C"

            def fine_tune(x, y):
                base = make_base()
                net = keras.Sequential([base, layers.Dense(1)])
                optimizer = keras.optimizers.Adam(1e-4)
                for rows in np.array_split(np.arange(len(x)), 2):
                    with tf.GradientTape() as tape:
                        z = net(x[rows], training=False)[:, 0]
                        truth = tf.cast(y[rows], tf.float32)
                        loss = tf.nn.sigmoid_cross_entropy_with_logits(truth, z)
                    weights = net.trainable_variables
                    slopes = tape.gradient(loss, weights)
                    optimizer.apply_gradients(zip(slopes, weights))
                return net
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("frozen", _norm(letter="A"), 0.25, "not frozen"),
        Answer("the rate", _norm(letter="B"), 0.25, "not the rate"),
        Answer("the head", _norm(letter="D"), 0.25, "not the head"),
        Answer(
            "as it was",
            _norm(frozen="pass", call="base(inputs, training=False)"),
            0.25,
            "batch normalisation in training mode",
        ),
        Answer(
            "all of it frozen",
            _norm("base.trainable = False", "pass"),
            0.25,
            "all of it frozen",
        ),
        Answer(
            "set free again",
            _norm(before="base.trainable = False", after="base.trainable = True"),
            0.25,
            "batch normalisation in training mode",
        ),
        Answer(
            "the wrong layers",
            _norm(frozen="layer.trainable = not isinstance(layer, layers.Conv2D)"),
            0.25,
            "batch normalisation in training mode",
        ),
        Answer(
            "not trained", _norm(fit="pass"), 0.25, "all of it frozen, or not trained"
        ),
        Answer(
            "the history",
            _norm(fit="net = net.fit(x, y, verbose=0)"),
            0.25,
            "A Keras model is needed",
        ),
        Answer("the base alone", _norm(answer="base"), 0.25, "one logit"),
        Answer(
            "nothing returned",
            _norm(answer="None"),
            0.25,
            "has no value yet",
        ),
    ),
)


def _units(
    turn: str = "30 / 360",
    light: str = "0.2, value_range=(0, 1)",
    letter: object = "B",
) -> str:
    return f"""
            units_fault = {letter!r}

            def gentle_changes():
                return keras.Sequential([
                    layers.RandomRotation({turn}), layers.RandomBrightness({light})
                ])
            """


UNITS = Question(
    grade_id="units",
    tests=("units-fault", "units-repaired"),
    points=0.5,
    right=(
        Answer("a single number", _units(), 0.5),
        Answer(
            "from and to",
            _units("(-1 / 12, 1 / 12), fill_mode='nearest'", "(-0.2, 0.2), [0, 1]"),
            0.5,
        ),
        Answer(
            "functional, the other way round",
            """
            def gentle_changes():
                inputs = keras.Input((None, None, 3))
                z = layers.RandomBrightness(0.2, value_range=(0.0, 1.0))(inputs)
                z = layers.RandomRotation(0.0833, fill_mode="constant")(z)
                return keras.Model(inputs, z)

            units_fault = "B"
            """,
            0.5,
        ),
    ),
    wrong=(
        Answer("the order", _units(letter="A"), 0.25, "not the order"),
        Answer("the number", _units(letter="C"), 0.25, "not the number of pictures"),
        Answer("the seed", _units(letter="D"), 0.25, "not the seed"),
        Answer(
            "as it was", _units("(-30, 30)", "0.2"), 0.25, "another range of pixels"
        ),
        Answer("degrees", _units("30"), 0.25, "Your function raises"),
        Answer("radians", _units("np.pi / 6"), 0.25, "degrees for turns"),
        Answer("of half a turn", _units("30 / 180"), 0.25, "degrees for turns"),
        Answer("one way only", _units("(0, 30 / 360)"), 0.25, "one way only"),
        Answer("hardly turned", _units("30 / 3600"), 0.25, "turns too small"),
        Answer("lighter only", _units(light="(0, 0.2), (0, 1)"), 0.25, "one way only"),
        Answer(
            "a share of 255",
            _units(light="0.2 / 255, (0, 1)"),
            0.25,
            "brightness as it was",
        ),
        Answer(
            "a list of layers",
            """
            units_fault = "B"

            def gentle_changes():
                return [layers.RandomRotation(30 / 360), layers.RandomBrightness(0.2)]
            """,
            0.25,
            "a list of layers",
        ),
    ),
)


_BEHIND_MEAN = "layers.GlobalAveragePooling2D(), layers.Dense(1)"


def _own(
    before: str = "layers.RandomFlip('horizontal')",
    width: int = 16,
    head: str = "layers.Flatten(), layers.Dense(1)",
    epochs: int = 9,
    watched: str = "validation_data=(x_val, y_val), ",
    pictures: str = "x, y",
    after: str = "",
) -> str:
    return f"""
            keras.utils.set_random_seed(2)
            own = keras.Sequential([
                keras.Input((32, 32, 3)),
                {before},
                layers.Conv2D({width}, 5, strides=2, padding="same"),
                layers.BatchNormalization(momentum=0.9), layers.ReLU(),
                layers.Conv2D({2 * width}, 3, padding="same"),
                layers.BatchNormalization(momentum=0.9), layers.ReLU(),
                layers.MaxPooling2D(2),
                {head},
            ])
            falling = keras.optimizers.schedules.CosineDecay(2e-3, 63 * {epochs})
            own.compile(
                keras.optimizers.Adam(falling),
                keras.losses.BinaryCrossentropy(from_logits=True),
                metrics=[keras.metrics.BinaryAccuracy(threshold=0)],
            )
            own_history = own.fit(
                {pictures}, {watched}batch_size=32, epochs={epochs}, verbose=0
            )
            {after}
            """


def _linear(before: str, epochs: int) -> str:
    """A net without filters, trained for as long as the budget lets it."""
    return f"""
            keras.utils.set_random_seed(4)
            own = keras.Sequential([
                keras.Input((32, 32, 3)), {before}, layers.Flatten(), layers.Dense(1)
            ])
            own.compile(
                keras.optimizers.Adam(3e-4),
                keras.losses.BinaryCrossentropy(from_logits=True),
                metrics=[keras.metrics.BinaryAccuracy(threshold=0)],
            )
            own_history = own.fit(
                x, y, batch_size=32, epochs={epochs}, verbose=0,
                validation_data=(x_val, y_val),
            )
            """


OWN = Question(
    grade_id="own",
    group="own",
    tests=("own-budget", "own-augmented", "own-accuracy"),
    points=1,
    right=(
        Answer("without dropout", _own(), 1),
        Answer(
            "two outputs, and a rotation",
            """
            keras.utils.set_random_seed(3)
            inputs = z = keras.Input((32, 32, 3))
            z = layers.RandomFlip("horizontal")(z)
            z = layers.RandomRotation(0.03)(z)
            for filters, stride in ((16, 2), (32, 1), (48, 1)):
                how = {"padding": "same", "activation": "relu"}
                z = layers.Conv2D(filters, 3, stride, **how)(z)
                z = layers.MaxPooling2D(2)(z)
            outputs = layers.Dense(2, activation="softmax")(layers.Flatten()(z))
            own = keras.Model(inputs, outputs)
            own.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            own_history = own.fit(
                x, y, validation_data=(x_val, y_val), epochs=12, verbose=0
            ).history
            """,
            1,
        ),
        Answer(
            "moved as well, with a sigmoid",
            _own(
                "layers.RandomFlip('horizontal'), layers.RandomTranslation(0.05, 0.05)",
                head="layers.Conv2D(48, 3, activation='relu'), layers.Flatten(),"
                " layers.Dense(1, activation='sigmoid')",
            )
            .replace("from_logits=True", "")
            .replace("threshold=0", ""),
            1,
        ),
        Answer(
            "a class of its own, an augmenter in it",
            """
            class Own(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.augmenter = keras.Sequential([layers.RandomFlip("horizontal")])
                    self.stages = [
                        layers.Conv2D(16, 5, 2, "same", activation="relu"),
                        layers.Conv2D(32, 3, padding="same", activation="relu"),
                        layers.MaxPooling2D(2),
                        layers.Flatten(),
                        layers.Dense(1),
                    ]

                def call(self, z, training=False):
                    z = self.augmenter(z, training=training)
                    for stage in self.stages:
                        z = stage(z)
                    return z

            keras.utils.set_random_seed(5)
            own = Own()
            own.compile(
                keras.optimizers.Adam(2e-3),
                keras.losses.BinaryCrossentropy(from_logits=True),
            )
            own_history = own.fit(
                x, y, 32, epochs=10, validation_data=(x_val, y_val), verbose=0
            )
            """,
            1,
            remarks=("custom_model",),
        ),
    ),
    wrong=(
        Answer("unanswered", "own = own_history = None", 0, "has no value yet"),
        Answer(
            "a linear net",
            _linear("layers.RandomFlip('horizontal')", 12),
            0.5,
            "Likely mistake",
        ),
        Answer(
            "not augmented",
            _own("layers.Identity()"),
            0.75,
            "augmentation outside the net",
        ),
        Answer(
            "changed beforehand",
            _own(
                "layers.Identity()",
                pictures="layers.RandomFlip('horizontal')(x, training=True), y",
            ),
            0.75,
            "augmentation outside the net",
        ),
        Answer(
            "moved by nothing",
            _own("layers.RandomTranslation(0, 0)"),
            0.75,
            "nothing changed",
        ),
        Answer(
            "no validation",
            _own(watched=""),
            0.75,
            "no validation curves",
        ),
        Answer(
            "too many parameters",
            _own(width=64, epochs=3, pictures="x[:320], y[:320]"),
            0.5,
            "more parameters than its budget",
        ),
        Answer(
            "a single epoch",
            _own(head=_BEHIND_MEAN, epochs=1, pictures="x[:64], y[:64]"),
            0.25,
            "makes no curve",
        ),
        Answer(
            "too many epochs",
            _own(epochs=20, pictures="x[:64], y[:64]"),
            0.25,
            "more epochs than its budget",
        ),
        Answer(
            "softmax of one output",
            _own(
                head="layers.Flatten(), layers.Dense(1, activation='softmax')",
                epochs=2,
                pictures="x[:640], y[:640]",
            ).replace("from_logits=True", ""),
            0.5,
            "A softmax of a single number",
        ),
        Answer(
            "labels of others",
            _own(
                epochs=6,
                pictures="x[:640], np.random.default_rng(0).permutation(y[:640])",
            ),
            0.5,
            "Likely mistake",
        ),
        Answer(
            "the history as a net",
            _own(epochs=3, pictures="x[:320], y[:320]", after="own = own_history"),
            0.25,
            "holds what `fit` returns",
        ),
        Answer(
            "trained on bytes",
            _own(pictures="255 * x, y", epochs=6),
            0.5,
            "pixels not scaled",
        ),
        Answer(
            "net and history exchanged",
            _own(
                epochs=2,
                pictures="x[:64], y[:64]",
                after="own, own_history = own_history, own",
            ),
            0,
            "holds a net",
        ),
    ),
)

QUESTIONS = (
    CURVES,
    LABELS,
    MOVED,
    CUTOUT,
    MIXUP,
    CUTMIX,
    FAMILIES,
    HEAD,
    NET,
    OWN,
    CAM,
    OUTPUT,
    DATASETS,
    MAP,
    NORM,
    UNITS,
)
POINTS_BY_HAND = 1
