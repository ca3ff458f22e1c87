"""What can go wrong with the image sets, one class per remedy."""

from course_utils.errors import CourseError


class UnknownDataset(CourseError):
    """There is no image set of that name."""


class UnknownSource(CourseError):
    """A set comes from a file, a download or the drawing code, nowhere else."""


class DatasetUnavailable(CourseError):
    """The set is not on this machine and cannot be brought here now."""


class DataFileError(CourseError):
    """A file that should hold a set does not."""


class CacheFolderError(CourseError):
    """The cache folder cannot be read or written."""


class DownloadError(CourseError):
    """A file could not be fetched from its publisher."""
