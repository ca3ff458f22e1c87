"""The parts that pictures are drawn with: dice and distances."""

import numpy as np
import pytest

from course_utils.data.drawn import shapes
from course_utils.data.drawn.dice import Dice, grain, shuffled_labels


def at(*points):
    """Coordinates of single points in the shape of pixels."""
    x, y = np.array(points, dtype=np.float32).T
    return x[None, None], y[None, None]


def test_a_picture_gets_the_same_numbers_wherever_drawing_starts():
    all_of_them = Dice.of_pictures(0, "set/train", 0, 20).uniforms(5, 0, 1)
    some = Dice.of_pictures(0, "set/train", 13, 17).uniforms(5, 0, 1)
    np.testing.assert_array_equal(some, all_of_them[13:17])


def test_dice_that_are_picked_go_on_where_the_others_stand():
    dice = Dice.of_pictures(0, "set/train", 0, 20)
    again = Dice.of_pictures(0, "set/train", 0, 20)
    dice.uniform(0, 1), again.uniform(0, 1)
    rows = np.array([3, 11])
    picked = dice.pick(rows)
    np.testing.assert_array_equal(picked.uniform(0, 1), again.uniform(0, 1)[rows])


def test_splits_and_seeds_have_streams_of_their_own():
    streams = [(0, "a/train"), (0, "a/test"), (0, "b/train"), (1, "a/train")]
    first = [Dice.of_pictures(*s, 0, 1).uniforms(4, 0, 1).tobytes() for s in streams]
    assert len(set(first)) == len(streams)


def test_throws_have_the_spread_that_they_claim():
    dice = Dice.of_pictures(0, "set/train", 0, 4000)
    assert abs(dice.spread(0.2, 20).std() - 0.2) < 0.003
    uniform = dice.uniform(-1, 3)
    assert -1 <= uniform.min() < -0.9
    assert 2.9 < uniform.max() <= 3
    assert set(dice.choice(3)) == {0, 1, 2}
    assert abs(dice.chance(0.3).mean() - 0.3) < 0.03


def test_camera_noise_belongs_to_the_picture_and_has_its_spread():
    noise = grain(0, "set/train", 0, 50, 28 * 28)
    np.testing.assert_array_equal(grain(0, "set/train", 20, 30, 28 * 28), noise[20:30])
    assert abs(noise.std() - 104.5) < 1
    assert abs(noise.mean()) < 2


def test_labels_are_shuffled_and_each_group_holds_every_class():
    labels = shuffled_labels(1000, 10, 0, "set/train").reshape(100, 10)
    assert (np.sort(labels, axis=1) == np.arange(10)).all()
    assert len(np.unique(labels, axis=0)) > 95


@pytest.mark.parametrize("angle", [-1.5, -0.3, 0.0, 0.1, 1.5])
def test_a_rotation_keeps_lengths(angle):
    cosine, sine = shapes.rotation(np.array([angle]))
    assert cosine**2 + sine**2 == pytest.approx(1)
    assert np.arctan2(sine, cosine) == pytest.approx(angle, abs=0.15)


def test_a_thing_is_seen_from_where_it_stands():
    quarter_turn = np.float32(np.pi / 2)
    x, y = shapes.placed(*at((0.5, 0.9)), (0.5, 0.5), 0.4, quarter_turn)
    assert (x.item(), y.item()) == (
        pytest.approx(1, abs=0.05),
        pytest.approx(0, abs=0.15),
    )


@pytest.mark.parametrize(
    ("distance", "point", "expected"),
    [
        (lambda x, y: shapes.box(x, y, (0, 0), (0.5, 0.2)), (0.8, 0.6), 0.5),
        (lambda x, y: shapes.box(x, y, (0, 0), (0.5, 0.2)), (0, 0), -0.2),
        (lambda x, y: shapes.box(x, y, (0, 0), (0.5, 0.5), 0.2), (0.3, 0.5), 0),
        (lambda x, y: shapes.ellipse(x, y, (0.1, 0), (0.5, 0.2)), (0.6, 0), 0),
        (lambda x, y: shapes.ellipse(x, y, (0, 0), (0.5, 0.5)), (0, 0.9), 0.4),
        (lambda x, y: shapes.limb(x, y, (0, 0), (1, 0), 0.1), (0.5, 0.3), 0.2),
        (lambda x, y: shapes.limb(x, y, (0, 0), (1, 0), 0.1), (1.5, 0), 0.4),
        (lambda x, y: shapes.limb(x, y, (0, 0), (1, 0), 0.1, 0.3), (1, 0.5), 0.2),
        (lambda x, y: shapes.limb(x, y, (0.2, 0.2), (0.2, 0.2), 0.1), (0.2, 0.5), 0.2),
        (lambda x, y: shapes.stripes(x, 0.5), (0.25, 0), 0),
        (lambda x, y: shapes.stripes(x, 0.5), (0.5, 0), 1),
    ],
)
def test_distances_are_measured_from_the_outline(distance, point, expected):
    assert distance(*at(point)).item() == pytest.approx(expected, abs=1e-6)


def test_a_convex_polygon_is_negative_inside_and_positive_outside():
    triangle = [(0, -1), (1, 1), (-1, 1)]
    inside, outside, edge = shapes.convex(
        *at((0, 0.5), (0.9, -0.5), (0, 1)), triangle
    ).ravel()
    assert inside < 0 < outside
    assert edge == pytest.approx(0, abs=1e-6)


def test_the_distance_to_a_polyline_is_that_to_its_nearest_piece():
    points = np.array([[[0, 0], [1, 0], [1, 1]]], dtype=np.float32)
    distances = shapes.polyline(*at((0.5, -0.2), (1.3, 0.5), (-0.4, 0.3)), points)
    assert distances.ravel() == pytest.approx([0.2, 0.3, 0.5])


def test_shapes_join_by_the_smaller_and_cut_by_the_larger_distance():
    left, right = np.float32([[[-1, 2]]]), np.float32([[[3, -2]]])
    assert shapes.union(left, right).ravel().tolist() == [-1, -2]
    assert shapes.cut(left, right).ravel().tolist() == [-1, 2]


def test_a_pixel_on_the_outline_is_half_covered():
    covered = shapes.cover(np.float32([-1, -0.025, 0, 0.025, 1]), 0.1)
    assert covered == pytest.approx([1, 0.75, 0.5, 0.25, 0])


def test_paint_mixes_by_coverage():
    canvas = np.full((1, 1, 3), 0.2, dtype=np.float32)
    shapes.paint(canvas, np.float32([0, 0.5, 1]), 0.8)
    assert canvas.ravel() == pytest.approx([0.2, 0.5, 0.8])


def test_clouds_are_smooth_and_differ_between_pictures():
    field = shapes.clouds(Dice.of_pictures(0, "set/train", 0, 3), 32, 4)
    assert field.shape == (3, 32, 32)
    assert abs(np.diff(field, axis=1)).max() < 0.25
    assert 0 <= field.min() < field.max() <= 1
    assert not np.array_equal(field[0], field[1])


def test_colours_come_from_the_palette_and_stay_in_range():
    palette = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    dice = Dice.of_pictures(0, "set/train", 0, 200)
    colours = shapes.colours(dice, palette, 0.1)
    assert colours.shape == (3, 200, 1, 1)
    assert 0 <= colours.min() < colours.max() <= 1
    nearest = (colours[0] > colours[1]).mean()
    assert 0.35 < nearest < 0.65
