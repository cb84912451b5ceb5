"""What Git LFS leaves in the place of a file whose bytes lie elsewhere, by its specification."""

_BEGINNING = b"version https://git-lfs.github.com/spec/"
POINTER_SIZES = range(100, 1_025)  # bytes: a pointer has 126 or some more, at most 1,024 by its specification


def is_git_pointer(data: bytes) -> bool:
    return len(data) in POINTER_SIZES and data.startswith(_BEGINNING)
