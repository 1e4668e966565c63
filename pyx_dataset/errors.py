"""What can go wrong, and whose fault it is.

A *program* that misbehaves is data: its run ends in an `Outcome` and nothing is raised.
What is raised is about us or about what we were asked to do::

    PyxError
    ├── ConfigError      a setting that does not exist or is out of range
    ├── InputError       something named by the user is missing or is not what it should be
    ├── StoreError       the output folder cannot be written, is in use, or is damaged
    ├── SandboxError     the sandbox itself failed, or is weaker than required
    ├── TeacherError     a language model cannot be asked, or may not be asked any more
    └── NotNarratable    no checked monologue can be written for this call; `.reason` says why

The rule: a message names what was asked, what was found, and what would be right.
The command line turns every `PyxError` into one sentence and exit code 2.
"""


class PyxError(Exception):
    """Anything this package raises on purpose."""


class ConfigError(PyxError):
    """A setting that does not exist or is out of range."""


class InputError(PyxError):
    """Something the user named is missing or is not what it should be."""


class StoreError(PyxError):
    """The output folder cannot be written, is in use, or is damaged."""


class SandboxError(PyxError):
    """The sandbox failed, or is weaker than required. Never the program's fault."""


class TeacherError(PyxError):
    """A language model cannot be asked, or may not be asked any more. No answer is lost."""


class NotNarratable(PyxError):  # noqa: N818  (public name, fixed by the contract)
    """No checked monologue can be written for this call."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        """One of `pyx_dataset.reasons.REASONS`."""
