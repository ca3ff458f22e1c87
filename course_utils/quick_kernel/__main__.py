"""``python -m course_utils.quick_kernel``: install the kernel into this environment."""

import sys

from course_utils.quick_kernel import NAME, install


def main() -> None:
    """Install the kernel, or say in one sentence why it cannot be installed."""
    try:
        install()
    except OSError as error:
        sys.exit(
            f"The kernel {NAME} cannot be installed into this Python's environment "
            f"({error.strerror}); make a virtual environment of your own (make demo)."
        )
    print(f"The kernel {NAME} is installed.")


if __name__ == "__main__":
    main()
