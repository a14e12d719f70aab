"""A few children of this process. They get ready while it goes on with other work, and then each takes the next item
that nobody has taken.

Only for a process with one thread: the children would have the locks of the others, locked, and nobody to open them.
"""

import fcntl
import os
import pickle
import select
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

from matrix.plan.errors import ENDED, PlanError


class Crew:
    """`once` is done by the first child before it becomes several, such as imports; `each_of_them` by every child."""

    def __init__(self, work: Callable, *, size: int, once=lambda: None, each_of_them=lambda: None):
        pipes = [
            (*os.pipe(), *os.pipe()) for _ in range(size)
        ]  # questions to read and write, answers to read and write
        self.first = os.fork()
        if self.first == 0:
            _live(pipes, work, once, each_of_them)
        self.members, self.busy = [], {}
        for questions, to_ask, to_hear, answers in pipes:
            os.close(questions)
            os.close(answers)
            self.members.append(_Member(to_ask, to_hear))

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        for member in self.members:
            member.end()
        if kind or self.busy:  # what they made is on disk; what they are making nobody waits for any more
            for pid in filter(None, [*(member.pid for member in self.members), self.first]):
                with suppress(ProcessLookupError):
                    os.kill(pid, 9)
        with suppress(ChildProcessError):
            os.waitpid(self.first, 0)

    def each(self, items: list, meanwhile: Callable = lambda: None) -> Iterator[tuple]:
        """Yields (item, result) as they come. When a child is ended from outside, or fails, all stop with an error.
        `meanwhile` is done here while the children work."""
        waiting = iter(range(len(items)))
        self.busy = {member: number for member in self.members if (number := next(waiting, None)) is not None}
        for member, number in self.busy.items():
            member.give(items[number])
        meanwhile()
        while self.busy:
            ready, _, _ = select.select([member.answers for member in self.busy], [], [])
            for member in [member for member in self.busy if member.answers in ready]:
                if member.pid is None:  # first it says who it is; its answer comes when it comes
                    member.pid = member.hear()
                    continue
                result = member.take()
                number, following = self.busy.pop(member), next(waiting, None)
                if following is not None:
                    self.busy[member] = following
                    member.give(items[following])
                yield items[number], result


def _live(pipes, work, once, each_of_them):
    code = 1
    try:
        once_went_wrong = _try(once)[1]
        mine = next((number for number in range(1, len(pipes)) if os.fork() == 0), 0)
        for number, ends in enumerate(pipes):
            for end in ends if number != mine else (ends[1], ends[2]):
                os.close(end)
        questions, answers = pipes[mine][0], pipes[mine][3]
        with os.fdopen(questions, "rb") as asked, os.fdopen(answers, "wb") as told:
            _tell(told, os.getpid())
            went_wrong = once_went_wrong or _try(each_of_them)[1]
            while (item := _hear(asked.read)) is not None:
                _tell(told, (None, went_wrong) if went_wrong else _try(work, item))
        while mine == 0:
            os.wait()  # for the others, so that what they used is counted
    except ChildProcessError:  # no more of them
        code = 0
    finally:
        os._exit(code)


def _try(work, *args) -> tuple:
    """(result, None), or (None, what went wrong) for the parent to raise."""
    try:
        return work(*args), None
    except Exception as error:
        return None, error if isinstance(error, PlanError | OSError) else repr(error)


class _Member:
    """One child, as its parent sees it."""

    def __init__(self, questions: int, answers: int):
        self.questions, self.answers = os.fdopen(questions, "wb"), os.fdopen(answers, "rb", buffering=0)
        self.pid = None
        with suppress(AttributeError, OSError):  # Linux: a long question is not waited with until it is read
            fcntl.fcntl(questions, fcntl.F_SETPIPE_SZ, 2**20)

    def give(self, item) -> None:
        with suppress(BrokenPipeError):  # it is gone: that shows when its answer is taken
            _tell(self.questions, item)

    def take(self):
        body, error = self.hear()
        if isinstance(error, Exception):
            raise error
        if error:
            raise RuntimeError(error)
        return body

    def hear(self):
        said = _hear(self.answers.read)
        if said is None:
            raise PlanError(ENDED)
        return said

    def end(self) -> None:
        with suppress(BrokenPipeError):
            self.questions.close()
        self.answers.close()


def _tell(file, said) -> None:
    body = pickle.dumps(said)
    file.write(struct.pack("q", len(body)) + body)
    file.flush()


def _hear(read: Callable):
    """None when the other side is gone."""
    length = _exactly(8, read)
    body = length and _exactly(struct.unpack("q", length)[0], read)
    return pickle.loads(body) if body else None  # noqa: S301 (our own process)


def _exactly(length: int, read: Callable) -> bytes | None:
    body = b""
    while len(body) < length:
        more = read(length - len(body))
        if not more:
            return None
        body += more
    return body
