"""
PYX: Python programs whose meaning is spelled out, every answer proved by execution.

After ``import pyx_dataset``, ``datasets.load_dataset("pyx", CONFIG)`` works from any folder.
"""

from pyx_dataset.builder import PyxBuilder, register
from pyx_dataset.calls import check_monologue, narrate, trace_call
from pyx_dataset.config import BuildConfig, Limits, load_config
from pyx_dataset.errors import PyxError
from pyx_dataset.grading import Verdict, grade_input, grade_output, pass_at_k
from pyx_dataset.pipeline import build
from pyx_dataset.sandbox.pool import Job, JobResult, Sandbox

__version__ = "0.1.0"
__all__ = [
    "BuildConfig",
    "Job",
    "JobResult",
    "Limits",
    "PyxBuilder",
    "PyxError",
    "Sandbox",
    "Verdict",
    "build",
    "check_monologue",
    "grade_input",
    "grade_output",
    "load_config",
    "narrate",
    "pass_at_k",
    "trace_call",
]

register()
