"""Django behind ASGI with each request in one thread, from its first middleware to its last.

All views here are ordinary functions. Django's own ASGI handler passes such a request back and forth between the event
loop and a new thread, some ten times, and opens a new database connection each time: half of what a small write cost.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.urls import set_script_prefix

# More at once only take turns with each other on the processor, and each thread costs memory and a connection.
AT_ONCE = 8
# Who is not done after so many seconds waits for something, a plan on paper or a big file, and makes place for another.
PATIENCE = 1
THREADS = 40  # with those


class OneThread(ASGIHandler):
    def __init__(self):
        super().__init__()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self.places = asyncio.Semaphore(AT_ONCE)

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async=False)

    async def handle(self, scope, receive, send):
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            in_thread = asyncio.get_running_loop().run_in_executor
            async with self.place():
                response = await in_thread(self.threads, self.answer, scope, body)
            await self.send_response(response, send)
            if response.streaming:
                await in_thread(self.threads, response.close)
        finally:
            body.close()

    @asynccontextmanager
    async def place(self):
        """A turn to be answered, given back when that is done or takes long."""
        await self.places.acquire()
        has_left = False

        def leave():
            nonlocal has_left
            if not has_left:
                has_left = True
                self.places.release()

        timer = asyncio.get_running_loop().call_later(PATIENCE, leave)
        try:
            yield
        finally:
            timer.cancel()
            leave()

    def answer(self, scope, body):
        """The whole of a request, in a thread; what is not a stream is closed here too."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, response = self.create_request(scope, body)
        if request is not None:
            response = self.get_response(request)
            response._handler_class = self.__class__  # named in the signal that ends the request
        if not response.streaming:
            response.close()
        return response
